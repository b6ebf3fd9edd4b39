"""The streets of the town, as persons live in them and fines name them."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite3 import Connection

_MOST = 5_000
# House number and what stands behind it ("Am Markt 3-5, Hof"), not "Straße des 17. Juni".
_NUMBER = re.compile(r"(?:\s+[0-9]+ ?[a-zA-Z]?(?: ?[-/] ?[0-9]+ ?[a-zA-Z]?)?)?(?:,.*)?$")
_AFTER_ALL = " \U0010ffff"


def known(db: "Connection", city: str) -> list[str]:
    """The names of streets, none twice, in order; of persons those of this town alone."""
    fines = _leap(db, "SELECT min(place) FROM fines WHERE place > ?", ())
    homes = _leap(db, "SELECT min(street) FROM persons WHERE city = ? AND street > ?", (city,))
    return sorted({*fines, *homes})


def _leap(db: "Connection", sql: str, values: tuple[str, ...]) -> Iterator[str]:
    """From each street to the next one, over all its house numbers: an index seek for each."""
    after = ""
    for _ in range(_MOST):
        row = db.execute(sql, (*values, after)).fetchone()
        if row[0] is None:
            return
        street = _NUMBER.sub("", str(row[0]))
        if street:
            yield street
        after = max(street + _AFTER_ALL, str(row[0]))
