"""Work from before joining on its way to the shared store: who, which numbers, which mails.

``prepare`` says how everything is said there; ``carry`` in ``storage.sync`` then takes it along.
"""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

from clerk.i18n import _
from clerk.refusal import refuse
from clerk.sharing.needs import Mail, Needs
from clerk.sharing.numbering import new_numbers, refuse_clashing
from clerk.sharing.town import CLERK, PATIENCE_S, Town
from storage.counters import total
from storage.pages.people import clerks
from storage.records import Note
from storage.store import Store
from storage.sync.bringing import Bringing

if TYPE_CHECKING:
    from storage.hub.calls import Hello
    from storage.sync.link import Link

REPORT: Final = "brought_report"
"""What was brought along, as JSON, until it was told."""


class Brought(NamedTuple):
    """What was brought along. ``there``: items that the shared store had already and that were left
    out; ``twice``: those that it had as well, but that somebody had worked on here, so both stay;
    ``numbers``: case numbers that had to change, old -> new."""

    items: int
    cases: int
    there: int
    twice: int
    numbers: dict[str, str]


class _Mails(NamedTuple):
    """Items by id: left out, here and there, and those that need another external id."""

    left_out: frozenset[str]
    twice: frozenset[str]
    renamed: dict[str, str]


def prepare(store: Store, link: "Link", hello: "Hello", town: Town, needs: Needs) -> Bringing:
    """How the work of this store is said there; takes the numbers that it needs.

    Refused ``join.before`` where the shared store knows this workstation's work already: then this
    store is a copy from before it joined; and ``join.numbers``.
    """
    if hello.high_water:
        raise refuse(
            "join.before",
            _(
                "The shared store has work of this workstation already: this is a copy from before"
                " it joined. Join with an empty home, and keep this one."
            ),
        )
    refuse_clashing(store, link, town)
    mails = _mails(store, link, needs)
    numbers = new_numbers(store, link, town, needs)
    staff = clerks(store.db)
    there = {str(row["login"]): row_id for row_id, row in town.rows["clerks"].items()}
    left = (case.number for case_id, case in needs.cases.items() if case_id not in needs.gone)
    changed = {number: numbers[number] for number in left if number in numbers}
    report = Brought(
        total(store.db, "items") - len(mails.left_out),
        total(store.db, "cases"),
        len(mails.left_out),
        len(mails.twice),
        changed,
    )
    return Bringing(
        me=town.me,
        seat=town.seat,
        names={one.id: one.name for one in staff},
        both=_("{name} for {other}"),
        clerks={one.id: there.get(one.login, town.me) for one in staff} | {town.seat: town.me},
        offices=town.offices,
        numbers=numbers,
        mails=mails.renamed,
        left_out=mails.left_out,
        remarks=_remarks(store, town, needs, numbers, mails.twice),
        local={CLERK: town.me, REPORT: json.dumps(report._asdict())},
    )


def _mails(store: Store, link: "Link", needs: Needs) -> _Mails:
    """A mail is there already where its bytes are, or its place where nobody kept them."""
    from storage.hub.bringing import known_mails, taken

    found: dict[str, Mail] = needs.mails
    with link.watched(PATIENCE_S) as db:
        places = taken(db, "items", [mail.external_id for mail in found.values()])
        bytes_ = known_mails(db, [m.raw_sha256 for m in found.values() if m.raw_sha256])
    there = {
        item_id
        for item_id, (place, raw) in found.items()
        if (raw in bytes_ if raw else place in places)
    }
    left_out = frozenset(there - needs.touched)
    renamed = {
        item_id: f"{mail.external_id}#{store.device[-12:]}"
        for item_id, mail in found.items()
        if mail.external_id in places and item_id not in left_out
    }
    return _Mails(left_out, frozenset(there & needs.touched), renamed)


def _remarks(
    store: Store, town: Town, needs: Needs, numbers: Mapping[str, str], twice: frozenset[str]
) -> dict[str, tuple[Note, ...]]:
    """What a colleague must know of a matter that is left: the number that letters still have, and
    that a mail lies in the shared store twice. By the entry that has added the matter last."""
    notes: dict[str, list[Note]] = {}
    at = store.clock()
    number = _("Number before joining the shared store: {number}")
    for case_id, case in needs.cases.items():
        if case.number in numbers and case_id not in needs.gone:
            text = number.format(number=case.number)
            note = Note(clerk_id=town.me, at=at, case_id=case_id, text=text)
            notes.setdefault(needs.added[case_id], []).append(note)
    text = _("This mail was in the shared store already when it was brought along.")
    for item_id in twice - needs.gone:
        note = Note(clerk_id=town.me, at=at, item_id=item_id, text=text)
        notes.setdefault(needs.added[item_id], []).append(note)
    return {entry_id: tuple(some) for entry_id, some in notes.items()}
