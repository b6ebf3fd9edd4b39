"""What travels: patches as JSON between the replica's journal and the shared store.

A patch on the wire is ``[table, id, op, new, old, cleared, was_null]``: ``new`` and ``old`` hold
values that are not null, ``cleared`` names the fields that become null, ``was_null`` those that
were. ``op`` is add, set or drop, and in streams also enter and leave.
"""

import json
from collections.abc import Iterable, Mapping
from typing import NamedTuple, cast

from storage.overlay import Row
from storage.patches import Patch
from storage.record import Value, columns
from storage.records import RECORDS

WirePatch = tuple[str, str, str, Row, Row, list[str], list[str]]
Judged = tuple[str, str, str, dict[str, object]]
"""In the stream of a device: ``["refusal", entry id, outcome, {code, detail, theirs}]``, or
``["elsewhere", entry id, "ok", {}]`` for one that stands in no stream which its author reads."""

REFUSAL = "refusal"
ELSEWHERE = "elsewhere"
CONTENTS = ("text_sha256", "raw_sha256", "content_sha256")
"""The fields that name content; the text first."""

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class StreamRow(NamedTuple):
    """One row of one stream, in the order of the columns of ``clerk.pull``."""

    scope: str
    n: int
    no: int
    id: str
    device: str
    dseq: int | None
    clerk_id: str
    on_behalf_of: str | None
    action: str
    kind: str
    undoes: str | None
    undoable: int
    claim: int
    schema: int
    device_at: int
    at: int
    patches: list[WirePatch]
    digest: int


def to_wire(patch: Patch) -> WirePatch:
    """A patch of the journal as it is pushed. PostgreSQL's JSON knows no NUL: U+FFFD instead."""
    new: Row = {}
    old: Row = {}
    cleared: list[str] = []
    was_null: list[str] = []
    for name, (before, after) in patch.fields.items():
        if after is not None:
            new[name] = _clean(after)
        elif patch.op == "set":
            cleared.append(name)
        if before is not None:
            old[name] = _clean(before)
        elif patch.op == "set":
            was_null.append(name)
    if patch.op == "drop":
        names = columns(RECORDS[patch.table])
        was_null = [name for name in names if name not in old and name != "id"]
    return (patch.table, patch.row_id, patch.op, new, old, cleared, was_null)


def _clean(value: Value) -> Value:
    return value.replace("\x00", "\ufffd") if isinstance(value, str) else value


def to_local(patch: WirePatch) -> Patch:
    """A pulled add, set or drop as the journal writes it."""
    table, row_id, op, new, old, cleared, _was_null = patch
    fields: dict[str, list[Value]] = {}
    if op != "drop":
        fields = {name: [old.get(name), value] for name, value in new.items()}
        fields |= {name: [old.get(name), None] for name in cleared}
    else:
        fields = {name: [value, None] for name, value in old.items()}
    return Patch(table, row_id, "add" if op == "add" else "drop" if op == "drop" else "set", fields)


def entry_to_wire(head: Mapping[str, Value], patches: Iterable[Patch]) -> str:
    """An entry as it is pushed, without its wave; ``head`` has the entry's own columns."""
    return _encode({**head, "patches": [to_wire(patch) for patch in patches]})


def with_wave(entry: str, wave: int) -> str:
    """The entry of :func:`entry_to_wire` with its wave."""
    return f'{{"wave":{wave},{entry[1:]}'


def patches_of(entry: str) -> list[Patch]:
    """The patches of an entry that was pushed, as the journal writes them."""
    document = cast("dict[str, list[WirePatch]]", json.loads(entry))
    return [to_local(patch) for patch in document["patches"]]
