"""A worker that some mails end, as a fault in a C parser would. The tests of the crew start it."""

import os
import signal

from clerk.intake import worker
from clerk.intake.message import Ready
from clerk.intake.ready import ready
from storage.folding import Words


def _poisoned(path: str | None, data: bytes | None, code: str, words: Words) -> Ready | None:
    if data and b"POISON" in data:
        os.kill(os.getpid(), signal.SIGSEGV)
    return ready(path, data, code, words)


if __name__ == "__main__":
    vars(worker)["ready"] = _poisoned
    worker.main()
