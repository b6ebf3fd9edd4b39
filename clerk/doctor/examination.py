"""The whole examination, area by area. What is found last may rest on what was found before."""

import os
from collections.abc import Callable
from pathlib import Path

from clerk import clock, crash
from clerk.doctor import database, keyring, replica, terminal, versions
from clerk.doctor.finding import Finding
from storage.glance import Glance


def examine(home: Path, key: Callable[[], bytes], *, plain: bool) -> list[Finding]:
    """All findings. ``key`` gives the store's raw key, or raises what keeps it from doing so;
    ``plain``: the settings allow a connection without TLS."""
    files = list(replica.look_at_files(home))  # before anybody opens the store
    found = replica.glance_at(home, _tried(key), clock.now())
    answer = None
    if isinstance(found, Glance):
        answer = database.ask(found, plain=plain, program=f"doctor {crash.version()}")
    return [
        *terminal.look(os.environ, terminal.size_here()),
        *keyring.look(home),
        *files,
        *replica.look_inside(home, found, clock.now()),
        *database.look_at_clock(found, answer),
        *database.look(answer),
        *versions.look(),
    ]


def _tried(key: Callable[[], bytes]) -> bytes | Exception:
    from clerk.refusal import in_words

    try:
        return key()
    except Exception as error:
        if in_words(error) is None:
            raise
        return error
