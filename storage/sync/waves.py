"""Waves of a batch: entries that have nothing to do with each other are judged together.

Two entries have to do with each other where both touch a row, where one names or hangs on what the
other touches, where both have the same value that only one row can have, and where one takes the
other back.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import cast

from storage.records import RECORDS
from storage.sync.rows import UNIQUE, Key
from storage.sync.wire import WirePatch

NAMES_OF_KIN = ("case_id", "item_id", "person_id")


def waves(
    entries: Sequence[Mapping[str, object]], kin_of: Callable[[Key], Sequence[Key]]
) -> list[int]:
    """The wave of each entry (as pushed), from 0. ``kin_of``: what a row hangs on as it stands."""
    touched: dict[Key, int] = {}
    named: dict[Key, int] = {}
    found = []
    for entry in entries:
        touches, names = _concerns(entry, kin_of)
        wave = 0
        for key in touches:
            wave = max(wave, touched.get(key, -1) + 1, named.get(key, -1) + 1)
        for key in names:
            wave = max(wave, touched.get(key, -1) + 1)
        touched |= dict.fromkeys(touches, wave)
        for key in names:
            named[key] = max(wave, named.get(key, 0))
        found.append(wave)
    return found


def _concerns(
    entry: Mapping[str, object], kin_of: Callable[[Key], Sequence[Key]]
) -> tuple[set[Key], set[Key]]:
    """What an entry touches, and what it names beside."""
    touches = {("entry", str(entry["id"]))}
    names: set[Key] = set()
    if entry["undoes"] is not None:
        names.add(("entry", str(entry["undoes"])))
    for table, row_id, op, new, old, *_rest in cast("list[WirePatch]", entry["patches"]):
        key = (table, row_id)
        touches.add(key)
        references = RECORDS[table].REFERENCES
        for values in (new, old):
            names |= {(references[n], str(v)) for n, v in values.items() if n in references}
            column = UNIQUE.get(table)
            if column in values:
                touches.add((f"{table}.{column}", str(values[column])))
        if op != "add":
            names.update(kin_of(key))
    return touches, names - touches
