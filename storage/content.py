"""Content by its hash: raw mails, their texts, attachments. Written once, never changed."""

import hashlib
import zlib
from typing import TYPE_CHECKING

from storage.errors import N_, StoreError

if TYPE_CHECKING:
    from sqlite3 import Connection

PLAIN, ZLIB = 0, 1


def put_content(db: "Connection", data: bytes) -> str:
    """Store bytes within the running transaction; returns their sha256 in hex."""
    sha256 = hashlib.sha256(data).hexdigest()
    _put(db, sha256, len(data), PLAIN, data)
    return sha256


def put_packed(db: "Connection", sha256: str, size: int, packed: bytes) -> None:
    """Store bytes that a worker has hashed and packed (zlib) already; ``size`` is unpacked."""
    _put(db, sha256, size, ZLIB, packed)


def _put(db: "Connection", sha256: str, size: int, codec: int, data: bytes) -> None:
    """What is there already is not written again, except that plain bytes take the place of packed
    ones: the search index reads texts as they lie here."""
    db.execute(
        "INSERT INTO content (sha256, size, codec, data) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (sha256) DO UPDATE SET codec = excluded.codec, data = excluded.data"
        " WHERE excluded.codec < codec",
        (sha256, size, codec, data),
    )


def get_content(db: "Connection", sha256: str) -> bytes:
    """The bytes with this hash; StoreError ``content.missing`` where they are not here."""
    row = db.execute("SELECT codec, data FROM content WHERE sha256 = ?", (sha256,)).fetchone()
    if row is None:
        raise StoreError("content.missing", N_("The content of this record is not here."))
    data: bytes = row[1]
    return zlib.decompress(data) if row[0] == ZLIB else data


def get_text(db: "Connection", sha256: str | None, most: int | None = None) -> str:
    """A text from the content store, its first ``most`` bytes; '' for None.

    A character that the limit cuts in two is left out.
    """
    if sha256 is None:
        return ""
    column = "data" if most is None else f"substr(data, 1, {most})"
    row = db.execute(f"SELECT {column} FROM content WHERE sha256 = ?", (sha256,)).fetchone()
    if row is None:
        return ""
    data = bytes(row[0])
    return _text(data) if most is None or len(data) < most else _text(_whole(data))


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _whole(data: bytes) -> bytes:
    """Without the last character if its bytes are not all there."""
    for back in range(1, min(4, len(data)) + 1):
        first = data[-back]
        if first & 0xC0 != 0x80:  # where the last character begins
            length = 1 if first < 0x80 else 2 if first < 0xE0 else 3 if first < 0xF0 else 4
            return data if length <= back else data[:-back]
    return data
