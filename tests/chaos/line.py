"""The proxy of ``proxy.py`` as a process, and what it is told."""

import signal
import subprocess
import sys
from pathlib import Path
from typing import Self

ROOT = Path(__file__).parents[2]


class Line:
    """A line to a port of loopback, which may fail in every way that lines fail."""

    def __init__(self, port: int) -> None:
        self._proxy = subprocess.Popen(
            [sys.executable, "-m", "tests.chaos.proxy", str(port)],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        assert self._proxy.stdout is not None
        self.port = int(self._proxy.stdout.readline())

    def order(self, order: str) -> None:
        """``hold up``, ``hold down``, ``free``, ``cut`` or ``half BYTES``."""
        assert self._proxy.stdin is not None
        self._proxy.stdin.write(f"{order}\n".encode())
        self._proxy.stdin.flush()

    def stop(self, *, stopped: bool) -> None:
        """Let it stand still, or go on."""
        self._proxy.send_signal(signal.SIGSTOP if stopped else signal.SIGCONT)

    def close(self) -> None:
        """End it."""
        self.stop(stopped=False)
        self._proxy.kill()
        self._proxy.wait()
        for pipe in (self._proxy.stdin, self._proxy.stdout):
            if pipe is not None:
                pipe.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()
