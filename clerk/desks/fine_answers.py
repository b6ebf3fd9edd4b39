"""What a clerk says with an action of a fine: from typed text to values."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from clerk.i18n import _
from clerk.money import parse_euros
from clerk.refusal import Refusal, refuse
from clerk.rules.fine_asks import ASKS, Datum
from clerk.rules.fine_guards import Given
from clerk.rules.shorthand import parse_date

YES, NO = "yes", "no"
_FLAGS = {"ja": True, "yes": True, "j": True, "y": True, "x": True, "nein": False, "no": False,
          "n": False}  # fmt: skip
_MOST_INSTALMENTS = 120
_COUNT = re.compile(r"[0-9]{1,3}")

Part = tuple[date, int]
"""An instalment: its day, and cents."""
Value = date | int | bool | str | tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Answers:
    """What was said, by the names of :data:`clerk.rules.fine_asks.ASKS`; what was not is left out.
    ``person`` is the id of a participant."""

    values: Mapping[str, Value] = field(default_factory=dict)

    @property
    def on(self) -> date | None:
        """The day that counts in law, if one was said."""
        found = self.values.get("on")
        return found if isinstance(found, date) else None

    def text(self, name: str) -> str:
        """A text or the code of a choice, '' for none."""
        found = self.values.get(name)
        return found if isinstance(found, str) else ""

    def flag(self, name: str, default: bool = False) -> bool:
        """Yes or no."""
        found = self.values.get(name)
        return found if isinstance(found, bool) else default

    @property
    def amount(self) -> int | None:
        """Cents, if an amount was said."""
        found = self.values.get("amount")
        return None if isinstance(found, bool) or not isinstance(found, int) else found

    @property
    def instalments(self) -> tuple[Part, ...]:
        """The plan."""
        found = self.values.get("instalments")
        return found if isinstance(found, tuple) else ()

    def dated(self, on: date) -> "Answers":
        """With this day where none was said."""
        return self if self.on else replace(self, values={**self.values, "on": on})

    def given(self, on: date) -> Given:
        """As the guards want it."""
        return Given(
            on=self.on or on,
            amount=self.amount,
            reason=self.text("reason"),
            form=self.text("form"),
            waived=self.flag("waived"),
            evasion=self.flag("evasion"),
            unable=self.flag("unable"),
            reinstated=self.flag("reinstated"),
            file_access=self.flag("file_access", True),
        )

    def document(self) -> dict[str, object]:
        """For the step's record: all but the day and the text, which have fields of their own."""
        return {
            name: [[day.isoformat(), cents] for day, cents in value]
            if isinstance(value, tuple)
            else value
            for name, value in self.values.items()
            if name not in ("on", "text") and value not in ("", False)
        }


def read(datum: Datum, text: str, today: date) -> Value | Refusal | None:
    """What a typed text means; None where nothing was said and nothing need be."""
    text = text.strip()
    if not text:
        if datum.required and datum.kind != "flag":
            return Refusal("fine.answer", _("This is needed."))
        return False if datum.kind == "flag" else None
    if datum.kind == "date":
        return parse_date(text, today, past=True)
    if datum.kind == "cents":
        cents = parse_euros(text)
        return (
            Refusal("amount.unreadable", _("Not an amount. Try 35 or 88,50."))
            if (cents is None)
            else cents
        )
    if datum.kind == "flag":
        found = _FLAGS.get(text.lower())
        return Refusal("fine.answer", _("Say yes or no.")) if found is None else found
    if datum.kind == "choice":
        return _choice(datum, text)
    if datum.kind == "instalments":
        return read_plan(text, today)
    return text


def _choice(datum: Datum, text: str) -> str | Refusal:
    wanted = text.casefold()
    for code, words in datum.choices:
        if wanted in (code, _(words).casefold()):
            return code
    codes = ", ".join(code for code, _words in datum.choices)
    return Refusal("fine.answer", _("One of: {codes}.").format(codes=codes))


def read_plan(text: str, today: date) -> tuple[Part, ...] | Refusal:
    """``6x50 1.8.``: six times 50 euros, each month from 1 August on; ``3x50 + 28,50 1.8.``: the
    last one another."""
    from clerk.rules.periods import Period

    *sums, first = text.replace("+", " ").split()
    begin = parse_date(first, today, future=True)
    if isinstance(begin, Refusal):
        return begin
    amounts: list[int] = []
    for one in sums:
        count, _x, each = one.lower().rpartition("x")
        cents = parse_euros(each)
        if not cents or (count and not _COUNT.fullmatch(count)):
            return _no_plan()
        amounts += [cents] * int(count or 1)
    if not 0 < len(amounts) <= _MOST_INSTALMENTS:
        return _no_plan()
    days = [begin, *(Period(n, "M").after(begin) for n in range(1, len(amounts)))]
    return tuple(zip(days, amounts, strict=True))


def _no_plan() -> Refusal:
    return Refusal("fine.plan", _("Not a plan. Try 6x50 1.8. or 3x50 + 28,50 1.8."))


def answers(action: str, said: Mapping[str, str], today: date) -> Answers:
    """All that was typed for an action. Refused where something is missing, not understood, or
    not asked for."""
    asked = {one.name: one for one in ASKS.get(action, ())}
    if unknown := next((name for name in said if name not in asked), None):
        raise refuse(
            "fine.answer",
            _("{action} does not ask for “{name}”.").format(action=action, name=unknown),
        )
    values: dict[str, Value] = {}
    for name, datum in asked.items():
        value = read(datum, said.get(name, ""), today)
        if isinstance(value, Refusal):
            raise refuse(value.code, f"{_(datum.label)}: {value.sentence}")
        if value is not None:
            values[name] = value
    return Answers(values)
