"""What work that was done alone needs of a town, read from its entries. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from storage import seal
from storage.patches import Patch
from storage.records import RECORDS
from storage.sync.bringing import LIBRARY
from storage.sync.carry import Work
from storage.sync.rows import UNIQUE

RECEIVED = "item.receive"
RESTED_ON = ("offices", "services", "service_versions", "offences")
_SIGNED = ("drafted_by", "signed_by", "signed_for", "second_by", "second_for")
_HEAD = seal.COLUMNS.split(", ")
_ID, _ACTION, _OFFICE = (_HEAD.index(name) for name in ("id", "action", "office_id"))


class Mail(NamedTuple):
    """An item's place in its source, and the hash of the mail itself."""

    external_id: str
    raw_sha256: str | None


class Numbered(NamedTuple):
    """A case's number, with the office and the time (ms) of its opening."""

    number: str
    office_id: str
    opened_at: int


@dataclass(slots=True)
class Needs:
    """``acts``: by office (None: no office yet) what was done there. ``added``: the entry that
    added a case or an item last, for it may have been taken back and done again; ``gone``: those
    that are not there any more; ``library``: by table the ids that matters rest on; ``sole``: by
    table the values of which only one record can have each; ``signers``: who wrote or signed
    letters."""

    library: dict[str, set[str]] = field(default_factory=dict)
    acts: dict[str | None, set[str]] = field(default_factory=dict)
    cases: dict[str, Numbered] = field(default_factory=dict)
    mails: dict[str, Mail] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)
    added: dict[str, str] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    sole: dict[str, set[str]] = field(default_factory=dict)
    signers: set[str] = field(default_factory=set)


def needs_of(works: Iterable[Work]) -> Needs:
    """Read all entries once."""
    needs = Needs()
    items: dict[str, str] = {}  # a document's item
    for work in works:
        patches = [patch for patch in work.patches if patch.table not in LIBRARY]
        if not patches:
            continue
        action, office = str(work.head[_ACTION]), work.head[_OFFICE]
        places: set[str | None] = {None if office is None else str(office)}
        for patch in patches:
            _read(needs, patch, str(work.head[_ID]))
            places |= set(_places(patch))
            for item_id in _items(patch, items):
                if action != RECEIVED:
                    needs.touched.add(item_id)
        for place in places if len(places) == 1 else places - {None}:
            needs.acts.setdefault(place, set()).add(action)
    return needs


def _read(needs: Needs, patch: Patch, entry_id: str) -> None:
    for name, target in RECORDS[patch.table].REFERENCES.items():
        if target in RESTED_ON:
            named = {str(value) for value in patch.fields.get(name, ()) if value is not None}
            needs.library.setdefault(target, set()).update(named)
    if patch.table == "letters":
        signed = [patch.fields.get(name, [None, None])[1] for name in _SIGNED]
        needs.signers |= {str(value) for value in signed if value is not None}
    if column := UNIQUE.get(patch.table):
        value = patch.fields.get(column, [None, None])[1]
        if value is not None:
            needs.sole.setdefault(patch.table, set()).add(str(value))
    if patch.op == "drop":
        needs.gone.add(patch.row_id)
    if patch.op != "add":
        return
    needs.gone.discard(patch.row_id)
    new = {name: pair[1] for name, pair in patch.fields.items()}
    if patch.table == "cases":
        needs.added[patch.row_id] = entry_id
        needs.cases[patch.row_id] = Numbered(
            str(new["number"]), str(new["office_id"]), int(new["opened_at"] or 0)
        )
    elif patch.table == "items":
        needs.added[patch.row_id] = entry_id
        raw = new.get("raw_sha256")
        needs.mails[patch.row_id] = Mail(str(new["external_id"]), None if raw is None else str(raw))


def _places(patch: Patch) -> Iterator[str]:
    """Where a matter lay and lies."""
    if "office_id" in patch.fields and patch.table != "follow_ups":
        yield from (str(v) for v in patch.fields.get("office_id", ()) if v is not None)


def _items(patch: Patch, items: dict[str, str]) -> Iterator[str]:
    """The items that a patch is about."""
    if patch.table == "items":
        yield patch.row_id
    for value in patch.fields.get("item_id", ()):
        if value is not None:
            items[patch.row_id] = str(value)
    if patch.row_id in items:
        yield items[patch.row_id]
