"""What came back: own actions that the shared store did not take, and what is to be decided.

A *conflict* is two people who changed the same field while neither knew of the other; what was
*rejected* was not possible there. Reading only; what can be done stands in ``conflicts.py``.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from clerk.i18n import N_, _
from storage import refusals
from storage.pages.names import Names
from storage.patches import Op, Patch, current
from storage.record import Value
from storage.refusals import RefusalRow
from storage.store import Store

Side = Literal["mine", "theirs"]

SENTENCES = {
    "conflict": N_("Somebody else changed the same at the same time."),
    "claim.lost": N_("{name} was faster."),
    "record.gone": N_("This record is not there any more, or not with your offices."),
    "record.exists": N_("This record is there already."),
    "value.taken": N_("Another record has this {field} already."),
    "value.invalid": N_("The shared store does not accept the value of {field}."),
    "value.missing": N_("Something that a record needs is missing."),
    "reference.gone": N_("What it refers to ({field}) is not there any more."),
    "state.refused": N_("The record was in another state by then."),
    "item.taken": N_("{name} has taken this item."),
    "letter.four_eyes": N_("Four eyes: it needs the signatures of two others."),
    "letter.forged": N_("A letter is written and signed in one's own name alone."),
    "letter.fixed": N_("The letter had been signed by then; its words are fixed."),
    "letter.changed": N_("The letter was changed before your signature came. Look at it again."),
    "role.missing": N_("Your role in this office does not allow it."),
    "action.unknown": N_("The shared store does not know this action."),
    "action.elsewhere": N_("This action is not meant for records of this kind."),
    "actor.forged": N_("It was not done under your own name."),
    "schema.unknown": N_("This program is newer than the shared store. Your IT knows."),
    "undo.foreign": N_("What was taken back was not yours, or is not there."),
    "undo.late": N_("It has been worked on there by now; ask them to hand it back."),
    "entry.exists": N_("Another action has the same identity. Your IT should know."),
}
"""By the code of the shared store (``storage/hub/sql``): what it means to a clerk."""

# Fields that the program fills in by itself and that nobody decides about.
_SILENT = {"at", "created_at", "created_by", "clerk_id", "case_id", "item_id", "audience", "kind"}
_UNIQUE = {"cases": "number", "items": "external_id", "clerks": "login"}


@dataclass(frozen=True, slots=True)
class Point:
    """One thing to decide: a field that both changed, or one that only I did, or a whole record
    (``field`` is ''). ``who`` (id of a clerk) and ``when`` (ms UTC) say whose the other value is.

    ``preset`` is what holds unless one decides otherwise: mine where nobody else touched it.
    A ``fixed`` one cannot be mine: a state follows from an action and is never simply written.
    """

    key: str
    table: str
    row_id: str
    field: str
    op: Op
    before: Value
    mine: Value
    theirs: Value
    who: str | None
    when: int | None
    preset: Side | None
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class Returned:
    """One action that came back. ``about``: the record's title, as foreign as its record."""

    entry_id: str
    at: int
    clerk_id: str
    action: str
    outcome: str
    code: str
    about: str
    sentence: str
    points: tuple[Point, ...]
    patches: tuple[Patch, ...]
    settled: bool

    @property
    def is_conflict(self) -> bool:
        """Whether it can be decided field by field; else it can be done again or let go."""
        return self.outcome == "conflict"


def open_ones(store: Store, names: Names) -> list[Returned]:
    """What is to be decided, the oldest first; at most ``storage.refusals.MOST``."""
    return [_read(store, names, row) for row in refusals.open_ones(store.db)]


def find(store: Store, names: Names, entry_id: str) -> Returned:
    """One of them, decided or not. Raises StoreError ``refusal.unknown``."""
    return _read(store, names, refusals.find(store.db, entry_id))


def _read(store: Store, names: Names, row: RefusalRow) -> Returned:
    return Returned(
        row.entry_id,
        row.at,
        row.clerk_id,
        row.action,
        row.outcome,
        row.code,
        _about(store, row.patches),
        sentence_of(row, names),
        tuple(_named(_points(store, row))),
        row.patches,
        row.settled,
    )


def sentence_of(row: RefusalRow, names: Names) -> str:
    """Why it came back, in words."""
    from clerk.fields import field_word

    message = SENTENCES.get(row.code)
    if message is None:
        return _("The shared store did not take it ({code}).").format(code=row.code)
    by, table, field = (row.detail.get(name) for name in ("by", "tbl", "field"))
    name = names.clerk(str(by)) if by else _("A colleague")
    named = str(field) if field else _UNIQUE.get(str(table), "")
    return _(message).format(name=name, field=field_word(named) or _("value"))


# Claims that somebody else won


@dataclass(frozen=True, slots=True)
class Lost:
    """A claim that somebody else won: who, on what, and whether more was claimed with it."""

    entry_id: str
    name: str
    subject: str
    rows: tuple[str, ...]
    others: bool


def lost_claims(store: Store, names: Names) -> list[Lost]:
    """Those that nobody has decided about or heard of, the oldest first."""
    found = []
    for row in refusals.lost_claims(store.db):
        table, row_id = str(row.detail.get("tbl")), str(row.detail.get("id"))
        patches = [p for p in row.patches if p.op == "set"]
        lost = [p for p in patches if (p.table, p.row_id) == (table, row_id)] or patches
        by = row.detail.get("by") or (lost and refusals.holder_of(store.db, lost[0]))
        name = names.clerk(str(by)) if by else _("A colleague")
        ids = tuple(patch.row_id for patch in patches)
        about = _about(store, tuple(lost)) or _("(no subject)")
        found.append(Lost(row.entry_id, name, about, ids, len(patches) > 1))
    return found


def heard(store: Store, lost: Lost) -> None:
    """The clerk was told: nothing is left to decide."""
    refusals.settle(store, lost.entry_id, None)


# What there is to decide


def _points(store: Store, row: RefusalRow) -> Iterator[Point]:
    for patch in row.patches:
        now = current(store.db, patch.table, patch.row_id)
        if row.outcome != "conflict":
            yield from _typed(patch)
        elif patch.op == "set":
            yield from _fields(store, patch, now)
        elif (now is None) == (patch.op == "add"):  # else it is as I wanted it
            yield _whole(store, row, patch)


def _typed(patch: Patch) -> Iterator[Point]:
    """Of what was rejected: what was wanted, to be read."""
    for name, (before, mine) in patch.fields.items():
        if name not in _SILENT and mine is not None and patch.op != "drop":
            yield Point(
                name, patch.table, patch.row_id, name, patch.op, before, mine, None, None, None,
                None, True,
            )  # fmt: skip


def _fields(store: Store, patch: Patch, now: dict[str, Value] | None) -> Iterator[Point]:
    fixed = "state" in patch.fields  # with a state goes all that its action did to the record
    for name, (before, mine) in patch.fields.items():
        theirs = None if now is None else now.get(name)
        if now is not None and (name not in now or theirs == mine):
            continue
        contested = now is None or theirs != before
        who, when = (
            refusals.last_change(store.db, patch.table, patch.row_id, name)
            if contested
            else (None, None)
        )
        preset: Side | None = None if contested else "mine"
        if fixed or now is None:
            preset = "theirs"
        yield Point(
            name, patch.table, patch.row_id, name, "set", before, mine, theirs, who, when, preset,
            fixed or now is None,
        )  # fmt: skip


def _whole(store: Store, row: RefusalRow, patch: Patch) -> Point:
    """A record that was added or deleted by the same action: its text stands for it."""
    fields = patch.fields
    text = next((fields[name] for name in ("text", "subject", "name") if name in fields), None)
    value = None if text is None else text[1] if patch.op == "add" else text[0]
    by_state = any("state" in one.fields for one in row.patches if one.op == "set")
    if patch.op == "add":
        preset: Side | None = None if by_state else "mine"
        return Point(
            patch.table, patch.table, patch.row_id, "", "add", None, value, None, None, None, preset
        )
    who, when = refusals.last_change(store.db, patch.table, patch.row_id, "")
    return Point(
        patch.table, patch.table, patch.row_id, "", "drop", value, None, value, who, when, None
    )


def _named(points: Iterable[Point]) -> list[Point]:
    """Each with a key of its own, the shortest that is clear: ``subject``, ``cases.subject``."""
    found = list(points)
    for longer in (_with_table, _with_id):
        times = Counter(one.key for one in found)
        found = [replace(one, key=longer(one)) if times[one.key] > 1 else one for one in found]
    return found


def _with_table(one: Point) -> str:
    return f"{one.table}.{one.field}" if one.field else one.table


def _with_id(one: Point) -> str:
    return f"{one.table}/{one.row_id}" + (f".{one.field}" if one.field else "")


# What it is about


def _about(store: Store, patches: tuple[Patch, ...]) -> str:
    """The title of the first case or item that an action was about."""
    for patch in patches:
        if title := _title(store, patch):
            return title
    return ""


def _title(store: Store, patch: Patch) -> str:
    table, row_id = patch.table, patch.row_id
    row = _seen(store, patch)
    for column, above in (("case_id", "cases"), ("item_id", "items")):
        if table not in ("cases", "items", "persons") and row.get(column) is not None:
            table, row_id = above, str(row[column])
            row = current(store.db, table, row_id) or {}
    if table == "cases":
        return f"{row.get('number') or ''} {row.get('subject') or ''}".strip()
    if table == "items":
        return str(row.get("subject") or row.get("sender_name") or "")
    if table == "persons":
        return f"{row.get('given_name') or ''} {row.get('family_name') or ''}".strip()
    return ""


def _seen(store: Store, patch: Patch) -> dict[str, Value]:
    """The row as it is here, else as far as the patch tells it."""
    row = current(store.db, patch.table, patch.row_id)
    if row is not None:
        return row
    return {name: old if new is None else new for name, (old, new) in patch.fields.items()}
