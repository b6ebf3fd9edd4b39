"""What bytes tell a terminal to do, and a record that tries to tell it things.

``sequences`` finds the commands in a program's output (ECMA-48), ``loose`` what could still command
a terminal or turn the order of its text around although it is no such sequence.
"""

import re
from datetime import date
from typing import NamedTuple

from clerk.desks import cases, fines, inbox
from clerk.desks.fine_report import Charge, Party, Report
from clerk.session import Session
from storage.records import Case, Document, Item, Office, Person
from storage.terms import ParticipantRole, Role
from tests import support

# No program of ours would ever send these numbers and words, so each is a proof by itself.
NUMBER, WORD = "48113", "eingeschleust"
LENGTH = 100_000
_STRINGS = "".join(
    f"\x1b{kind}0;{WORD}{end}" for kind in "]PX^_" for end in ("\x07", "\x1b\\", "\x9c")
)
HOSTILE = (
    f"\x1b[{NUMBER}m \x1b[{NUMBER};1H \x1b[?{NUMBER}h \x1b[{NUMBER}J {_STRINGS}"
    f"\x1b]8;;https://{WORD}.example\x1b\\Link\x1b]8;;\x1b\\ \x1b]52;c;{WORD}\x07 \x1bc \x1b(0 "
    f"\x9b{NUMBER}m \x9d0;{WORD}\x9c \x90{WORD}\x9c \x84\x85\x8d "
    "\u202agnp\u202b.exe\u202c \u202d\u202e \u2066\u2067\u2068\u2069 \u200e\u200f\u061c "
    "\u200b\ufeff [/nope] [@click=app.quit]x[/] [bold red]rot [link=https://example.org]y[/link] "
    "\x00\x07\x08\x0b\x0c\x0e\x0f\x7f \r Anfang\nZeile\ttab\u2028\u2029 \U000e0041 "
    "e\u0301 日本 Ende "
)
LONG_HOSTILE = (HOSTILE * (LENGTH // len(HOSTILE) + 1))[:LENGTH]
LONG_HARMLESS = " ".join(f"Laterne {n} ist dunkel." for n in range(LENGTH))[:LENGTH]
HARMLESS = LONG_HARMLESS[: len(HOSTILE)]

_SEQUENCE = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # CSI
    r"|\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)"  # OSC, DCS, SOS, PM, APC
    r"|\x1b[ -/]*[0-~]"  # the others
)


def sequences(written: bytes) -> set[str]:
    """The escape sequences in the output, which must be UTF-8."""
    return set(_SEQUENCE.findall(written.decode()))


def shapes(written: bytes) -> set[str]:
    """The sequences without their numbers: where a cursor goes and which colour something has
    depends on the text, what a program does to a terminal does not."""
    return {re.sub(r"[0-9][0-9;:]*", "n", one) for one in sequences(written)}


def loose(written: bytes, allowed: str = "\r\n") -> set[str]:
    """The characters outside of sequences that are not printable: controls, C1, bidi, invisible."""
    rest = _SEQUENCE.sub("", written.decode())
    return {one for one in rest if not one.isprintable() and one not in allowed}


def smuggled(written: bytes) -> set[str]:
    """Sequences of the hostile record that came through."""
    return {one for one in sequences(written) if NUMBER in one or WORD in one}


class Planted(NamedTuple):
    """The ids of the records that hold the text."""

    item: str
    filed: str
    case: str
    follow_up: str
    clerk: str
    letter: str
    fine: str


def plant(session: Session, text: str) -> Planted:
    """The text in everything that a citizen or a colleague can write, past all that cleans it."""
    store, actor = session.store, session.actor
    colleague = support.add_clerk(session, "kollege", {"buergerbuero": Role.CLERK}, name=text)
    filed = support.add_item(session, text, text, sender_name=text, sender_address=text)
    item = support.add_item(session, text, text, sender_name=text, sender_address=text)
    support.add_item(session, text, text, sender_name=text, claimed_by=colleague)
    whom = Person(family_name=text, given_name=text, street=text, city=text)
    report = Report(
        charges=[Charge(charge=text, provisions=text, amount=10_00)], acted_from="2026-01-02",
        place=text[:200], parties=[Party(role=ParticipantRole.OFFENDER, person=whom)],
        officer=text[:100], vehicle=text[:200], evidence=text[:2000], note=text[:9000],
    )  # fmt: skip
    fine = fines.record(store, actor, report, office_id="ordnungsamt").case.id
    case_id = support.add_case(session, text).id
    inbox.file_into(store, actor, [filed], case_id)
    for one in (item, filed):
        inbox.note(store, actor, one, text)
    cases.note(store, actor, case_id, text)
    inbox.follow_up(store, actor, [item], date(2020, 1, 2), text)
    cases.follow_up(store, actor, case_id, date(2020, 1, 3), text)
    with store.change(actor, "item.receive", undoable=False) as change:
        sha256 = change.content(b"Anlage")
        person = change.add(
            Person(family_name=text, given_name=text, street=text, postcode=text, city=text,
                   email=text, phone=text)
        )  # fmt: skip
        change.set(change.get(Case, case_id), person_id=person.id)
        change.set(change.get(Office, "tiefbau"), name=text)
        for one in (item, filed):
            record = change.get(Item, one)
            change.set(record, attachments=1)
            change.add(
                Document(item_id=one, name=text, media_type="text/plain", content_sha256=sha256,
                         size=6, created_at=record.received_at)
            )  # fmt: skip
    found = store.db.execute("SELECT id FROM follow_ups WHERE case_id = ?", (case_id,)).fetchone()
    letter = support.add_letter(session, case_id=case_id, name=text, subject=text, text=text)
    return Planted(item, filed, case_id, str(found[0]), colleague, letter, fine)
