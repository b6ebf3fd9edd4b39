"""Which record is meant by what was typed: an id or its beginning, a case number, an office.

Everything that is not one record is refused with a stable code: ``id.unknown``, ``id.short``,
``id.ambiguous``, ``office.unknown``.
"""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from clerk.i18n import _
from clerk.refusal import Refused, refuse
from clerk.text import display
from storage.folding import fold
from storage.pages import cases, items, offices, services
from storage.pages.cases import CaseRow
from storage.pages.ids import SHORTEST, beginning_with
from storage.pages.items import ItemRow
from storage.records import RECORDS

if TYPE_CHECKING:
    from sqlite3 import Connection

_ID = re.compile(r"[0-9a-z@-]+")


def record_id(db: "Connection", table: str, typed: str) -> str:
    """The id of the one record of a table whose id begins so."""
    found = _matching(db, table, typed)
    wanted = typed.strip().lower()
    whole = [pair for pair in found if pair[1] == wanted]
    if len(whole) == 1:  # a whole id is meant, although ids of other tables begin so
        return whole[0]
    if len(found) != 1:
        raise _not_one(typed, found)
    return found[0]


def item_ids(db: "Connection", typed: Sequence[str]) -> list[str]:
    """The ids of these items, none twice."""
    return list(dict.fromkeys(record_id(db, "items", one) for one in typed))


def item(db: "Connection", typed: str) -> ItemRow:
    """The item with this id."""
    return items.by_ids(db, [record_id(db, "items", typed)])[0]


def case(db: "Connection", typed: str) -> CaseRow:
    """The case with this number or id."""
    if row := cases.by_number(db, typed.strip()):
        return row
    return cases.by_ids(db, [record_id(db, "cases", typed)])[0]


def office_id(db: "Connection", typed: str) -> str:
    """The office with this id, number in the town's plan, or name."""
    wanted = fold(typed.strip())
    for office in offices.offices(db):
        if typed in (office.id, office.prefix) or wanted == fold(office.name):
            return office.id
    raise refuse(
        "office.unknown",
        _("There is no office “{name}”; `clerk offices list` shows them all.").format(
            name=display(typed)
        ),
    )


def service_id(db: "Connection", typed: str) -> str:
    """The service with this id or title."""
    wanted = fold(typed.strip())
    for service in services.services(db):
        if typed == service.id or wanted == fold(service.title):
            return service.id
    raise refuse(
        "service.unknown",
        _("There is no service “{name}”; `clerk services list` shows them all.").format(
            name=display(typed)
        ),
    )


def any_record(db: "Connection", typed: str) -> tuple[str, str]:
    """Table and id of the one record with this id, or of the case with this number."""
    if row := cases.by_number(db, typed.strip()):
        return "cases", row.id
    found = [(table, one) for table in RECORDS for one in _matching(db, table, typed)]
    wanted = typed.strip().lower()
    whole = [pair for pair in found if pair[1] == wanted]
    if len(whole) == 1:  # a whole id is meant, although ids of other tables begin so
        return whole[0]
    if len(found) != 1:
        raise _not_one(typed, [one for _table, one in found])
    return found[0]


def _matching(db: "Connection", table: str, typed: str) -> list[str]:
    """At most two ids: one is meant, or it is not clear which."""
    prefix = typed.strip().lower()
    if not _ID.fullmatch(prefix):
        return []
    found = beginning_with(db, table, prefix)
    if prefix in found:  # "wohngeld" although there is "wohngeld-plus"
        return [prefix]
    if found and len(prefix) < SHORTEST:
        raise refuse(
            "id.short",
            _("“{id}” is too short: type at least {n} characters of an id.").format(
                id=prefix, n=SHORTEST
            ),
        )
    return found


def _not_one(typed: str, found: Sequence[str]) -> Refused:
    if found:
        return refuse(
            "id.ambiguous",
            _("“{id}” may be several records: {some} … Type more of the id.").format(
                id=display(typed), some=", ".join(found)
            ),
        )
    return refuse("id.unknown", _("There is no record “{id}” here.").format(id=display(typed)))
