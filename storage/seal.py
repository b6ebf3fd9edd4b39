"""The seal of an entry: a hash over what it says, so that a changed entry is seen.

It shows damage and a careless hand, not somebody who holds the replica's key: they can seal anew,
with a secret in the program as well. Each entry has its own and knows nothing of its neighbours,
so it stays what it is wherever the entry goes and whichever others are gone.
"""

from collections.abc import Sequence
from hashlib import sha256

from storage.record import Value

FIRST_SCHEMA = 5
"""Entries of an older schema have none."""
COLUMNS = (
    "id, at, clerk_id, on_behalf_of, device, action, kind, undoes, undoable, office_id, schema"
)
"""What is sealed beside the patches, in the order of :func:`seal`'s ``head``."""
_NULL, _BETWEEN = "\x00", "\x1f"


def seal(head: Sequence[Value], patches: str) -> bytes:
    """SHA-256 (32 bytes) over the columns as text, parted by U+001F and U+0000 where one is NULL, a
    line end and the patches as they stand."""
    said = _BETWEEN.join([_NULL if value is None else str(value) for value in head])
    return sha256(f"{said}\n{patches}".encode()).digest()
