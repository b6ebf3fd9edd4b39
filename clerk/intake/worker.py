"""A process that parses mails: tasks on its input, results on its output, until the input ends.

Started by ``clerk.intake.pool``. It holds no key and no open store, so that a mail which breaks
the parser reaches nothing. Its argument list, environment and files hold nothing of a mail.
"""

import contextlib
import os
import signal
import sys
import threading
from queue import Queue
from typing import BinaryIO, Final

from clerk.intake import readable as _loaded  # noqa: F401 - before the first mail waits for it
from clerk.intake.ready import ready
from clerk.intake.wire import pack_results, receive, send, unpack_tasks
from storage.folding import Words

_SECONDS_A_MAIL: Final = 120
_MEMORY: Final = 4 * 1024**3
HELLO: Final = b"ready"
_NICE: Final = 4
"""The one process that writes goes first, since everybody waits for it in the end, and so does
whoever works at a screen."""


def main() -> None:
    """Work until the pool closes its end or is gone."""
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    os.nice(_NICE)
    _limit_memory()
    # One task is read ahead: neither side then waits for the other to empty a full pipe.
    frames: Queue[bytes | None] = Queue(1)
    threading.Thread(target=_read, args=(source, frames), daemon=True).start()
    words = Words()
    with contextlib.suppress(BrokenPipeError):
        send(sink, HELLO)
        while (frame := frames.get()) is not None:
            results = []
            for path, data, code in unpack_tasks(frame):
                # Not caught anywhere: no Python code runs while a C parser hangs.
                _alarm(_SECONDS_A_MAIL)
                results.append(ready(path, data, code, words))
            _alarm(0)
            send(sink, pack_results(results))


def _read(source: BinaryIO, frames: "Queue[bytes | None]") -> None:
    while (frame := receive(source)) is not None:
        frames.put(frame)
    frames.put(None)


def _alarm(seconds: int) -> None:
    if hasattr(signal, "alarm"):
        signal.alarm(seconds)


def _limit_memory() -> None:
    """A mail that asks for more ends this process, not the machine's patience."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))


if __name__ == "__main__":
    main()
