"""Scenarios of the fines' actions: a fine that has come as far as the action needs."""

from collections.abc import Sequence
from datetime import timedelta

from clerk import clock
from clerk.catalogue.read import SHIPPED
from clerk.desks import catalogue, fine_acts, fine_edit, fine_retention, fines
from clerk.desks.fine_answers import answers
from clerk.desks.fine_report import Charge, Report
from clerk.intake.devices.receive import import_records
from clerk.rules.fine_states import ACTIONS
from clerk.session import Session
from storage.actor import Actor
from storage.ids import uuid7
from storage.pages import fines as pages
from storage.records import Case
from storage.terms import ClaimState, FineState
from tests import support
from tests.clerk.desks.fining import somebody
from tests.clerk.desks.trying import Scenario, Try
from tests.clerk.intake.devices import making

SAID: dict[str, dict[str, str]] = {
    "investigate": {"text": "Halteranfrage"},
    "accept_warning": {"on": "heute"},
    "refer": {"text": "Nötigung"},
    "take_back": {"on": "heute"},
    "conclude": {"text": "keine Einlassung"},
    "serve": {"on": "heute", "way": "letter_box"},
    "object": {"on": "heute", "form": "written"},
    "reject_objection": {"text": "verspätet"},
    "withdraw_objection": {"on": "heute"},
    "to_court": {"on": "heute", "file_access": "yes"},
    "decide": {"on": "heute", "text": "AG"},
    "become_final": {"waived": "yes"},
    "defer": {"instalments": "1x10 1.8."},
    "lapse": {"text": "Rate fehlt"},
    "enforce": {"evasion": "yes"},
    "discontinue": {"reason": "not_expedient"},
    "settle": {"reason": "paid"},
    "death": {"on": "heute"},
    "reopen": {"text": "neue Beweise"},
}
"""What is said with an action, as it is typed."""
_TO_NOTICE = ("hear", "conclude", "issue", "serve")
_TO_FINAL = (*_TO_NOTICE, "become_final")
_TO_COURT = (*_TO_NOTICE, "object", "admit", "to_court")
# What has to be done before an action can be.
_BEFORE: dict[str, Sequence[str]] = {
    "accept_warning": ("offer_warning",),
    "take_back": ("refer",),
    "conclude": ("hear",),
    "issue": ("hear", "conclude"),
    "serve": ("hear", "conclude", "issue"),
    "object": _TO_NOTICE,
    "reject_objection": (*_TO_NOTICE, "object"),
    "admit": (*_TO_NOTICE, "object"),
    "withdraw_objection": (*_TO_NOTICE, "object"),
    "to_court": _TO_COURT[:-1],
    "decide": _TO_COURT,
    "become_final": _TO_NOTICE,
    "defer": _TO_FINAL,
    "lapse": (*_TO_FINAL, "defer"),
    "enforce": _TO_FINAL,
    "detain": (*_TO_FINAL, "enforce"),
    "settle": _TO_FINAL,
    "remind": _TO_FINAL,
    "reopen": ("discontinue",),
}


def report() -> Report:
    """An offence of no catalogue."""
    return Report(
        charges=[Charge(charge="Sie haben gelärmt.", provisions="§ 117 OWiG", amount=40_00)],
        acted_from=clock.today().isoformat(),
        place="Marktplatz",
        evidence="Zeuge",
        parties=[somebody(given_name=uuid7())],  # nobody who was in another matter
    )


def come_to(session: Session, action: str, office: str) -> str:
    """The case of a fine in an office to which ``action`` can be done."""
    case_id = fines.record(session.store, session.actor, report(), office_id=office).case.id
    for one in _BEFORE.get(action, ()):
        do(session, session.actor, one, case_id)
        if one == "issue":
            support.sign_letters(session, case_id)
    if action == "settle":
        with session.store.change(session.actor, "test.paid") as change:
            for claim in pages.claims(session.store.db, case_id):
                change.set(claim, state=ClaimState.PAID, paid=claim.amount)
    if action == "remind":  # it was due yesterday
        with session.store.change(session.actor, "test.due") as change:
            yesterday = clock.today() - timedelta(days=1)
            for claim in pages.claims(session.store.db, case_id):
                change.set(claim, due_on=yesterday.isoformat())
    return case_id


def do(session: Session, actor: Actor, action: str, case_id: str) -> object:
    """The use case of an action by its short name."""
    name = f"fine.{action}"
    if name == fine_edit.ACTION:
        return fine_edit.edit(session.store, actor, case_id, report())
    said = answers(name, SAID.get(action, {}), clock.today())
    return fine_acts.act(session.store, actor, [case_id], name, said)


def on_fine(action: str) -> Scenario:
    """An action of the table; a fine always lies with an office."""

    def scenario(session: Session, actor: Actor, office: str | None) -> Try | None:
        if office is None:
            return None
        case_id = come_to(session, action, office)
        return Try(
            lambda: do(session, actor, action, case_id),
            lambda: fine_acts.can(actor, f"fine.{action}", session.store.db, case_id),
            f"fine.{action}",
        )

    return scenario


def new_fine(session: Session, actor: Actor, office: str | None) -> Try:
    """Recording one; without an office it goes to the actor's own."""
    return Try(
        lambda: fines.record(session.store, actor, report(), office_id=office), entry="fine.new"
    )


def waive(session: Session, actor: Actor, office: str | None) -> Try | None:
    """Settling what was not paid takes another right than settling what was."""
    if office is None:
        return None
    case_id = come_to(session, "enforce", office)
    said = answers("fine.settle", {"reason": "waived"}, clock.today())
    return Try(
        lambda: fine_acts.act(session.store, actor, [case_id], "fine.settle", said),
        entry="fine.settle",
    )


def bring_in(session: Session, actor: Actor, office: str | None) -> Try | None:
    """A record of a field device, for an office that has the offence in its catalogue."""
    if office is None:
        return None
    data = SHIPPED.read_bytes()
    catalogue.import_catalogue(session.store, session.actor, office, SHIPPED, data)
    text = making.winowig([making.case(1, number=uuid7()[-12:])])
    path = making.folder(session.home / "device", {"xmlmde.xml": text})
    return Try(
        lambda: import_records(session.store, actor, path, office_id=office), entry="fine.import"
    )


def kept(action: str) -> Scenario:
    """Data protection of a matter that has ended long ago."""

    def scenario(session: Session, actor: Actor, office: str | None) -> Try | None:
        if office is None:
            return None
        case_id = come_to(session, "reopen", office)
        day = (clock.today() - timedelta(days=1)).isoformat()
        review = day if action == "keep" else None
        with session.store.change(session.actor, "test.kept") as change:
            fine = pages.of_case(session.store.db, case_id)
            assert fine is not None
            change.set(fine, restricted=int(action == "lift"), review_on=review)
            if action == "keep":
                change.set(fine, state=FineState.SETTLED)
            change.set(change.get(Case, case_id), retain_until=day)
        act = getattr(fine_retention, action)
        return Try(
            lambda: act(session.store, actor, [case_id], "Frist abgelaufen"),
            lambda: fine_retention.can(actor, f"fine.{action}", session.store.db, case_id),
            f"fine.{action}",
        )

    return scenario


FINE_SCENARIOS: dict[str, Scenario] = {
    "fine.new": new_fine,
    "fine.import": bring_in,
    **{name: on_fine(name.removeprefix("fine.")) for name in ACTIONS},
    "fine.waive": waive,
    **{f"fine.{one}": kept(one) for one in ("restrict", "lift", "keep", "erase")},
}
