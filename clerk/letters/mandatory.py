"""What a letter must say by law, as data: without it nothing is printed.

An item's test looks at what the letter is filled with; beside it each item's passage must stand in
the letter, where the template marks it with ``must``.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from clerk.i18n import N_, _
from clerk.letters.details import Accused, Act, Address, Details, Notice, WarningOffer
from clerk.letters.frame import Frame
from clerk.letters.templates import Template
from clerk.rules import references

_LEAST_FINE: Final = 500  # cents (OWiG 17(1))
_LEAST_WARNING, _MOST_WARNING = 500, 5500  # cents (OWiG 56(1))


@dataclass(frozen=True, slots=True)
class Item:
    """One demand of the law. ``passages``: where the template says it, ids of ``must``."""

    id: str
    paragraph: str
    name: str
    test: Callable[[Details, Frame], bool] = lambda _details, _frame: True
    passages: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """What is demanded, on screen."""
        return _(self.name)


def _notice(test: Callable[[Notice], bool]) -> Callable[[Details, Frame], bool]:
    return lambda details, _frame: isinstance(details, Notice) and test(details)


def _warning(test: Callable[[WarningOffer], bool]) -> Callable[[Details, Frame], bool]:
    return lambda details, _frame: isinstance(details, WarningOffer) and test(details)


def _timed(act: Act) -> bool:
    """Whether the act has a time that a calendar knows."""
    try:
        for at in (act.acted_from, act.acted_to):
            if at is not None:
                datetime.fromisoformat(at)
    except ValueError:
        return False
    return True


def _lives(one: Accused | Address) -> bool:
    return bool(one.street.strip() and one.city.strip())


def _authority(_details: Details, frame: Frame) -> bool:
    head = frame.settings.letterhead
    return bool(head.authority.strip() and head.street.strip() and head.city.strip())


def _payable(details: Details, frame: Frame) -> bool:
    """To an account, under a reference whose check digit is right."""
    bank, method = frame.settings.bank, frame.settings.reference.method
    asked = details.asks_for
    return bool(bank.iban and bank.holder and asked and references.check(method, asked[1]))


_REMEDY = Item(
    "remedy", "§ 50 Abs. 2 OWiG", N_("remedy, its period and form, and where to lodge it"),
    _authority, ("remedy",),
)  # fmt: skip

MANDATORY: Mapping[str, tuple[Item, ...]] = {
    "notice": (
        Item("accused", "§ 66 Abs. 1 Nr. 1 OWiG", N_("name and address of the accused"),
             _notice(lambda d: bool(d.accused.family_name.strip()) and _lives(d.accused)),
             ("accused",)),
        Item("defender", "§ 66 Abs. 1 Nr. 2 OWiG", N_("name and address of the defender"),
             _notice(lambda d: d.defender is None
                     or (bool(d.defender.name.strip()) and _lives(d.defender)))),
        Item("charge", "§ 66 Abs. 1 Nr. 3 OWiG", N_("the act and its statutory elements"),
             _notice(lambda d: bool(d.act.charges) and all(c.text.strip() for c in d.act.charges)),
             ("charge",)),
        Item("time", "§ 66 Abs. 1 Nr. 3 OWiG", N_("time of the act"),
             _notice(lambda d: _timed(d.act)), ("time",)),
        Item("place", "§ 66 Abs. 1 Nr. 3 OWiG", N_("place of the act"),
             _notice(lambda d: bool(d.act.place.strip())), ("place",)),
        Item("provisions", "§ 66 Abs. 1 Nr. 3 OWiG", N_("the provisions applied"),
             _notice(lambda d: bool(d.act.charges)
                     and all(c.provisions.strip() for c in d.act.charges)),
             ("provisions",)),
        Item("evidence", "§ 66 Abs. 1 Nr. 4 OWiG", N_("the evidence"),
             _notice(lambda d: any(e.strip() for e in (*d.act.evidence, *d.act.witnesses))),
             ("evidence",)),
        Item("fine", "§ 66 Abs. 1 Nr. 5 OWiG", N_("the fine, of 5 € at least"),
             _notice(lambda d: d.fine >= _LEAST_FINE and d.fee >= 0 and d.expenses >= 0),
             ("fine",)),
        Item("side", "§ 66 Abs. 1 Nr. 5 OWiG", N_("the side consequences in words"),
             _notice(lambda d: all(one.strip() for one in d.side))),
        Item("finality", "§ 66 Abs. 2 Nr. 1 a OWiG",
             N_("that it becomes final and enforceable without an objection"),
             passages=("finality",)),
        Item("worse", "§ 66 Abs. 2 Nr. 1 b OWiG", N_("that an objection may end worse"),
             passages=("worse",)),
        Item("demand", "§ 66 Abs. 2 Nr. 2 a OWiG",
             N_("the demand to pay to an account under a right reference"),
             _payable, ("demand",)),
        Item("inability", "§ 66 Abs. 2 Nr. 2 b OWiG", N_("what to do where one cannot pay"),
             passages=("inability",)),
        Item("detention", "§ 66 Abs. 2 Nr. 3 OWiG", N_("that detention may be ordered"),
             passages=("detention",)),
        _REMEDY,
    ),
    "warning": (
        Item("charge", "§ 56 Abs. 1 OWiG", N_("the act"),
             _warning(lambda d: bool(d.act.charges) and all(c.text.strip() for c in d.act.charges)
                      and _timed(d.act)),
             ("charge", "time", "place")),
        Item("amount", "§ 56 Abs. 1 OWiG", N_("warning money of 5 to 55 €"),
             _warning(lambda d: _LEAST_WARNING <= d.amount <= _MOST_WARNING), ("warning",)),
        Item("reference", "§ 56 Abs. 2 OWiG", N_("an account and a right reference to pay to"),
             _payable),
        Item("refusal", "§ 56 Abs. 2 OWiG", N_("the right to refuse and the period to pay"),
             passages=("refusal",)),
    ),
    "objection_rejected": (
        Item("decision", "§ 69 Abs. 1 OWiG", N_("what is rejected"), passages=("decision",)),
        _REMEDY,
    ),
}  # fmt: skip


def missing(
    template_id: str, details: Details, frame: Frame, passages: Collection[str]
) -> tuple[Item, ...]:
    """What the law demands of such a letter and this one lacks."""
    return tuple(
        item
        for item in MANDATORY.get(template_id, ())
        if not item.test(details, frame) or not set(item.passages) <= set(passages)
    )


def in_words(template: Template, lacking: tuple[Item, ...]) -> str:
    """The sentence that names what is missing."""
    named = "; ".join(f"{item.title} ({item.paragraph})" for item in lacking)
    return _("{letter}: this is missing: {items}.").format(letter=template.title, items=named)
