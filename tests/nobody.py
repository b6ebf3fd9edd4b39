"""Doing something in a process of its own, as a user who may not write where root may."""

import os
import pickle
from collections.abc import Callable

from storage.errors import StoreError


def in_child(do: Callable[[], object]) -> str:
    """What ``do`` says (its result or its refusal) in a process of its own."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(read)
            try:
                said = str(do())
            except StoreError as error:
                said = f"{error.code}: {error}"
            os.write(write, pickle.dumps(said))
        finally:
            os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        data = pipe.read()
    os.waitpid(child, 0)
    assert data, "the child died"
    said = pickle.loads(data)
    assert isinstance(said, str)
    return said


def without_rights() -> None:
    """Root may write everywhere, so the child becomes nobody."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
