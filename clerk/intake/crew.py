"""The worker processes of an intake, each behind one thread of this process.

Not ``multiprocessing``: its workers import the main program again or are copies of a process that
holds the replica's key, and they outlive a parent that was killed. These see the end of their
input when this process ends, however that happens.
"""

import subprocess
import sys
from collections import deque
from queue import Empty, SimpleQueue
from threading import Event, Lock, Thread
from types import TracebackType
from typing import IO, BinaryIO, Final, NamedTuple, Self, cast

from clerk.i18n import _
from clerk.intake.message import PARSER_ENDED, Ready
from clerk.intake.sources.source import Raw
from clerk.intake.wire import pack_tasks, receive, send, unpack_results
from clerk.refusal import Refused, refuse

_MODULE: Final = "clerk.intake.worker"
_IN_FLIGHT: Final = 2
"""Batches at one worker, so that it has its next one when it is done."""
_MAX_ENDED: Final = 20
"""Mails that may end a worker before the machine, not the mail, is to blame."""


class _EndedError(Exception):
    """The worker is gone; what it had is undone."""


class _Worker:
    """One worker process."""

    def __init__(self) -> None:
        """Start it. Its own session keeps the terminal's Ctrl+C with the parent alone."""
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", _MODULE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._greeted = False

    def send(self, messages: list[Raw]) -> None:
        """Give it a batch. Raises :class:`_EndedError`."""
        try:
            send(_pipe(self._process.stdin), pack_tasks(messages))
        except (OSError, ValueError) as error:
            raise _EndedError from error

    def greet(self) -> None:
        """Wait until it has come to work. Raises :class:`_EndedError`."""
        if not self._greeted:
            self._frame()
            self._greeted = True

    def receive(self) -> bytes:
        """The results of the oldest batch. Raises :class:`_EndedError`."""
        self.greet()
        return self._frame()

    def _frame(self) -> bytes:
        try:
            frame = receive(_pipe(self._process.stdout))
        except (OSError, ValueError) as error:
            raise _EndedError from error
        if frame is None:
            raise _EndedError
        return frame

    def kill(self) -> None:
        """End the process, from any thread; whoever waits for it sees it end."""
        self._process.kill()

    def close(self) -> None:
        """End the process and let go of its pipes."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            try:
                _pipe(pipe).close()
            except OSError:
                continue


class Answer:
    """The results of a batch, in its order, once they are here; None stands for a file that is
    gone."""

    def __init__(self) -> None:
        self._here = Event()
        self._found: bytes | list[Ready | None] | Refused = []

    def put(self, found: bytes | list[Ready | None] | Refused) -> None:
        """They are here, or will never be."""
        self._found = found
        self._here.set()

    def is_here(self, seconds: float) -> bool:
        """Whether they are here now or within so many seconds."""
        return self._here.wait(seconds)

    def get(self) -> list[Ready | None]:
        """Wait for them. Raises :class:`Refused` where they cannot be had."""
        self._here.wait()
        found = self._found
        if isinstance(found, Refused):
            raise found
        if not isinstance(found, bytes):
            return found
        try:  # taken apart here, where it is wanted, and not in a thread that takes turns with it
            return unpack_results(found)
        except (EOFError, ValueError, TypeError):  # whatever wrote it was no worker of ours
            raise _cannot_work() from None


class _Job(NamedTuple):
    messages: list[Raw]
    answer: Answer


class Crew:
    """Some workers and the batches that wait for them."""

    def __init__(self, workers: int) -> None:
        """Start so many workers; they load while the first batches are gathered."""
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._lock = Lock()
        self._closed = False
        self._ended = 0
        self._workers: list[_Worker] = []
        try:
            for _number in range(workers):
                self._workers.append(_Worker())
        except OSError as error:
            for worker in self._workers:
                worker.close()
            raise _cannot_work() from error
        self._threads = [
            Thread(target=self._serve, args=(place,), daemon=True) for place in range(workers)
        ]
        for thread in self._threads:
            thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End all workers at once; what they were at is dropped."""
        with self._lock:
            self._closed = True
            for worker in self._workers:
                worker.kill()
        for _thread in self._threads:
            self._jobs.put(None)
        for thread in self._threads:
            thread.join()
        for worker in self._workers:
            worker.close()

    def give(self, messages: list[Raw]) -> Answer:
        """Have a batch done."""
        job = _Job(messages, Answer())
        self._jobs.put(job)
        return job.answer

    def _serve(self, place: int) -> None:
        """Keep one worker busy until the crew is closed; no batch stays without an answer."""
        flying: deque[_Job] = deque()
        failure: Refused | None = None
        while not self._closed:
            job = self._next(flying)
            if job:
                flying.append(job)
            if failure is None:
                try:
                    self._turn(place, job, flying)
                except Refused as refused:
                    failure = refused
                except Exception:  # whatever it is, the one who waits must not wait for ever
                    failure = _cannot_work()
            if failure:
                while flying:
                    flying.popleft().answer.put(failure)

    def _next(self, flying: deque[_Job]) -> _Job | None:
        """Another batch for a worker that has ``flying``; waits only where it has none."""
        if len(flying) == _IN_FLIGHT:
            return None
        try:
            return self._jobs.get(block=not flying)
        except Empty:
            return None

    def _turn(self, place: int, job: _Job | None, flying: deque[_Job]) -> None:
        """Send a batch or take the oldest answer, from a new worker if this one has ended."""
        try:
            if job:
                self._workers[place].send(job.messages)
            elif flying:
                frame = self._workers[place].receive()
                flying.popleft().answer.put(frame)
        except _EndedError:
            self._replace(place)
            self._do_again(place, flying)

    def _do_again(self, place: int, flying: deque[_Job]) -> None:
        """Do mail by mail what a worker left undone: only the mail that ended it is set apart."""
        while flying:
            results = [self._alone(place, message) for message in flying[0].messages]
            flying.popleft().answer.put(results)

    def _alone(self, place: int, message: Raw) -> Ready | None:
        try:
            self._workers[place].send([message])
            return unpack_results(self._workers[place].receive())[0]
        except _EndedError:
            self._replace(place)
            with self._lock:
                self._ended += 1
                if self._ended > _MAX_ENDED:
                    raise _cannot_work() from None
            from clerk.intake.ready import whole  # and the parser with it, that others run

            return whole(message.path, message.data, PARSER_ENDED)

    def _replace(self, place: int) -> None:
        """Put a new worker in the place of one that has ended.

        Raises :class:`_EndedError` where the new one does not come to work either.
        """
        with self._lock:
            if self._closed:
                raise _EndedError
            self._workers[place].close()
            self._workers[place] = _Worker()
        self._workers[place].greet()


def _pipe(pipe: IO[bytes] | None) -> BinaryIO:
    """A pipe that was asked for, which its type leaves open."""
    if pipe is None:
        raise _EndedError
    return cast("BinaryIO", pipe)


def _cannot_work() -> Refused:
    return refuse(
        "intake.workers_ended",
        _("The processes that read mails ended unexpectedly. What came in is kept; start again."),
    )
