"""The catalogue of offences of an office: some hundred to some thousand rows, read whole."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from storage.folding import fold
from storage.record import columns
from storage.records import Offence

if TYPE_CHECKING:
    from sqlite3 import Connection

_NAMES = ", ".join(columns(Offence))


def in_force(db: "Connection", office_id: str, day: str) -> list[Offence]:
    """The versions that are in force on a day (ISO), by code."""
    rows = db.execute(
        f"SELECT {_NAMES} FROM offences WHERE office_id = ?1 AND valid_from <= ?2"
        " AND ifnull(valid_to, ?2) >= ?2 ORDER BY code, valid_from",
        (office_id, day),
    )
    return [Offence.of(row) for row in rows]


def by_code(db: "Connection", office_id: str, code: str, day: str) -> Offence | None:
    """The version of a code that is in force on a day (ISO); of several the newest."""
    row = db.execute(
        f"SELECT {_NAMES} FROM offences WHERE office_id = ?1 AND code = ?2 AND valid_from <= ?3"
        " AND ifnull(valid_to, ?3) >= ?3 ORDER BY valid_from DESC LIMIT 1",
        (office_id, code, day),
    ).fetchone()
    return None if row is None else Offence.of(row)


def has_catalogue(db: "Connection", office_id: str) -> bool:
    """Whether the office has offences of its own: then it keeps a fines desk."""
    row = db.execute("SELECT 1 FROM offences WHERE office_id = ? LIMIT 1", (office_id,)).fetchone()
    return row is not None


def of_office(db: "Connection", office_id: str) -> list[Offence]:
    """All versions of an office's catalogue, by code and validity."""
    rows = db.execute(
        f"SELECT {_NAMES} FROM offences WHERE office_id = ? ORDER BY code, valid_from",
        (office_id,),
    )
    return [Offence.of(row) for row in rows]


class Finder:
    """Offences by code or words as they are typed: "hund lei" finds "Hund nicht angeleint".

    Made once from the offences of a list; folding is what takes time.
    """

    def __init__(self, offences: Iterable[Offence]) -> None:
        self._rows = [
            (
                one,
                fold(one.code),
                f" {fold(one.title)}",
                f" {fold(one.words)} {fold(one.subject)}",
                fold(one.charge),
            )
            for one in offences
        ]

    def find(self, typed: str, limit: int = 20) -> list[Offence]:
        """The offences that all the typed words fit, the closest first: by code, by the begin of a
        word of the title, by the other words, last by the charge. All of them where nothing is
        typed."""
        wanted = fold(typed).split()
        found = []
        for row in self._rows:
            distance = 0
            for word in wanted:
                near = _distance(word, row)
                if near is None:
                    break
                distance += near
            else:
                found.append((distance, row[1], row[0]))
        found.sort(key=lambda one: one[:2])
        return [offence for _distance, _code, offence in found[:limit]]


def _distance(word: str, row: tuple[Offence, str, str, str, str]) -> int | None:
    _offence, code, title, words, charge = row
    if code.startswith(word):
        return 0 if len(code) == len(word) else 1
    if word not in title:
        if word not in words:
            return 6 if word in charge else None
        return 4 if f" {word}" in words else 5
    return 2 if f" {word}" in title else 3
