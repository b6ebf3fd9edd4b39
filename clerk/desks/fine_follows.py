"""What follows from each action of a fine besides its state, as a table: a letter, money."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from clerk.desks import fine_money as money
from clerk.desks.fine_answers import Answers
from clerk.desks.fine_course import reminded_until, until
from clerk.desks.fine_facts import Matter, matter
from clerk.desks.fine_work import Work
from clerk.rules.finality import after_finality
from clerk.rules.fine_costs import costs
from clerk.rules.fine_states import FINAL
from clerk.rules.limitation import finality
from storage.records import Fine
from storage.terms import ClaimKind, FineState

if TYPE_CHECKING:
    from clerk.office_settings import OfficeSettings


@dataclass(frozen=True)
class Taken:
    """A step that has just been taken, and the fine as it stands then."""

    work: Work
    fine: Fine
    settings: "OfficeSettings"
    said: Answers
    on: date

    @cached_property
    def matter(self) -> Matter:
        """How the fine stands after the step; most effects do not ask."""
        return matter(self.work.store.db, self.fine)


Effect = Callable[[Taken], None]


@dataclass(frozen=True, slots=True)
class Follows:
    """``letter``: the template of the draft that is made, but not coming from the states
    ``silent_from``; ``money``: what becomes of the claims."""

    letter: str = ""
    money: Effect = lambda taken: None
    silent_from: frozenset[FineState] = frozenset()


def _cancel(taken: Taken) -> None:
    money.cancel(taken.work, taken.fine.case_id)


def _warning_money(taken: Taken) -> None:
    """The warning money is owed, up to the end of its period."""
    _cancel(taken)
    fine = taken.fine
    if taken.said.amount is not None:
        fine = taken.work.change.set(fine, amount=taken.said.amount)
    due_on = until(taken.matter.steps, FineState.WARNING_OFFERED, taken.settings)
    parts = [(ClaimKind.WARNING, fine.amount)]
    money.claim(taken.work, fine, taken.matter.facts.offender, parts, due_on)


def _notice(taken: Taken) -> None:
    """Fine, fee and expenses are owed; by when says finality."""
    _cancel(taken)
    amount = taken.fine.amount if taken.said.amount is None else taken.said.amount
    found = costs(amount)
    fine = taken.work.change.set(taken.fine, amount=amount, fee=found.fee, expenses=found.expenses)
    parts = [
        (ClaimKind.FINE, amount),
        (ClaimKind.FEE, found.fee),
        (ClaimKind.EXPENSES, found.expenses),
    ]
    money.claim(taken.work, fine, taken.matter.facts.offender, parts, None)


def _due(taken: Taken) -> None:
    """Final: to be paid within two weeks."""
    facts = taken.matter.facts
    since = finality(facts.steps) or taken.on
    due_on, _until = after_finality(since, facts.seat, facts.grace_periods)
    money.due(taken.work, taken.fine.case_id, due_on)


def _decided(taken: Taken) -> None:
    """The court's fine in place of the notice's."""
    if taken.said.amount is not None:
        taken.work.change.set(taken.fine, amount=taken.said.amount)
        money.change_fine(taken.work, taken.fine.case_id, taken.said.amount)
    _due(taken)


def _remind(taken: Taken) -> None:
    """A new day to pay by, and the fee for the reminder where the Land has one."""
    until, fee = reminded_until(taken.on, taken.settings), taken.settings.fines.reminder_fee
    parts = [(ClaimKind.OTHER, fee)]
    money.claim(taken.work, taken.fine, taken.matter.facts.offender, parts, until)
    money.due(taken.work, taken.fine.case_id, until)


def _defer(taken: Taken) -> None:
    money.defer(taken.work, taken.fine.case_id, taken.said.instalments)


def _lapse(taken: Taken) -> None:
    money.lapse(taken.work, taken.fine.case_id)


def _waive(taken: Taken) -> None:
    money.waive(taken.work, taken.fine.case_id)


def _reopen(taken: Taken) -> None:
    """Final again: what was waived is owed again."""
    money.reopen(taken.work, taken.fine.case_id)
    if taken.fine.state in FINAL:
        _due(taken)


FOLLOWS: Mapping[str, Follows] = {
    "fine.warn": Follows(money=_cancel),
    "fine.offer_warning": Follows("warning", _warning_money),
    "fine.investigate": Follows(money=_cancel),
    "fine.hear": Follows("hearing", _cancel),
    "fine.refer": Follows("referral", _cancel),
    "fine.issue": Follows("notice", _notice),
    "fine.reject_objection": Follows("objection_rejected"),
    "fine.to_court": Follows("referral"),
    "fine.withdraw_objection": Follows(money=_due),
    "fine.become_final": Follows(money=_due),
    "fine.decide": Follows(money=_decided),
    "fine.remind": Follows("reminder", _remind),
    "fine.defer": Follows("instalments", _defer),
    "fine.lapse": Follows(money=_lapse),
    "fine.enforce": Follows(
        "enforcement", silent_from=frozenset({FineState.ENFORCEMENT, FineState.DETENTION})
    ),
    "fine.discontinue": Follows("closing", _cancel),
    "fine.settle": Follows(money=_waive),
    "fine.death": Follows(money=_cancel),
    "fine.reopen": Follows(money=_reopen),
}
"""An action that is not named has neither."""
