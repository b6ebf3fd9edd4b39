"""Case numbers that were given alone: they stay where nobody else has them, else there are new.

Citizens have letters with these numbers, so each that can stay stays. What was taken from the
shared store is kept at once, so that a joining that was cut off takes no number twice.
"""

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from clerk import clock
from clerk.i18n import _
from clerk.refusal import refuse
from clerk.rules.numbers import CASES, case_number, parts_of, range_of
from clerk.sharing.needs import Needs
from clerk.sharing.town import PATIENCE_S, Town
from storage.numbers import given_alone
from storage.store import Store

if TYPE_CHECKING:
    from storage.sync.link import Link

NUMBERS: Final = "brought_numbers"
"""The local value with the new numbers, as JSON: old -> new."""
_LEASE: Final = 500  # the most that the shared store gives at once


def new_numbers(store: Store, link: "Link", town: Town, needs: Needs) -> dict[str, str]:
    """The numbers that cannot stay, with the new ones: old -> new."""
    known: dict[str, str] = json.loads(store.local(NUMBERS) or "{}")
    numbers = {case.number for case in needs.cases.values()}
    found = {old: new for old, new in known.items() if old in numbers}
    lacking: dict[tuple[str, int], list[str]] = defaultdict(list)
    clash = numbers - found.keys() - (_staying(store, link, numbers) - set(found.values()))
    for case in sorted(needs.cases.values()):
        if case.number in clash:
            lacking[_range(town, case.number, case.office_id, case.opened_at)].append(case.number)
    for (prefix, year), olds in lacking.items():
        given = _leased(store, link, range_of(prefix, year), len(olds))
        found |= {old: case_number(prefix, year, n) for old, n in zip(olds, given, strict=True)}
    if found != known:
        store.set_local(NUMBERS, json.dumps(found))
    return found


def refuse_clashing(store: Store, link: "Link", town: Town) -> None:
    """Other numbers than those of cases (payment references, say) stand in letters and at banks and
    cannot change. Refused ``join.numbers`` where somebody else was given one of them."""
    from storage.hub.bringing import adopt

    for name, count in sorted(given_alone(store.db).items()):
        if name.startswith(CASES):
            continue
        kind, _colon, office = name.partition(":")
        there = f"{kind}:{town.offices.get(office, office)}"
        with link.watched(PATIENCE_S) as db:
            kept = adopt(db, store.device, there, range(1, count + 1))
        if len(kept) != count:
            raise refuse(
                "join.numbers",
                _(
                    "Numbers of this store were given by others as well ({name}), and they cannot"
                    " change any more. This store cannot join; ask your IT."
                ).format(name=name),
            )


def _staying(store: Store, link: "Link", numbers: set[str]) -> set[str]:
    """Those that nobody else was given: the shared store's ranges go on behind them."""
    from storage.hub.bringing import adopt, taken

    ranges: dict[str, dict[int, str]] = defaultdict(dict)
    staying: set[str] = set()
    for number in numbers:
        if parts := parts_of(number):
            prefix, year, running = parts
            ranges[range_of(prefix, year)][running] = number
        else:
            staying.add(number)
    for name, by_running in ranges.items():
        with link.watched(PATIENCE_S) as db:
            kept = adopt(db, store.device, name, sorted(by_running))
        staying |= {by_running[running] for running in kept}
    with link.watched(PATIENCE_S) as db:
        return staying - taken(db, "cases", sorted(staying))


def _range(town: Town, number: str, office_id: str, opened_at: int) -> tuple[str, int]:
    """Prefix and year of a new number: the office's own in the shared store."""
    office = town.rows["offices"][town.offices[office_id]]
    parts = parts_of(number)
    return str(office["prefix"]), parts[1] if parts else clock.local(opened_at).year


def _leased(store: Store, link: "Link", name: str, count: int) -> list[int]:
    from storage.hub import calls

    given: list[int] = []
    while len(given) < count:
        with link.watched() as db:
            first, last = calls.lease(db, store.device, name, min(_LEASE, count - len(given)))
        given += range(first, last + 1)
    return given
