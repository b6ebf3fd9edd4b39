"""UUIDv7 (RFC 9562, 5.7): time-ordered ids, monotonic within the process."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_drawn: Callable[[], str] | None = None
_lock = threading.Lock()
_last_ms = 0
_counter = 0
_COUNTER_BITS = 12
_POOL_BYTES = 4096  # asking the system for each id costs more than the id
_pool = b""
_used = 0


def _random(count: int) -> int:
    global _pool, _used
    if _used + count > len(_pool):
        _pool, _used = os.urandom(_POOL_BYTES), 0
    _used += count
    return int.from_bytes(_pool[_used - count : _used])


def _empty_pool() -> None:
    """A forked process must not give out what its parent gives out."""
    global _pool
    _pool = b""


if hasattr(os, "register_at_fork"):  # where there is no fork there is nothing to empty
    os.register_at_fork(after_in_child=_empty_pool)


def uuid7() -> str:
    """A new id in canonical text. Ids of one process never go backwards, even if its clock does."""
    global _last_ms, _counter
    if _drawn is not None:
        return _drawn()
    with _lock:
        ms = time.time_ns() // 1_000_000
        if ms > _last_ms:
            _last_ms, _counter = ms, _random(1) << 2
        else:
            _counter += 1
            if _counter >> _COUNTER_BITS:
                _last_ms, _counter = _last_ms + 1, 0
        value = _last_ms << 80 | 0x7 << 76 | _counter << 64
        value |= 0b10 << 62 | _random(8) >> 2
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


@contextmanager
def drawn_by(make: Callable[[], str]) -> Iterator[None]:
    """Within the block ids come from ``make``: for a store that shall be the same each time it is
    built. Nothing else may run in the process meanwhile."""
    global _drawn
    before, _drawn = _drawn, make
    try:
        yield
    finally:
        _drawn = before
