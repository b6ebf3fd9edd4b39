"""A connection that dies at its n-th statement, as a machine does."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Connection, Cursor
from typing import TypeVar, cast
from unittest import mock

from storage import driver

T = TypeVar("T")


class Crash(BaseException):
    """The machine is gone; no ``except Exception`` may see it."""


class Fuse:
    """Lets steps pass until it is armed and ``n`` steps more were done."""

    def __init__(self) -> None:
        self.done = 0
        self._last: int | None = None
        self._after = False
        self._later: tuple[int, bool] | None = None

    def arm(self, n: int, *, after: bool = False) -> None:
        """Crash instead of step ``n`` (from 0) from now on, or ``after`` it has been done but
        before its answer came."""
        self.done, self._last, self._after = 0, n, after

    def arm_later(self, n: int, *, after: bool = False) -> None:
        """Count the steps from :meth:`begin` on."""
        self._later = (n, after)

    def begin(self) -> None:
        """What counts begins."""
        if self._later is not None:
            self.arm(self._later[0], after=self._later[1])
            self._later = None

    def end(self) -> None:
        """What counts has ended."""
        self._last = None

    def step(self, do: Callable[[], T]) -> T:
        """One step."""
        armed = self._last is not None
        if self._last is not None and self.done >= self._last + self._after:
            raise Crash
        result = do()
        self.done += 1
        if armed and self._after and self.done > (self._last or 0):
            raise Crash
        return result


class FaultyConnection:
    """A real connection, each statement of which is a step of its fuse."""

    def __init__(self, real: Connection, fuse: Fuse | None = None) -> None:
        self.real = real
        self._fuse = fuse or Fuse()

    @property
    def done(self) -> int:
        """How many statements were done since it was armed."""
        return self._fuse.done

    def arm(self, n: int, *, after: bool = False) -> None:
        """See :meth:`Fuse.arm`."""
        self._fuse.arm(n, after=after)

    def execute(self, sql: str, values: Sequence[object] = ()) -> Cursor:
        return self._fuse.step(lambda: self.real.execute(sql, values))

    def executemany(self, sql: str, values: Iterable[Sequence[object]]) -> Cursor:
        return self._fuse.step(lambda: self.real.executemany(sql, values))

    def __getattr__(self, name: str) -> object:
        return getattr(self.real, name)


@contextmanager
def faulty_connections(fuse: Fuse | None = None) -> Iterator[None]:
    """Stores that are opened in this block have connections that can be armed, each by itself or
    all by one fuse."""
    connect = driver.connect

    def faulty(*args: object, **options: object) -> Connection:
        real = connect(*args, **options)  # type: ignore[arg-type]  # passed on as they came
        return cast("Connection", FaultyConnection(real, fuse))

    with mock.patch.object(driver, "connect", faulty):
        yield


def faults(db: Connection) -> FaultyConnection:
    """The connection of such a store, to be armed."""
    assert isinstance(db, FaultyConnection)
    return db


@contextmanager
def faulty_files(fuse: Fuse) -> Iterator[None]:
    """What is done to files in this block (renamed, removed, made durable) are steps of a fuse."""
    replace, fsync, unlink = os.replace, os.fsync, Path.unlink

    def replace_(source: Path, target: Path) -> None:
        fuse.step(lambda: replace(source, target))

    def unlink_(path: Path, missing_ok: bool = False) -> None:
        fuse.step(lambda: unlink(path, missing_ok=missing_ok))

    with (
        mock.patch.object(os, "replace", replace_),
        mock.patch.object(os, "fsync", lambda file: fuse.step(lambda: fsync(file))),
        mock.patch.object(Path, "unlink", unlink_),
    ):
        yield
