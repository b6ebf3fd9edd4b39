"""Work from before joining, said in the shared store's terms (docs/decisions/0016).

Entries keep their ids, times and order. They stand in the name of who joins; the town's own records
(offices, clerks, roles, services) stay as the shared store has them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from storage import seal
from storage.brought import AUTHORS, called
from storage.ids import uuid7
from storage.patches import Fields, Patch
from storage.record import Value, values_of
from storage.records import RECORDS, Note
from storage.schema import SCHEMA
from storage.sync.carry import Work
from storage.sync.scopes import TOWN

if TYPE_CHECKING:
    from sqlite3 import Connection

LIBRARY: Final = (*TOWN, "offences")
"""What matters rest on: the shared store's own holds."""
_WORK: Final = ("claimed_by", "assignee_id", "clerk_id")
"""The fields that say who shall do something; others say who did it."""
_HEAD: Final = seal.COLUMNS.split(", ")


@dataclass(frozen=True, slots=True)
class Bringing:
    """``me``: who joins, by their id there; ``seat``: the clerk of this store who is the same
    person. Ids of this store lead to those there in ``clerks`` (whose work it becomes) and
    ``offices``, and to names in ``names`` (who did it)."""

    me: str
    seat: str
    names: Mapping[str, str] = field(default_factory=dict)
    both: str = "{name} for {other}"
    """How a deputy and whom they stood in for are named together."""
    clerks: Mapping[str, str] = field(default_factory=dict)
    offices: Mapping[str, str] = field(default_factory=dict)
    numbers: Mapping[str, str] = field(default_factory=dict)
    """Case numbers that others have there: old -> new."""
    mails: Mapping[str, str] = field(default_factory=dict)
    """Items whose external id is taken there: id -> their new external id."""
    left_out: frozenset[str] = frozenset()
    """Items that are there already and that nobody has touched here."""
    remarks: Mapping[str, tuple[Note, ...]] = field(default_factory=dict)
    """Notes to be written behind an entry, by its id."""
    local: Mapping[str, str] = field(default_factory=dict)
    """Values of this workstation alone, to be kept."""

    def said_there(self, works: Iterable[Work]) -> Iterator[Work]:
        """The entries as they are sent; those that concern the town alone are left out."""
        for work in works:
            told = self._told(work)
            if told is not None:
                yield told
            for note in self.remarks.get(str(work.head[0]), ()):
                yield self._remark(work, note)

    def settle(self, new: "Connection") -> None:
        """What lies in the new replica beside the journal, within a transaction of it."""
        for clerk in self.names:
            new.execute(
                "UPDATE OR REPLACE drafts SET clerk_id = ? WHERE clerk_id = ?",
                (self.clerks.get(clerk, self.me), clerk),
            )
        new.executemany("INSERT OR REPLACE INTO local VALUES (?, ?)", self.local.items())

    def _told(self, work: Work) -> Work | None:
        patches = [told for patch in work.patches if (told := self._patch(patch)) is not None]
        if not patches:
            return None
        head = dict(zip(_HEAD, work.head, strict=True))
        head["clerk_id"], head["on_behalf_of"] = self._parties(
            str(head["clerk_id"]), head["on_behalf_of"]
        )
        head["office_id"] = self._office(head["office_id"])
        return Work(tuple(head.values()), work.claim, patches, brought=True)

    def _patch(self, patch: Patch) -> Patch | None:
        if patch.table in LIBRARY or self._is_left_out(patch):
            return None
        fields: Fields = {
            name: [self._value(patch, name, old), self._value(patch, name, new)]
            for name, (old, new) in patch.fields.items()
        }
        return Patch(patch.table, patch.row_id, patch.op, fields)

    def _is_left_out(self, patch: Patch) -> bool:
        named = patch.fields.get("item_id", [None, None])
        key = patch.row_id if patch.table == "items" else named[1] or named[0]
        return key in self.left_out

    def _value(self, patch: Patch, name: str, value: Value) -> Value:
        if value is None:
            return None
        target = RECORDS[patch.table].REFERENCES.get(name)
        if target == "clerks":  # one of the town's, so only where nothing is said of what they did
            return self.clerks.get(str(value), self.me) if name in _WORK else self.me
        if AUTHORS.get(patch.table) == name:
            return self._author(str(value))
        if target == "offices":
            return self._office(value)
        if target == "offences":
            return offence_there(str(value), self.offices)
        if (patch.table, name) == ("cases", "number"):
            return self.numbers.get(str(value), value)
        if (patch.table, name) == ("items", "external_id"):
            return self.mails.get(patch.row_id, value)
        return value

    def _parties(self, who: str, boss: Value) -> tuple[str, str]:
        name = self.names.get(who, who)
        if boss in self.names and who in self.names:  # a deputy
            name = self.both.format(name=name, other=self.names[str(boss)])
        return (self.me, called(name)) if who == self.seat else (called(name), self.me)

    def _author(self, clerk_id: str) -> str:
        return self.me if clerk_id == self.seat else self._called(clerk_id)

    def _called(self, clerk_id: str) -> str:
        return called(self.names.get(clerk_id, clerk_id))

    def _office(self, office_id: Value) -> Value:
        return self.offices.get(str(office_id), office_id)

    def _remark(self, work: Work, note: Note) -> Work:
        head = dict(zip(_HEAD, work.head, strict=True)) | {
            "id": uuid7(),
            "at": note.at,
            "clerk_id": self.me,
            "on_behalf_of": self._called(self.seat),
            "action": "case.note" if note.case_id else "item.note",
            "kind": "do",
            "undoes": None,
            "undoable": 1,
            "office_id": self._office(work.head[_HEAD.index("office_id")]),
            "schema": SCHEMA,
        }
        fields = {n: [None, v] for n, v in values_of(note).items() if n != "id" and v is not None}
        return Work(tuple(head.values()), 0, [Patch("notes", note.id, "add", fields)], brought=True)


def offence_there(offence_id: str, offices: Mapping[str, str]) -> str:
    """The id of an offence there: it begins with the office in whose catalogue it stands."""
    office_id, slash, rest = offence_id.partition("/")
    return offices.get(office_id, office_id) + slash + rest
