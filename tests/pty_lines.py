"""Command lines, each on a pseudo terminal of its own: ``python -m tests.pty_lines < lines.json``.

Reads a JSON list of argument lists, writes one of ``[exit code, output in base64]``. The program is
imported once and forked per line, so a hundred lines take seconds; this process has one thread.
"""

import base64
import fcntl
import json
import os
import pty
import struct
import subprocess
import sys
import termios
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from importlib import import_module
from io import StringIO

from clerk.__main__ import main
from clerk.cli.nouns import NOUNS

_SIZE = (24, 80)


@dataclass(frozen=True)
class Shown:
    """What a line put on its terminal, and how it ended."""

    code: int
    written: bytes


def run_lines(lines: Sequence[Sequence[str]]) -> list[Shown]:
    """Run each line, one after the other."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.pty_lines"],
        input=json.dumps(lines),
        capture_output=True,
        text=True,
        check=True,
        timeout=250,  # a line that asks for something would wait for ever
    )
    return [Shown(code, base64.b64decode(out)) for code, out in json.loads(done.stdout)]


def _run(words: Sequence[str]) -> tuple[int, bytes]:
    pid, terminal = pty.fork()
    if pid == 0:
        code = 70
        try:
            code = main(list(words))
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", *_SIZE, 0, 0))
    written = bytearray()
    while chunk := _read(terminal):
        written += chunk
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), bytes(written)


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # EIO: the program has ended
        return b""


def _main() -> None:
    lines: list[list[str]] = json.load(sys.stdin)
    for noun in NOUNS.values():
        import_module(f"clerk.cli.{noun.module}")
    with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        # Refused, but whatever a line imports on its way is there before the forks.
        main(["--home", "/dev/null/nowhere", "inbox", "list", "--limit", "1"])
    answers = [(code, base64.b64encode(out).decode()) for code, out in map(_run, lines)]
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    _main()
