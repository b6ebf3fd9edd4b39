"""The way of a fine (OWiG 35-101) as data: states, actions, what begins with a state.

What an action needs besides its state says ``fine_guards.py``, what it asks for ``fine_asks.py``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from clerk.i18n import N_, _
from clerk.rules.deadlines import Rule, deadline
from clerk.rules.finality import after_finality
from clerk.rules.holidays import Seat
from clerk.rules.periods import Period
from storage.terms import FineState as S

CLOSED = frozenset({S.WARNED, S.WARNING_EFFECTIVE, S.DISCONTINUED, S.SETTLED})
"""States in which the case is closed."""

FINAL = frozenset({S.FINAL, S.DEFERRED, S.ENFORCEMENT, S.DETENTION})
"""States in which the fine is final and can be claimed."""

_ALWAYS = {"fine.discontinue": S.DISCONTINUED, "fine.death": S.SETTLED}
_BEFORE = {  # nothing has been decided yet
    **_ALWAYS,
    "fine.investigate": S.INVESTIGATING,
    "fine.warn": S.WARNED,
    "fine.offer_warning": S.WARNING_OFFERED,
    "fine.hear": S.HEARING,
    "fine.refer": S.REFERRED,
}

FINE_STATES: Mapping[S, Mapping[str, S]] = {
    S.RECORDED: {**_BEFORE, "fine.edit": S.RECORDED},
    S.INVESTIGATING: {**_BEFORE, "fine.edit": S.INVESTIGATING, "fine.conclude": S.INVESTIGATED},
    S.WARNED: {"fine.reopen": S.INVESTIGATING},
    S.WARNING_OFFERED: {
        **_BEFORE,
        "fine.edit": S.WARNING_OFFERED,
        "fine.accept_warning": S.WARNING_EFFECTIVE,
    },
    S.WARNING_EFFECTIVE: {"fine.reopen": S.WARNING_OFFERED},
    S.HEARING: {
        **_BEFORE,
        "fine.edit": S.HEARING,
        "fine.conclude": S.INVESTIGATED,
        "fine.issue": S.NOTICE,
    },
    S.REFERRED: {**_ALWAYS, "fine.take_back": S.INVESTIGATING},
    S.INVESTIGATED: {**_BEFORE, "fine.edit": S.INVESTIGATED, "fine.issue": S.NOTICE},
    S.NOTICE: {**_ALWAYS, "fine.serve": S.SERVED, "fine.object": S.OBJECTION},
    S.SERVED: {
        **_ALWAYS,
        "fine.serve": S.SERVED,
        "fine.object": S.OBJECTION,
        "fine.become_final": S.FINAL,
    },
    S.OBJECTION: {
        **_ALWAYS,
        "fine.serve": S.OBJECTION,
        "fine.reject_objection": S.REJECTED,
        "fine.admit": S.INTERMEDIATE,
        "fine.withdraw_objection": S.FINAL,
    },
    S.REJECTED: {
        **_ALWAYS,
        "fine.admit": S.INTERMEDIATE,
        "fine.to_court": S.COURT,
        "fine.withdraw_objection": S.FINAL,
        "fine.become_final": S.FINAL,
    },
    S.INTERMEDIATE: {
        **_ALWAYS,
        "fine.edit": S.INTERMEDIATE,
        "fine.issue": S.NOTICE,
        "fine.to_court": S.COURT,
        "fine.withdraw_objection": S.FINAL,
    },
    S.COURT: {
        **_ALWAYS,
        "fine.take_back": S.INTERMEDIATE,
        "fine.decide": S.FINAL,
        "fine.withdraw_objection": S.FINAL,
    },
    S.FINAL: {
        "fine.death": S.SETTLED,
        "fine.object": S.OBJECTION,
        "fine.remind": S.FINAL,
        "fine.defer": S.DEFERRED,
        "fine.enforce": S.ENFORCEMENT,
        "fine.settle": S.SETTLED,
    },
    S.DEFERRED: {
        "fine.death": S.SETTLED,
        "fine.object": S.OBJECTION,
        "fine.defer": S.DEFERRED,
        "fine.lapse": S.FINAL,
        "fine.settle": S.SETTLED,
    },
    S.ENFORCEMENT: {
        "fine.death": S.SETTLED,
        "fine.object": S.OBJECTION,
        "fine.defer": S.DEFERRED,
        "fine.enforce": S.ENFORCEMENT,
        "fine.detain": S.DETENTION,
        "fine.settle": S.SETTLED,
    },
    S.DETENTION: {
        "fine.death": S.SETTLED,
        "fine.object": S.OBJECTION,
        "fine.defer": S.DEFERRED,
        "fine.enforce": S.ENFORCEMENT,
        "fine.settle": S.SETTLED,
    },
    S.DISCONTINUED: {"fine.reopen": S.INVESTIGATING},
    S.SETTLED: {"fine.reopen": S.FINAL},
}

WHEN_PAID: Mapping[S, tuple[S, ...]] = {
    S.WARNING_OFFERED: (S.WARNING_EFFECTIVE,),
    S.WARNING_EFFECTIVE: (S.WARNING_OFFERED,),
    S.FINAL: (S.SETTLED,),
    S.DEFERRED: (S.SETTLED,),
    S.ENFORCEMENT: (S.SETTLED,),
    S.DETENTION: (S.SETTLED, S.ENFORCEMENT),
    S.SETTLED: (S.FINAL,),
}
"""Where a payment, or its reversal, leads by itself (``clerk.desks.fine_paid``)."""

ACTIONS: tuple[str, ...] = tuple(
    dict.fromkeys(action for row in FINE_STATES.values() for action in row)
)
"""Every action that a state knows, each once."""


def next_fine_state(state: str, action: str) -> S | None:
    """Where the action leads from this state, None if it cannot be done there."""
    return FINE_STATES[S(state)].get(action)


# Why an action is not there, in the words of the office: said where the state does not list it.
_NOT_NOW: Mapping[str, str] = {
    "fine.edit": N_("The notice has been issued: its facts no longer change."),
    "fine.investigate": N_("There is nothing left to investigate in this state."),
    "fine.warn": N_("A warning comes before the notice."),
    "fine.offer_warning": N_("A warning comes before the notice."),
    "fine.accept_warning": N_("No warning has been offered."),
    "fine.hear": N_("The hearing comes before the notice."),
    "fine.refer": N_(
        "A matter goes to the prosecutor before the notice; after an objection it goes to court."
    ),
    "fine.take_back": N_("The matter lies neither with the prosecutor nor with the court."),
    "fine.conclude": N_("The investigation can be concluded only after the hearing."),
    "fine.issue": N_("A notice can be issued only after the hearing."),
    "fine.serve": N_("There is no notice that could be served."),
    "fine.object": N_("There is no notice that could be objected to."),
    "fine.reject_objection": N_("There is no objection to decide about."),
    "fine.admit": N_("There is no objection to decide about."),
    "fine.withdraw_objection": N_("There is no objection that could be withdrawn."),
    "fine.to_court": N_("Only what was objected to goes to court."),
    "fine.decide": N_("The matter does not lie with the court."),
    "fine.become_final": N_(
        "Only a notice that was served, or a rejected objection, becomes final."
    ),
    "fine.remind": N_("Only a final fine that is not deferred and not enforced is reminded of."),
    "fine.defer": N_("Payment can be deferred only once the fine is final."),
    "fine.lapse": N_("No deferral was granted."),
    "fine.enforce": N_("Only a final fine can be enforced; a deferral has to lapse first."),
    "fine.detain": N_("Coercive detention is applied for in enforcement only."),
    "fine.discontinue": N_(
        "A final fine is not discontinued; it is settled, for instance by waiver."
    ),
    "fine.settle": N_("Only a final fine is settled; before that it is discontinued."),
    "fine.death": N_("The matter is closed."),
    "fine.reopen": N_("The matter is not closed."),
}


def not_now(state: str, action: str) -> str:
    """Why the action cannot be done in this state, as a sentence."""
    if S(state) in CLOSED and action != "fine.reopen":
        return _("The matter is closed; reopen it first.")
    return _(_NOT_NOW[action])


@dataclass(frozen=True, slots=True)
class Term:
    """A term or follow-up that begins with a state and ends when the state is left.

    ``id`` is the follow-up's ``rule``. ``period``: a fixed one of the law, or the name of an office
    setting that holds days (``grace_periods``: periods of two weeks). ``text``: untranslated.
    """

    id: str
    rule: Rule
    period: Period | str
    text: str


_TWO_WEEKS = Period(2, "W")

DEADLINES: Mapping[S, tuple[Term, ...]] = {
    S.INVESTIGATING: (
        Term(
            "fine.answer", Rule.EXCL_ROLL, "investigation_days", N_("Has the query been answered?")
        ),
    ),
    S.WARNING_OFFERED: (
        Term(
            "fine.warning",
            Rule.EXCL_ROLL,
            "warning_days",
            N_("Warning money paid? Otherwise hearing"),
        ),
    ),
    S.HEARING: (
        Term(
            "fine.hearing",
            Rule.EXCL_ROLL,
            "hearing_days",
            N_("Hearing over: conclude or issue the notice"),
        ),
    ),
    S.REFERRED: (
        Term(
            "fine.prosecutor",
            Rule.EXCL_ROLL,
            "status_days",
            N_("Ask the prosecutor how the matter stands"),
        ),
    ),
    S.NOTICE: (
        Term(
            "fine.service",
            Rule.EXCL_NOROLL,
            _TWO_WEEKS,
            N_("Served? From now on only service interrupts limitation"),
        ),
    ),
    S.SERVED: (
        Term("fine.objection", Rule.EXCL_ROLL, _TWO_WEEKS, N_("Period for objection over: final?")),
    ),
    S.OBJECTION: (
        Term(
            "fine.admission",
            Rule.EXCL_ROLL,
            "objection_days",
            N_("Decide whether the objection is admissible"),
        ),
    ),
    S.REJECTED: (
        Term(
            "fine.rejection",
            Rule.EXCL_ROLL,
            _TWO_WEEKS,
            N_("Period for the application to the court over: final?"),
        ),
    ),
    S.INTERMEDIATE: (
        Term(
            "fine.intermediate",
            Rule.EXCL_ROLL,
            "objection_days",
            N_("Uphold or withdraw the notice"),
        ),
    ),
    S.COURT: (
        Term(
            "fine.court", Rule.EXCL_ROLL, "status_days", N_("Ask the court how the matter stands")
        ),
    ),
    S.FINAL: (
        Term("fine.payment", Rule.EXCL_ROLL, "grace_periods", N_("Paid? Otherwise enforcement")),
    ),
    S.ENFORCEMENT: (
        Term("fine.enforcement", Rule.EXCL_ROLL, "status_days", N_("Ask how enforcement stands")),
    ),
    S.DETENTION: (
        Term(
            "fine.detention", Rule.EXCL_ROLL, "status_days", N_("Ask the court about the detention")
        ),
    ),
}
"""What begins with a state. An instalment plan has its own days; limitation is warned of in every
state that is not closed (``LIMITATION``)."""

REMIND = "fine.remind"
REMINDED = Term(
    "fine.payment",
    Rule.EXCL_ROLL,
    "reminder_days",
    N_("Paid after the reminder? Otherwise enforcement"),
)
"""Takes the place of the term of a final fine once it was reminded of."""


def terms(state: S, action: str) -> tuple[Term, ...]:
    """What begins when an action has led to a state."""
    return (REMINDED,) if action == REMIND else DEADLINES.get(state, ())


LIMITATION = "fine.limitation"
"""The rule of the follow-up ``limitation_warning_days`` before the limitation date."""


def due(term: Term, begun_on: date, seat: Seat, settings: Mapping[str, int]) -> date:
    """The day on which a term that began on ``begun_on`` is to be looked at: its last day."""
    if term.period == "grace_periods":
        return after_finality(begun_on, seat, settings["grace_periods"])[1]
    period = term.period
    if isinstance(period, str):
        period = Period(settings[period], "D")
    return deadline(term.rule, begun_on, period, seat).end
