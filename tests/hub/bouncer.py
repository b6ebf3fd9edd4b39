"""A real PgBouncer before a server, set up as docs/operations.md has it."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.hub.server import PASSWORD, Server, free_port

PROGRAM = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")
_SECONDS = 10


@contextmanager
def bouncer(server: Server, folder: Path, settings: str) -> Iterator[int]:
    """It runs with ``settings``; its port."""
    if PROGRAM is None:
        pytest.skip("no PgBouncer is installed (Debian: pgbouncer)")
    port = free_port()
    users, config = folder / "users.txt", folder / "pgbouncer.ini"
    users.write_text(f'"postgres" "{PASSWORD}"\n')
    config.write_text(
        "[databases]\n"
        f"* = host=127.0.0.1 port={server.port} auth_user=postgres\n"
        "[pgbouncer]\n"
        f"listen_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n"
        f"auth_file = {users}\n{settings}"
    )
    for path in (folder, users, config):
        server.give(path)
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [PROGRAM, config], cwd=folder, user=server.user, stdout=log, stderr=log,
            env={"PATH": os.environ["PATH"]},
        )  # fmt: skip
    try:
        _wait(port, process, folder / "log")
        yield port
    finally:
        process.kill()
        process.wait()


def _wait(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    end = time.monotonic() + _SECONDS
    while time.monotonic() < end and process.poll() is None:
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        time.sleep(0.02)
    raise RuntimeError(log.read_text())
