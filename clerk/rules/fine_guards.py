"""Why an action of a fine cannot be done: pure functions over facts, in the words of the office.

``can`` knows the facts alone and dims a key; ``accepts`` also looks at what the clerk gave. Both
answer with a ``Refusal`` or None.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from clerk.dates import short_date
from clerk.i18n import N_, _
from clerk.refusal import Refusal
from clerk.rules import warnings
from clerk.rules.finality import after_finality, objection_until
from clerk.rules.fine_costs import MIN_FINE
from clerk.rules.fine_states import FINAL, next_fine_state, not_now
from clerk.rules.holidays import Seat
from clerk.rules.limitation import Step, finality
from clerk.rules.retention import AGE_OF_RESPONSIBILITY, YOUNG_UNTIL, age
from storage.terms import FineState, Guilt, OffenceArea

_CHILD_ONLY = frozenset({"fine.edit", "fine.discontinue", "fine.death", "fine.reopen"})
_DEAD_ONLY = frozenset({"fine.death", "fine.discontinue", "fine.settle"})
_NEEDS_OFFENDER = frozenset({"fine.hear", "fine.conclude", "fine.issue"})
_PROSECUTES = frozenset(
    {"fine.warn", "fine.offer_warning", "fine.hear", "fine.conclude", "fine.issue"}
)
_ENFORCES = frozenset({"fine.defer", "fine.enforce", "fine.detain"})
_VALID_FORMS = frozenset({"written", "record", "electronic"})  # 67(1), 110c
# The step that a step cannot lie before.
_AFTER: Mapping[str, tuple[str, ...]] = {
    "fine.accept_warning": ("fine.offer_warning",),
    "fine.serve": ("fine.issue",),
    "fine.object": ("fine.issue",),
    "fine.become_final": ("fine.serve", "fine.reject_objection"),
    "fine.reject_objection": ("fine.object",),
    "fine.admit": ("fine.object",),
    "fine.withdraw_objection": ("fine.object",),
    "fine.to_court": ("fine.object",),
    "fine.decide": ("fine.to_court",),
    "fine.take_back": ("fine.refer", "fine.to_court"),
    "fine.lapse": ("fine.defer",),
}


_LACKING: Mapping[str, str] = {
    "address": N_("address of the person charged"),
    "provisions": N_("provisions"),
    "evidence": N_("evidence or a witness"),
}


@dataclass(frozen=True, slots=True)
class FineFacts:
    """What the guards ask about a fine. Amounts in cents.

    ``maximum``: the highest that the law threatens for its offences (for intent). ``offender``,
    ``born_on``, ``died_on``: the person charged, None: not known. ``steps`` in their order, with
    persons' ids. ``barred_after``: the last day for prosecution or enforcement. ``hearing_until``,
    ``warning_until``: the last days of these periods where they run or ran. ``owed``: what is
    claimed and not paid; ``due_on``: the last day to pay it, None: nobody has said it.
    ``notice_signed``: whether the letter of the last notice has its signatures. ``lacking``: what
    a notice must say and nobody has said yet, of :data:`_LACKING`.
    """

    state: FineState
    area: OffenceArea
    guilt: Guilt
    amount: int
    maximum: int
    acted_on: date
    seat: Seat
    offender: str | None = None
    born_on: date | None = None
    died_on: date | None = None
    steps: Sequence[Step] = ()
    barred_after: date | None = None
    hearing_until: date | None = None
    warning_until: date | None = None
    grace_periods: int = 1
    owed: int = 0
    due_on: date | None = None
    notice_signed: bool = True
    lacking: tuple[str, ...] = ()

    def last(self, *actions: str) -> date | None:
        """The day of the last step with one of these actions."""
        return next((one.on for one in reversed(self.steps) if one.action in actions), None)

    @property
    def heard(self) -> bool:
        """Whether the person charged was heard (OWiG 55)."""
        return any(one.action == "fine.hear" and one.person == self.offender for one in self.steps)


@dataclass(frozen=True, slots=True)
class Given:
    """What a clerk gave with an action: the day that counts in law, and what ``fine_asks``
    names."""

    on: date
    amount: int | None = None
    reason: str = ""
    form: str = ""
    waived: bool = False
    evasion: bool = False
    unable: bool = False
    reinstated: bool = False
    file_access: bool = True


def too_young(born_on: date | None, acted_on: date) -> bool:
    """Whether a person was no 14 years old at the time of the act (OWiG 12(1))."""
    return born_on is not None and age(born_on, acted_on) < AGE_OF_RESPONSIBILITY


def is_young(born_on: date | None, acted_on: date) -> bool:
    """Whether a person was 14 to 20: youth judge, and tasks before detention (OWiG 68(2), 98)."""
    return born_on is not None and AGE_OF_RESPONSIBILITY <= age(born_on, acted_on) < YOUNG_UNTIL


def can_charge(born_on: date | None, acted_on: date) -> Refusal | None:
    """Whether a person can be charged with an act at all."""
    if too_young(born_on, acted_on):
        return Refusal(
            "fine.child", _("Under 14 at the time of the act: no sanction is possible (OWiG 12).")
        )
    return None


def can(action: str, facts: FineFacts, today: date) -> Refusal | None:
    """Whether the action fits the state and the facts."""
    if next_fine_state(facts.state, action) is None:
        return Refusal("fine.state", not_now(facts.state, action))
    if facts.died_on is not None and action not in _DEAD_ONLY:
        return Refusal("fine.dead", _("The person charged has died: the matter ends (OWiG 101)."))
    if action not in _CHILD_ONLY and (refusal := can_charge(facts.born_on, facts.acted_on)):
        return refusal
    if action in _NEEDS_OFFENDER and facts.offender is None:
        return Refusal(
            "fine.no_offender", _("The person charged is not known yet; investigate first.")
        )
    if refusal := _barred(action, facts, today):
        return refusal
    own = _CAN.get(action)
    return own(facts, today) if own else None


def accepts(action: str, facts: FineFacts, given: Given, today: date) -> Refusal | None:
    """Whether the action can be done with what was given; asks ``can`` first."""
    if refusal := can(action, facts, today):
        return refusal
    if given.on > today:
        return Refusal("fine.future", _("The date lies in the future."))
    if action != "fine.death" and given.on < facts.acted_on:
        return Refusal("fine.before_act", _("The date lies before the act."))
    earlier = facts.last(*_AFTER.get(action, ()))
    if earlier is not None and given.on < earlier:
        return Refusal("fine.order", _("The date lies before the step that it follows."))
    own = _ACCEPTS.get(action)
    return own(facts, given) if own else None


def is_late(facts: FineFacts, received_on: date) -> bool:
    """Whether an objection was received after its period (OWiG 67(1)): it is recorded and marked,
    and to be rejected (69(1)) unless the person is reinstated (52)."""
    served = facts.last("fine.serve")
    return served is not None and received_on > objection_until(served, facts.seat)


def _barred(action: str, facts: FineFacts, today: date) -> Refusal | None:
    if facts.barred_after is None or today <= facts.barred_after:
        return None
    if action in _PROSECUTES and facts.state not in FINAL:
        return Refusal(
            "fine.time_barred", _("The act is time-barred (OWiG 31): discontinue the matter.")
        )
    if action in _ENFORCES:
        return Refusal(
            "fine.time_barred", _("Enforcement is time-barred (OWiG 34): settle the matter.")
        )
    return None


def _after_hearing(facts: FineFacts, today: date) -> Refusal | None:
    if facts.heard:
        return None
    return Refusal(
        "fine.not_heard", _("A notice only after the hearing: hear the person charged (OWiG 55).")
    )


def _can_issue(facts: FineFacts, today: date) -> Refusal | None:
    if refusal := _after_hearing(facts, today):
        return refusal
    if facts.lacking:
        what = ", ".join(_(_LACKING[one]) for one in facts.lacking)
        return Refusal(
            "fine.lacking",
            _("A notice must say it, and it is missing: {what} (OWiG 66). Add it first.").format(
                what=what
            ),
        )
    until = facts.hearing_until
    if facts.state is FineState.HEARING and until is not None and today <= until:
        return Refusal(
            "fine.hearing_runs",
            _("The hearing runs until {day}; conclude it first if the answer is here.").format(
                day=short_date(until, today)
            ),
        )
    return None


def _can_serve(facts: FineFacts, today: date) -> Refusal | None:
    """What nobody has signed is no notice that could be served."""
    if facts.notice_signed:
        return None
    return Refusal(
        "fine.not_signed",
        _("The notice is not signed yet: sign its letter, then it can be served."),
    )


def _can_detain(facts: FineFacts, today: date) -> Refusal | None:
    if facts.last("fine.detain") is not None:
        return Refusal(
            "fine.detained", _("Coercive detention is possible once for an amount (OWiG 96(3)).")
        )
    return None if facts.owed > 0 else _paid()


def _can_be_owed(facts: FineFacts, today: date) -> Refusal | None:
    return None if facts.owed > 0 else _paid()


def _can_remind(facts: FineFacts, today: date) -> Refusal | None:
    if facts.owed <= 0:
        return _paid()
    if facts.due_on is None or today > facts.due_on:
        return None
    return Refusal(
        "fine.not_due",
        _("It can be paid until {day}; a reminder goes out after that.").format(
            day=short_date(facts.due_on, today)
        ),
    )


def _paid() -> Refusal:
    return Refusal("fine.paid", _("Nothing is owed any more: settle the matter."))


def _can_reopen(facts: FineFacts, today: date) -> Refusal | None:
    if facts.state is FineState.WARNING_EFFECTIVE and facts.owed <= 0:
        return Refusal(
            "fine.barred_by_warning",
            _("The warning is effective: the act cannot be prosecuted again (OWiG 56(4))."),
        )
    if facts.state is FineState.SETTLED and finality(facts.steps[:-1]) is None:
        return Refusal("fine.never_final", _("There is no final fine to go back to."))
    return None


def _accepts_warning_money(facts: FineFacts, given: Given) -> Refusal | None:
    amount = facts.amount if given.amount is None else given.amount
    if warnings.is_warning(amount, facts.area):
        return None
    sentence = _("Warning money is 5 to 55 euros (OWiG 56(1)).")
    if warnings.is_warning(amount, OffenceArea.MUNICIPAL):
        sentence = _("In traffic warning money goes in steps of 5 euros (BKatV 2(3)).")
    return Refusal("fine.warning_amount", sentence)


def _accepts_payment(facts: FineFacts, given: Given) -> Refusal | None:
    if facts.warning_until is None or given.on <= facts.warning_until:
        return None
    return Refusal(
        "fine.warning_late",
        _("Paid too late, so the warning is not effective: offer it again or hear the person."),
    )


def _accepts_fine(facts: FineFacts, given: Given) -> Refusal | None:
    amount = facts.amount if given.amount is None else given.amount
    most = warnings.threatened(facts.maximum, facts.guilt)
    if MIN_FINE <= amount <= most:
        return None
    sentence = _("The fine must lie between 5 and {most} euros (OWiG 17).")
    return Refusal("fine.amount", sentence.format(most=most // 100))


def _accepts_finality(facts: FineFacts, given: Given) -> Refusal | None:
    since = facts.last("fine.serve", "fine.reject_objection")
    if given.waived or since is None:
        return None
    until = objection_until(since, facts.seat)
    # A fine that was final before a late objection stays final since then.
    if given.on > until or finality(facts.steps) is not None:
        return None
    return Refusal(
        "fine.period_runs",
        _("The period runs until {day}; the fine is final on the day after.").format(
            day=short_date(until, given.on)
        ),
    )


def _accepts_admission(facts: FineFacts, given: Given) -> Refusal | None:
    received = facts.last("fine.object")
    if given.reinstated or received is None or not is_late(facts, received):
        return None
    return Refusal(
        "fine.objection_late",
        _("The objection came late: reject it, or reinstate the person first (OWiG 52, 69(1))."),
    )


def _accepts_court(facts: FineFacts, given: Given) -> Refusal | None:
    if given.file_access:
        return None
    return Refusal(
        "fine.file_access", _("Decide about file access before the file goes out (OWiG 69(3)).")
    )


def _accepts_enforcement(facts: FineFacts, given: Given) -> Refusal | None:
    since = finality(facts.steps)
    if given.evasion or since is None:
        return None
    _due, until = after_finality(since, facts.seat, facts.grace_periods)
    until = max(until, facts.due_on or until)  # a reminder gave more time
    if given.on > until:
        return None
    return Refusal(
        "fine.grace",
        _("Enforcement only after {day} (OWiG 95(1)), unless evasion is to be feared.").format(
            day=short_date(until, given.on)
        ),
    )


def _accepts_detention(facts: FineFacts, given: Given) -> Refusal | None:
    if not given.unable:
        return None
    return Refusal(
        "fine.unable",
        _("Whoever cannot pay is not detained (OWiG 96(1)): defer payment or waive it."),
    )


def _accepts_settling(facts: FineFacts, given: Given) -> Refusal | None:
    if given.reason == "paid" and facts.owed > 0:
        return Refusal("fine.owed", _("Not everything is paid yet."))
    if given.reason == "time_barred" and (
        facts.barred_after is None or given.on <= facts.barred_after
    ):
        return Refusal("fine.not_barred", _("The fine is not time-barred yet."))
    return None


def is_valid_form(form: str) -> bool:
    """Whether an objection was raised in a form of the law (OWiG 67(1), 110c)."""
    return form in _VALID_FORMS


_CAN: Mapping[str, Callable[[FineFacts, date], Refusal | None]] = {
    "fine.conclude": _after_hearing,
    "fine.issue": _can_issue,
    "fine.serve": _can_serve,
    "fine.remind": _can_remind,
    "fine.defer": _can_be_owed,
    "fine.enforce": _can_be_owed,
    "fine.detain": _can_detain,
    "fine.reopen": _can_reopen,
}
_ACCEPTS: Mapping[str, Callable[[FineFacts, Given], Refusal | None]] = {
    "fine.offer_warning": _accepts_warning_money,
    "fine.accept_warning": _accepts_payment,
    "fine.issue": _accepts_fine,
    "fine.become_final": _accepts_finality,
    "fine.admit": _accepts_admission,
    "fine.to_court": _accepts_court,
    "fine.enforce": _accepts_enforcement,
    "fine.detain": _accepts_detention,
    "fine.settle": _accepts_settling,
}
