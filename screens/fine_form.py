"""What stands in the rows of the entry of a fine, read as a report and filled from one."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from clerk import clock
from clerk.desks.fine_photos import read_photos
from clerk.desks.fine_report import Examined, Finding, Party, Report, amount, examine
from clerk.desks.fine_typed import Typed, TypedCharge, TypedParty, read
from clerk.i18n import _
from clerk.money import euros
from clerk.names import word
from clerk.rules.charges import choices, placeholders
from clerk.rules.shorthand import parse_date
from screens.fine_rows import CHARGES, DETAILS, DOG, FURTHER, KEPT
from screens.fine_suggestions import FREE, NEW, Offences, choice_of, person_choice
from storage.folding import fold
from storage.pages import persons
from storage.terms import Guilt, ParticipantRole, Unity
from widgets.choices import Choice
from widgets.entry_rows import EntryRows

if TYPE_CHECKING:
    from sqlite3 import Connection

    from storage.records import Offence

_HOUSE_NUMBER = re.compile(r"\s+[0-9]\S*(?: [a-zA-Z])?$")
_PEOPLE = {"offender": ParticipantRole.OFFENDER, "witness": ParticipantRole.WITNESS}
_NOT_SHOWN = ("place_more", "district", "latitude", "longitude", "plate_country")
_DOGS = "hund"
# The row beside which something about a report is said, where it has another name.
_SAID_AT = {
    "charges": "charge1",
    "acted_from": "day",
    "acted_to": "time",
    "parties": "offender",
    "doubles": "place",
}


class FineForm:
    """The rows of one record; ``but``: the case whose facts they are, when it is changed."""

    def __init__(
        self, db: "Connection", office_id: str, offences: Offences, home: tuple[str, str]
    ) -> None:
        self._db = db
        self._office = office_id
        self._offences = offences
        self._home = home
        self.rows: EntryRows
        self.but = ""
        self._base: Report | None = None
        self._beyond: list[Party] = []

    # Read

    def report(self, *, photos: bool = False) -> tuple[Report, Examined]:
        """The report that stands there now, and what is to be said about it. With ``photos`` the
        files are read, too: Refused as :func:`read_photos`."""
        self._offences.as_of(self.day)
        found = read(self._typed(photos), self._known_charges(), clock.today())
        report = self._upon_base(found.report)
        examined = examine(self._db, self._office, report, clock.now(), but=self.but)
        if found.errors:
            examined = Examined(found.errors, (), examined.offences)
        return report, examined

    def _upon_base(self, typed: Report) -> Report:
        """What the rows say, upon what a fine that is changed says beyond them."""
        base = self._base
        if base is None:
            return typed
        charges = list(typed.charges)
        for n, (new, old) in enumerate(zip(charges, base.charges, strict=False)):
            if new.code == old.code:
                amount_now = new.amount if n == 0 else old.amount
                charges[n] = replace(new, amount=amount_now, limitation=old.limitation)
        return replace(
            typed,
            charges=[*charges, *base.charges[CHARGES:]],
            parties=[*typed.parties, *self._beyond],
            area=base.area,
            **{name: getattr(base, name) for name in _NOT_SHOWN},
        )

    @property
    def day(self) -> date:
        """The day of the act as it is typed; today where it is none."""
        typed = self.rows.typed()["day"]
        day = parse_date(typed, clock.today(), past=True) if typed else clock.today()
        return day if isinstance(day, date) else clock.today()

    def row_of(self, finding: Finding) -> str:
        """The row beside which something is to be said."""
        typed = self.rows.typed()
        if finding.field == "acted_from" and typed["time"]:
            return "time"
        row = _SAID_AT.get(finding.field, finding.field)
        return row if row in typed else "charge1"

    def usual_amount(self) -> str:
        """What the catalogue says that it costs, '' where it says nothing."""
        report, examined = self.report()
        each = [
            amount(report, one, offence)
            for one, offence in zip(report.charges, examined.offences, strict=True)
        ]
        if not each or not any(each):
            return ""
        return euros(max(each) if report.unity is Unity.SAME_ACT else sum(each))

    def _known_charges(self) -> "list[Offence | None]":
        return [self._offences.of(one.code) for one in self._charges()]

    def _typed(self, photos: bool) -> Typed:
        values = self.rows.values()
        return Typed(
            charges=self._charges(),
            fields=values,
            parties=[one for one in self._parties(values) if one.person_id or one.name],
            dog={name.removeprefix("dog_"): values.get(name, "") for name in DOG},
            photos=read_photos(values["photos"]) if photos else (),
            home=self._home,
        )

    def _charges(self) -> list[TypedCharge]:
        typed = self.rows.typed()
        found: list[TypedCharge] = []
        for n in range(1, CHARGES + 1):
            taken = self.rows.taken(f"charge{n}")
            if taken is None:
                continue
            said = [typed[f"charge{n}_{d}"] for d in range(1, DETAILS + 1)]
            if taken.value == FREE:
                found.append(TypedCharge("", {}, taken.text, said[0], said[1]))
                continue
            offence = self._offences.of(taken.value)
            names = placeholders(offence.charge) if offence else ()
            found.append(TypedCharge(taken.value, dict(zip(names, said, strict=False))))
        return found

    def _parties(self, values: Mapping[str, str]) -> list[TypedParty]:
        people = list(_PEOPLE.items())
        for n in range(1, FURTHER + 1):
            role = self.rows.taken(f"further{n}_role")
            if role is not None:
                people.append((f"further{n}", ParticipantRole(role.value)))
        return [self._party(row, role, values) for row, role in people]

    def _party(self, row: str, role: ParticipantRole, values: Mapping[str, str]) -> TypedParty:
        taken = self.rows.taken(row)
        if taken is not None and taken.value != NEW:
            return TypedParty(role, row, person_id=taken.value)
        return TypedParty(
            role,
            row,
            name=self.rows.typed()[row].strip(),
            address=values.get(f"{row}_address", ""),
            born=values.get(f"{row}_born", ""),
        )

    @property
    def people(self) -> tuple[str, ...]:
        """The rows that name somebody."""
        return (*_PEOPLE, *(f"further{n}" for n in range(1, FURTHER + 1)))

    @staticmethod
    def is_known(value: str) -> bool:
        """Whether the value of such a row is the id of somebody known."""
        return value != NEW

    # Show what follows

    def follow(self, key: str) -> None:
        """Show the rows that what was typed here asks for, hide those that it asks for no more."""
        if key.startswith("charge"):
            self._follow_charges()
        elif key == "day":
            self._offences.as_of(self.day)
        self._follow_people()

    def _follow_charges(self) -> None:
        self._offences.as_of(self.day)
        taken = {n: self.rows.taken(f"charge{n}") for n in range(1, CHARGES + 1)}
        for n, choice in taken.items():
            for d, label in enumerate(self._asked(choice), 1):
                self.rows.show(f"charge{n}_{d}", bool(label), label)
        known = [self._offences.of(one.value) for one in taken.values() if one]
        about_dogs = any(fold(one.subject).startswith(_DOGS) for one in known if one)
        typed = self.rows.typed()
        for name in DOG:
            self.rows.show(name, about_dogs or bool(typed[name]))
        self.rows.show("several", len(known) > 1)

    def _asked(self, choice: Choice[str] | None) -> list[str]:
        """The labels of the rows below an offence; '' for one that is not needed."""
        asked: list[str] = []
        if choice is not None and choice.value == FREE:
            asked = [_("  provisions"), _("  maximum, €")]
        elif choice is not None and (offence := self._offences.of(choice.value)):
            asked = [
                _("  which one") if choices(offence.charge, name) else f"  {name}"
                for name in placeholders(offence.charge)
            ]
        return [*asked[:DETAILS], *[""] * (DETAILS - len(asked))]

    def choices_of(self, key: str) -> tuple[str, ...]:
        """What may stand in the row of a placeholder; () where any words may."""
        charge, _underscore, d = key.partition("_")
        taken = self.rows.taken(charge)
        offence = self._offences.of(taken.value) if taken else None
        names = placeholders(offence.charge) if offence else ()
        n = int(d) - 1
        return choices(offence.charge, names[n]) if offence and n < len(names) else ()

    def _follow_people(self) -> None:
        for row in self.people:
            taken, typed = self.rows.taken(row), self.rows.typed()[row].strip()
            is_new = bool(typed) and (taken is None or taken.value == NEW)
            is_new = is_new and self.rows.is_shown(row)
            for part in ("address", "born"):
                self.rows.show(f"{row}_{part}", is_new)

    def one_more(self, kind: str) -> str | None:
        """Show the rows of one more offence or person; the row to type into, None if all are."""
        most, last = (CHARGES, "") if kind == "charge" else (FURTHER, "_role")
        for n in range(1, most + 1):
            if not self.rows.is_shown(f"{kind}{n}{last}"):
                self.rows.show(f"{kind}{n}{last}")
                self.rows.show(f"{kind}{n}")
                return f"{kind}{n}{last}"
        return None

    # Fill and empty

    def empty(self) -> None:
        """The next record of the series: what is common to it stays, of the place the street."""
        for key, typed in self.rows.typed().items():
            if key not in KEPT:
                self.rows.put(key, "")
            elif key == "place":
                street = _HOUSE_NUMBER.sub("", typed)
                self.rows.put(key, f"{street} " if street != typed else typed)
        for n in range(2, CHARGES + 1):
            self.rows.show(f"charge{n}", False)
        for n in range(1, FURTHER + 1):
            self.rows.show(f"further{n}", False)
            self.rows.show(f"further{n}_role", False)
        self.follow("charge1")

    def draft(self) -> str:
        """All that is typed and chosen, '' where it is nothing."""
        typed = {key: text for key, text in self.rows.typed().items() if text}
        if not any(key not in KEPT for key in typed):
            return ""
        taken = {
            key: [choice.value, choice.text, choice.detail]
            for key in typed
            if (choice := self.rows.taken(key))
        }
        return json.dumps({"typed": typed, "taken": taken}, ensure_ascii=False)

    def restore(self, draft: str) -> None:
        """What was typed and chosen before."""
        kept = json.loads(draft)
        for key, text in kept["typed"].items():
            if key in self.rows.typed():
                taken = kept["taken"].get(key)
                self.rows.put(key, text, Choice(*taken) if taken else None)
                self.rows.show(key)
        self.follow("charge1")

    def fill(self, report: Report) -> None:
        """The facts of a fine that is to be changed."""
        self._base = report
        self._offences.as_of(date.fromisoformat(report.acted_from[:10]))
        for n, charge in enumerate(report.charges[:CHARGES], 1):
            offence = self._offences.of(charge.code)
            choice = choice_of(offence) if offence else Choice(FREE, charge.charge)
            self.rows.put(f"charge{n}", choice.text, choice)
            self.rows.show(f"charge{n}")
            said = [charge.provisions, _plain(charge.maximum)]
            if offence:
                said = [charge.details.get(one, "") for one in placeholders(offence.charge)]
            for d, text in enumerate(said[:DETAILS], 1):
                self.rows.put(f"charge{n}_{d}", text)
        begin, _t, at = report.acted_from.partition("T")
        end = (report.acted_to or "").partition("T")[2]
        first = report.charges[0]
        texts = {
            "place": report.place,
            "day": begin,
            "time": f"{at}-{end}" if end else at,
            "plate": report.plate,
            "evidence": report.evidence,
            "amount": _plain(first.amount) if first.amount is not None else "",
            "officer": report.officer,
            "vehicle": report.vehicle,
            "intent": "j" if report.guilt is Guilt.INTENT else "",
            "several": "j" if report.unity is Unity.SEVERAL_ACTS else "",
        }
        if report.dog is not None:
            for name in DOG:
                value = getattr(report.dog, name.removeprefix("dog_"))
                flag = {None: "", 0: "n", 1: "j"}
                texts[name] = value if isinstance(value, str) else flag[value]
        for key, text in texts.items():
            self.rows.put(key, text)
        self._fill_people(report)
        self.follow("charge1")

    def _fill_people(self, report: Report) -> None:
        free = {role: row for row, role in _PEOPLE.items()}
        n = 0
        for party in report.parties:
            person = persons.by_id(self._db, str(party.person))
            row = free.pop(party.role, None)
            if row is None and n < FURTHER:
                n += 1
                row = f"further{n}"
                label = word("participant", party.role)
                self.rows.put(f"{row}_role", label, Choice(str(party.role), label))
                self.rows.show(f"{row}_role")
                self.rows.show(row)
            if row is None or person is None:
                self._beyond.append(party)
                continue
            choice = person_choice(person)
            self.rows.put(row, choice.text, choice)


def _plain(cents: int | None) -> str:
    return "" if cents is None else f"{cents // 100},{cents % 100:02}"
