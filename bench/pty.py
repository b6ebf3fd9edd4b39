"""A program in a pseudo terminal, and the time until what it does becomes visible.

The reader does nothing but read, stamp and answer queries. What was read is interpreted only when
the output fell quiet, so that the slowness of the screen model is in no figure. A change counts
when the *visible* screen changed: inside a synchronized update nothing is visible until its end.
"""

import fcntl
import gc
import os
import select
import shutil
import signal
import struct
import termios
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass
from re import Pattern
from time import monotonic_ns, sleep
from types import TracebackType
from typing import Self

from bench.answers import CELL_HEIGHT, CELL_WIDTH, QUERY, answer, asks_for_cursor
from bench.environment import program_environment
from bench.memory import forget_peak, peak_mib, session_members
from bench.screen import Screen, View

MS = 1_000_000
DOWN, UP, PAGE_DOWN, TAB = b"\x1b[B", b"\x1b[A", b"\x1b[6~", b"\t"
_CHUNK = 65536
_LONGEST_QUERY = 32
_BATCH_MS = 1000


class TerminalError(Exception):
    """The measurement cannot go on; the message says why and shows the last screen."""


class ProgramEndedError(TerminalError):
    """The program ended although it was expected to go on."""


class NothingSeenError(TerminalError):
    """What was waited for did not become visible in time."""


@dataclass(frozen=True)
class Start:
    """Milliseconds from exec until the pattern was on screen, and until the last visible change."""

    seen_ms: float
    settled_ms: float


@dataclass(frozen=True)
class Paint:
    """Milliseconds from a key until the first and until the last visible change."""

    first_ms: float
    settled_ms: float


class Terminal:
    """A running program. Use it in a ``with`` statement: leaving it ends the program."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        columns: int = 120,
        rows: int = 40,
        environment: Mapping[str, str] | None = None,
        transcript: bytearray | None = None,
    ) -> None:
        """Start it; all it writes also goes into the transcript. OSError: it cannot be started."""
        self.size = (columns, rows)
        self.screen = Screen(columns, rows)
        self._unread: deque[tuple[int, bytes]] = deque()
        self._tail = b""
        self._transcript = transcript
        self._ended = False
        self._exit_code: int | None = None
        executable = shutil.which(command[0])
        if executable is None:
            raise FileNotFoundError(command[0])
        self._fd, program_side = os.openpty()
        try:
            size = struct.pack("HHHH", rows, columns, columns * CELL_WIDTH, rows * CELL_HEIGHT)
            fcntl.ioctl(program_side, termios.TIOCSWINSZ, size)
            # Opened by the leader of a new session, the terminal becomes its controlling one.
            terminal = os.ttyname(program_side)
            self.started = monotonic_ns()
            self.pid = os.posix_spawn(
                executable,
                list(command),
                program_environment(environment or {}),
                file_actions=[
                    (os.POSIX_SPAWN_OPEN, 0, terminal, os.O_RDWR, 0),
                    (os.POSIX_SPAWN_DUP2, 0, 1),
                    (os.POSIX_SPAWN_DUP2, 0, 2),
                ],
                setsid=True,
                setsigdef=[signal.SIGPIPE, signal.SIGINT, signal.SIGHUP],
            )
        except BaseException:
            os.close(self._fd)
            raise
        finally:
            os.close(program_side)
        self._poll = select.poll()
        self._poll.register(self._fd, select.POLLIN)

    def __enter__(self) -> Self:
        gc.collect()
        gc.disable()  # a collection between a key and its paint would count as the program's time
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        gc.enable()
        self.close()

    def wait_for(
        self, pattern: Pattern[str], *, quiet_ms: float = 100, timeout_ms: float = 60_000
    ) -> Start:
        """Wait until the pattern is on screen and the output is quiet. Times count from exec."""
        seen = settled = None
        before = self.screen.view()
        for at, view in self._views(quiet_ms, timeout_ms):
            if view is None:
                if seen is not None and settled is not None:
                    return Start((seen - self.started) / MS, (settled - self.started) / MS)
                continue
            if view != before:
                before, settled = view, at
                if seen is None and pattern.search(view.text()):
                    seen = at
        raise NothingSeenError(
            self._message(f"{pattern.pattern!r} did not come on screen, or no quiet")
        )

    def press(self, keys: bytes, *, quiet_ms: float = 30, timeout_ms: float = 20_000) -> Paint:
        """Write the keys at once and wait until the screen changed and the output is quiet."""
        self._interpret_all()
        before = self.screen.view()
        first = last = None
        pressed = monotonic_ns()
        self._send(keys)
        for at, view in self._views(quiet_ms, timeout_ms):
            if view is None:
                if first is not None and last is not None:
                    return Paint((first - pressed) / MS, (last - pressed) / MS)
                continue
            if view != before:
                before, first, last = view, first or at, at
        raise NothingSeenError(self._message(f"no visible change after {keys[:12]!r}, or no quiet"))

    def rest(self, ms: float) -> None:
        """Leave the program alone for a while, but keep reading."""
        end = monotonic_ns() + int(ms * MS)
        while (left := end - monotonic_ns()) > 0 and not self._ended:
            self._read(left / MS)
        self._interpret_all()

    def text(self) -> str:
        """What is on screen, as lines."""
        self._interpret_all()
        return self.screen.view().text()

    def peak_mib(self) -> float:
        """Peak of resident memory of the program and its children, MiB."""
        return peak_mib(self.pid)

    def forget_peak(self) -> None:
        """Let the peak count from now on."""
        forget_peak(self.pid)

    def close(self) -> None:
        """End the program and all that it started, politely first. May be called twice."""
        if self._fd < 0:
            return
        for sign in (signal.SIGTERM, signal.SIGKILL):
            for pid in session_members(self.pid):
                _signal(pid, sign)
            if self._reaped(1500):
                break
        for pid in session_members(self.pid):  # children that outlived it
            _signal(pid, signal.SIGKILL)
        os.close(self._fd)
        self._fd = -1

    # -- reading

    def _read(self, timeout_ms: float) -> bool:
        """Wait for output, read it, stamp it. False when none came or the program closed it."""
        if not self._poll.poll(max(0.0, timeout_ms)):
            return False
        try:
            data = os.read(self._fd, _CHUNK)
        except OSError:  # EIO: nobody has the other side open any more
            data = b""
        at = monotonic_ns()
        if not data:
            self._ended = True
            return False
        self._unread.append((at, data))
        if self._transcript is not None:
            self._transcript += data
        if b"\x1b" in data or self._tail:
            self._reply(data)
        return True

    def _reply(self, data: bytes) -> None:
        known, text = len(self._tail), self._tail + data
        done = 0
        for query in QUERY.finditer(text):
            done = query.end()
            cursor = self._cursor(data, done - known) if asks_for_cursor(query) else (0, 0)
            self._send(answer(query, cursor, self.size))
        cut = text.rfind(b"\x1b", max(done, len(text) - _LONGEST_QUERY))
        self._tail = text[cut:] if cut >= 0 else b""

    def _cursor(self, data: bytes, upto: int) -> tuple[int, int]:
        """Where the cursor is after ``upto`` bytes of the newest chunk."""
        trial = deepcopy(self.screen)
        for _, earlier in list(self._unread)[:-1]:
            trial.feed(earlier)
        trial.feed(data[:upto])
        return min(trial.x, trial.columns - 1), trial.y

    def _send(self, data: bytes) -> None:
        try:
            while data:
                data = data[os.write(self._fd, data) :]
        except OSError:  # the program is gone; the reader says so
            self._ended = True

    def _views(self, quiet_ms: float, timeout_ms: float) -> Iterator[tuple[int, View | None]]:
        """What became visible, with its stamp; None each time the output is quiet.

        Ends at the timeout; a program that ends raises ProgramEndedError.
        """
        deadline = monotonic_ns() + int(timeout_ms * MS)
        while monotonic_ns() < deadline:
            quiet, batch_end = False, min(deadline, monotonic_ns() + _BATCH_MS * MS)
            while not quiet and monotonic_ns() < batch_end:
                quiet = not self._read(quiet_ms)
            for at in self._interpreted():
                yield at, self.screen.view()
            if quiet:
                yield monotonic_ns(), None
            if self._ended:
                raise ProgramEndedError(self._message(f"the program ended ({self._status()})"))

    def _interpreted(self) -> Iterator[int]:
        while self._unread:
            at, data = self._unread.popleft()
            self.screen.feed(data)
            yield at

    def _interpret_all(self) -> None:
        for _ in self._interpreted():
            pass

    # -- the end

    def _reaped(self, within_ms: float) -> bool:
        end = monotonic_ns() + int(within_ms * MS)
        while self._exit_code is None and monotonic_ns() < end:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self._exit_code = os.waitstatus_to_exitcode(status)
            elif self._ended:
                sleep(0.005)
            else:
                self._read(5)  # a program that cannot write out its farewell would never end
        return self._exit_code is not None

    def _status(self) -> str:
        if not self._reaped(1000) or self._exit_code is None:
            return "it closed the terminal"
        code = self._exit_code
        return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit status {code}"

    def _message(self, reason: str) -> str:
        shown = "\n".join(line for line in self.screen.view().text().splitlines() if line)
        return f"{reason}; the last screen was:\n{shown}" if shown else f"{reason}; blank screen"


def _signal(pid: int, sign: signal.Signals) -> None:
    with suppress(ProcessLookupError):  # it ended by itself
        os.kill(pid, sign)
