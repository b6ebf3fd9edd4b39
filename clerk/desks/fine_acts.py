"""Doing something about fines: every action of their table by one use case.

Guard, then the step with all that follows, in one change: one undo takes all of it back.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from clerk import clock
from clerk.desks import fine_facts
from clerk.desks.fine_answers import Answers
from clerk.desks.fine_facts import Matter, matter
from clerk.desks.fine_paid import after_payment
from clerk.desks.fine_steps import take
from clerk.desks.fine_work import Work
from clerk.desks.outcome import Outcome, sort_out
from clerk.i18n import _
from clerk.refusal import Refusal, refuse
from clerk.rules.finality import objection_until
from clerk.rules.fine_states import FINAL
from clerk.rules.permissions import may
from storage.actor import Actor
from storage.pages import fines
from storage.pages.keyset import every
from storage.records import Fine
from storage.store import Store
from storage.terms import FineState

if TYPE_CHECKING:
    from sqlite3 import Connection

_DAY = timedelta(days=1)
NOTHING_SAID = Answers()


def fine_of(db: "Connection", case_id: str) -> Fine:
    """The fine of a case. Refused ``fine.none`` where it is no fine's."""
    found = fines.of_case(db, case_id)
    if found is None:
        raise refuse("fine.none", _("This case is no fine's."))
    return found


def can(actor: Actor, action: str, db: "Connection", case_id: str) -> Refusal | None:
    """Why this actor cannot do this to the fine of a case now; None if they can."""
    return fine_facts.can(actor, action, matter(db, fine_of(db, case_id)))


def act(
    store: Store,
    actor: Actor,
    case_ids: Sequence[str],
    action: str,
    said: Answers = NOTHING_SAID,
) -> Outcome:
    """Do an action of the table to the fines of these cases, as one change.

    Refused with the first reason where none can be done.
    """
    with store.change(actor, action) as change:
        work = Work(store, change, actor)
        found = [fine_of(store.db, one) for one in dict.fromkeys(case_ids)]
        matters = {one.id: matter(store.db, one) for one in found}

        def guard(fine: Fine) -> Refusal | None:
            one = matters[fine.id]
            return fine_facts.accepts(actor, action, one, said.given(day_of(action, one, said)))

        passed, refused = sort_out(found, guard)
        for fine in passed:
            one = matters[fine.id]
            after = take(work, one, action, said.dated(day_of(action, one, said)))
            if after.state in FINAL:  # what was paid before settles it at once
                after_payment(store, change, fine.case_id)
    by_id = {fine.id: fine.case_id for fine in found}
    return Outcome(
        action,
        tuple(fine.case_id for fine in passed),
        tuple((by_id[fine_id], why) for fine_id, why in refused),
    )


def day_of(action: str, one: Matter, said: Answers) -> date:
    """The day that counts in law: the one said, else the day after the period where the action is
    that it has ended, else today."""
    if said.on:
        return said.on
    today = clock.today()
    served = one.facts.last("fine.serve", "fine.reject_objection")
    if action == "fine.become_final" and served and not said.flag("waived"):
        return min(objection_until(served, one.facts.seat) + _DAY, today)
    return today


def due_final(store: Store, actor: Actor) -> list[str]:
    """The cases of the actor's offices that can become final, their period being over."""
    action = "fine.become_final"
    offices = [one for one in actor.offices if may(action, actor.roles, one)]
    due: list[str] = []
    keyset = fines.in_states(offices, (FineState.SERVED, FineState.REJECTED))
    for row in every(store.db, keyset):
        one = matter(store.db, fine_of(store.db, row.case_id))
        given = NOTHING_SAID.given(day_of(action, one, NOTHING_SAID))
        if fine_facts.accepts(actor, action, one, given) is None:
            due.append(row.case_id)
    return due
