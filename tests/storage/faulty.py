"""A connection that dies at its n-th statement, as a machine does."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from sqlite3 import Connection, Cursor
from typing import TypeVar, cast
from unittest import mock

from storage import driver

T = TypeVar("T")


class Crash(BaseException):
    """The machine is gone; no ``except Exception`` may see it."""


class FaultyConnection:
    """A real connection, until it is armed and has done ``n`` statements more."""

    def __init__(self, real: Connection) -> None:
        self.real = real
        self.done = 0
        self._last: int | None = None
        self._after = False

    def arm(self, n: int, *, after: bool = False) -> None:
        """Crash instead of statement ``n`` (from 0) from now on, or ``after`` it has been done but
        before its answer came."""
        self.done, self._last, self._after = 0, n, after

    def execute(self, sql: str, values: Sequence[object] = ()) -> Cursor:
        return self._step(lambda: self.real.execute(sql, values))

    def executemany(self, sql: str, values: Iterable[Sequence[object]]) -> Cursor:
        return self._step(lambda: self.real.executemany(sql, values))

    def _step(self, do: Callable[[], T]) -> T:
        armed = self._last is not None
        if self._last is not None and self.done >= self._last + self._after:
            raise Crash
        result = do()
        self.done += 1
        if armed and self._after and self.done > (self._last or 0):
            raise Crash
        return result

    def __getattr__(self, name: str) -> object:
        return getattr(self.real, name)


@contextmanager
def faulty_connections() -> Iterator[None]:
    """Stores that are opened in this block have connections that can be armed."""
    connect = driver.connect

    def faulty(*args: object, **options: object) -> Connection:
        real = connect(*args, **options)  # type: ignore[arg-type]  # passed on as they came
        return cast("Connection", FaultyConnection(real))

    with mock.patch.object(driver, "connect", faulty):
        yield


def faults(db: Connection) -> FaultyConnection:
    """The connection of such a store, to be armed."""
    assert isinstance(db, FaultyConnection)
    return db
