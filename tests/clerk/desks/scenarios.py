"""One scenario per action: a fresh record that the action fits, and its real use case.

A new action joins the permission matrix by a scenario here; until it has one, a test fails.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

from clerk.catalogue.read import shipped
from clerk.catalogue.write import as_csv
from clerk.desks import (
    absences,
    cases,
    catalogue,
    conflicts,
    follow_ups,
    inbox,
    letters,
    office_settings,
    outbox,
    payments,
    returned,
    signing,
)
from clerk.desks.inbox_guards import GUARDS as ITEM_GUARDS
from clerk.desks.services import import_services
from clerk.intake.bank.booking import import_entries
from clerk.intake.bank.entry import BankEntry
from clerk.letters.details import Address, Plain
from clerk.library.load import load_services
from clerk.office_settings import OnlinePaymentSettings
from clerk.outreach.paying_online import ask
from clerk.outreach.xbezahldienste import Provider, Transaction
from clerk.refusal import Refusal, Refused
from clerk.session import Session
from storage.actor import Actor
from storage.ids import uuid7
from storage.pages.names import Names
from storage.records import Absence, Case, Claim, FollowUp, Item, Letter, OnlinePayment, Payment
from storage.sync import own
from storage.terms import ClaimKind, ItemState, OnlineState, PaymentKind, PaymentState, Role
from tests import support
from tests.clerk.desks.fine_scenarios import FINE_SCENARIOS
from tests.clerk.desks.trying import Scenario, Try

OWN, FOREIGN, TARGET = "buergerbuero", "ordnungsamt", "tiefbau"
DAY = date(2026, 1, 15)


def read(session: Session, record: type[Item] | type[Case] | type[FollowUp], row_id: str) -> object:
    """A record as it stands."""
    with session.store.change(session.actor, "test.read") as change:
        return change.get(record, row_id)


def item(session: Session, row_id: str) -> Item:
    found = read(session, Item, row_id)
    assert isinstance(found, Item)
    return found


def case(session: Session, row_id: str) -> Case:
    found = read(session, Case, row_id)
    assert isinstance(found, Case)
    return found


def follow_up(session: Session, row_id: str) -> FollowUp:
    found = read(session, FollowUp, row_id)
    assert isinstance(found, FollowUp)
    return found


ItemAct = Callable[[Session, Actor, str], object]


def on_item(
    action: str,
    act: ItemAct,
    *,
    state: ItemState = ItemState.OPEN,
    claimed: str = "",
    guard: str = "",
) -> Scenario:
    """A use case on an item; ``claimed`` by the actor ("me"), a colleague ("other") or nobody."""

    def scenario(session: Session, actor: Actor, office: str | None) -> Try:
        by = {"me": actor.clerk_id, "other": "somebody else"}.get(claimed)
        one = support.add_item(session, office_id=office, state=state, claimed_by=by)
        asked = ITEM_GUARDS[guard or action]
        return Try(
            lambda: act(session, actor, one),
            lambda: asked(actor, item(session, one)),
            guard or action,
        )

    return scenario


CaseAct = Callable[[Session, Actor, str], object]


def on_case(action: str, act: CaseAct, *, closed: bool = False, waiting: bool = False) -> Scenario:
    """A use case on a case; a case always lies with an office."""

    def scenario(session: Session, actor: Actor, office: str | None) -> Try | None:
        if office is None:
            return None
        one = support.add_case(session, office_id=office)
        if closed:
            cases.close(session.store, session.actor, one.id, "erledigt")
        if waiting:
            cases.wait(session.store, session.actor, one.id, "Unterlagen", DAY)
        guard = cases.GUARDS[action]
        return Try(
            lambda: act(session, actor, one.id),
            lambda: guard(actor, case(session, one.id)),
            action,
        )

    return scenario


def of_follow_up(session: Session, actor: Actor, office: str | None) -> Try:
    """Finishing a colleague's follow-up of an office."""
    with session.store.change(session.actor, "test.follow_up") as change:
        one = change.add(
            FollowUp(
                due_on=DAY.isoformat(),
                created_at=1,
                created_by="somebody else",
                clerk_id="somebody else",
                office_id=office,
            )
        )
    return Try(
        lambda: follow_ups.finish(session.store, actor, [one.id]),
        lambda: follow_ups.can_finish(actor, follow_up(session, one.id)),
        "follow_up.done",
    )


def open_case(session: Session, actor: Actor, office: str | None) -> Try:
    """A case for somebody at the counter; without an office it opens in the actor's own."""
    return Try(
        lambda: cases.create(session.store, actor, subject="Neu", office_id=office),
        entry="case.open",
    )


def resolve_conflict(session: Session, actor: Actor, office: str | None) -> Try:
    """Deciding about an item's priority that two people changed at once."""
    one = support.add_item(session, office_id=office)
    entries = []
    for value in (1, 2):
        with session.store.change(session.actor, "test.priority") as change:
            change.set(change.get(Item, one), priority=value)
        entries.append(change.entry_id)
    with session.store.beneath() as (db, _index):
        own.refused(db, entries[0], 1, "conflict", {"code": "conflict"})

    def found() -> returned.Returned:
        return returned.find(session.store, Names(session.store.db), entries[0])

    return Try(
        lambda: conflicts.resolve(session.store, actor, entries[0], {"priority": "mine"}),
        lambda: conflicts.can_resolve(actor, session.store, found()),
        "conflict.resolve",
    )


def import_library(session: Session, actor: Actor, office: str | None) -> Try | None:
    """A new version of a service; the library is the whole town's, offices do not matter."""
    if office is not None:
        return None
    version = session.store.db.execute("SELECT max(version) FROM service_versions").fetchone()[0]
    new = replace(load_services()[0], version=version + 1)
    return Try(
        lambda: import_services(session.store, actor, [new]),
        entry="library.import",
    )


def on_letter(action: str, act: CaseAct, *before: CaseAct) -> Scenario:
    """A use case on the draft of a letter, or after what the founder did ``before``; its case lies
    with an office."""

    def scenario(session: Session, actor: Actor, office: str | None) -> Try | None:
        if office is None:
            return None
        one = support.add_letter(session, support.add_case(session, office_id=office))
        for do in before:
            do(session, session.actor, one)

        def guard() -> Refusal | None:
            if action.startswith("letter.sign"):
                return signing.can_sign(session.store.db, actor, letter(session, one))
            return letters.GUARDS[action](actor, letter(session, one))

        return Try(lambda: act(session, actor, one), guard, action)

    return scenario


def letter(session: Session, row_id: str) -> Letter:
    with session.store.change(session.actor, "test.read") as change:
        return change.get(Letter, row_id)


def need_two(session: Session, _actor: Actor, one: str) -> None:
    """A colleague's letter that needs two signatures."""
    other = support.add_clerk(session, uuid7(), {})
    with session.store.change(session.actor, "test.two") as change:
        change.set(change.get(Letter, one), signatures=2, drafted_by=other)


def sign(session: Session, actor: Actor, one: str) -> object:
    return signing.sign(session.store, actor, [one])


def send(session: Session, actor: Actor, one: str) -> object:
    return outbox.send(session.store, actor, [one])


def sent(session: Session, actor: Actor, one: str) -> None:
    """What the machine does for the actor; its entry is tested with the outbox."""
    if refusal := letters.GUARDS["letter.sent"](actor, letter(session, one)):
        raise Refused(refusal)
    with session.store.change(actor, "letter.sent") as change:
        change.set(change.get(Letter, one), sent_at=1)


def words(text: str) -> Plain:
    """Details of a letter in one's own words."""
    return Plain(to=Address(name="Erika Beispiel"), number="1", subject="Betreff", text=text)


def draft_letter(session: Session, actor: Actor, office: str | None) -> Try | None:
    """A letter in a case."""
    if office is None:
        return None
    case_id = support.add_case(session, office_id=office).id
    return Try(
        lambda: letters.draft(session.store, actor, case_id, "plain", words("Guten Tag.")),
        lambda: letters.can_draft(actor, office),
        "letter.draft",
    )


def set_up_office(session: Session, actor: Actor, office: str | None) -> Try | None:
    """An office sets its land."""
    if office is None:
        return None
    text = f'[letterhead]\nauthority = "{uuid7()}"'.encode()
    return Try(
        lambda: office_settings.set_settings(session.store, actor, office, Path("amt.toml"), text),
        lambda: office_settings.can_set(actor, office),
        "office.settings",
    )


def of_absence(action: str) -> Scenario:
    """A colleague of the office is away, or comes back."""

    def make(session: Session, actor: Actor, office: str | None) -> Try | None:
        if office is None:
            return None
        who = support.add_clerk(session, uuid7(), {office: Role.CLERK})
        kept = Absence(clerk_id=who, starts_on="2000-01-01", ends_on="2099-01-01")
        if action == "absence.end":
            with session.store.change(session.actor, "test.away") as change:
                change.add(kept)
            return Try(
                lambda: absences.come_back(session.store, actor, kept.id),
                lambda: absences.can_come_back(session.store.db, actor, kept),
                action,
            )
        return Try(
            lambda: absences.set_absence(
                session.store, actor, clerk_id=who, starts=DAY, ends=DAY, deputy_id=None
            ),
            lambda: absences.can_set(session.store.db, actor, who),
            "absence.set",
        )

    return make


def import_catalogue(session: Session, actor: Actor, office: str | None) -> Try | None:
    """A new offence in an office's catalogue."""
    if office is None:
        return None
    code = f"X{uuid7()[-12:]}"
    text = as_csv([replace(shipped()[0], code=code)])
    return Try(
        lambda: catalogue.import_catalogue(session.store, actor, office, Path("k.csv"), text),
        lambda: catalogue.can_keep(actor, office),
        "fine.catalogue",
    )


def on_payment(action: str, state: PaymentState, use: Callable[..., object]) -> Scenario:
    """A payment of an office, with a case that owes it where one is needed."""

    def make(session: Session, actor: Actor, office: str | None) -> Try | None:
        if office is None:
            return None
        owing = support.add_case(session, office_id=office)
        refund = state is PaymentState.WANTED
        with session.store.change(session.actor, "test.payment") as change:
            change.add(
                Claim(
                    case_id=owing.id, office_id=office, kind=ClaimKind.OTHER, reference="",
                    position=1, amount=500, created_at=change.at,
                )
            )  # fmt: skip
            payment = change.add(
                Payment(
                    office_id=office,
                    case_id=owing.id,
                    external_id=uuid7(),
                    kind=PaymentKind.REFUND if refund else PaymentKind.BANK,
                    state=state,
                    booked_on="2026-01-15",
                    amount=-500 if refund else 500,
                    created_at=change.at,
                )
            )
        return Try(
            lambda: use(session.store, actor, payment.id, owing.id),
            lambda: payments.can(actor, action, payment),
            action,
        )

    return make


def of_statement(session: Session, actor: Actor, office: str | None) -> Try | None:
    """A statement with one entry that is nobody's."""
    if office is None:
        return None
    entry = BankEntry(uuid7(), 1, "2026-01-15", 500, True, False, "EUR", "")
    return Try(
        lambda: import_entries(session.store, actor, [entry], office_id=office),
        entry="payment.import",
    )


class _Paid(Provider):
    """Says that all was paid: who may ask is decided before anybody is asked."""

    def state(self, provider_id: str) -> Transaction:
        return Transaction(provider_id, "", OnlineState.PAID, 500)


def pay_online(session: Session, actor: Actor, office: str | None) -> Try | None:
    """A transaction for what a case owes, which the payer has paid."""
    owes = on_payment("payment.assign", PaymentState.CLARIFY, take_none)
    if office is None or owes(session, actor, office) is None:
        return None
    row = session.store.db.execute(
        "SELECT case_id FROM claims WHERE office_id = ? ORDER BY pos DESC LIMIT 1", (office,)
    ).fetchone()
    settings = OnlinePaymentSettings(url="https://x.example", originator="o", end_point="e")
    with session.store.change(session.actor, "test.online") as change:
        one = change.add(
            OnlinePayment(
                case_id=row[0], reference="", provider_id=uuid7(), state=OnlineState.WAITING,
                amount=500, created_at=change.at,
            )
        )  # fmt: skip
    return Try(lambda: ask(session.store, actor, one, _Paid(settings, "")), entry="payment.online")


def take_none(*_given: object) -> None:
    """Only what the scenario makes is wanted."""


def at_counter(session: Session, actor: Actor, office: str | None) -> Try | None:
    """Cash for what a case owes."""
    owes = on_payment("payment.assign", PaymentState.CLARIFY, take_none)
    if office is None or owes(session, actor, office) is None:
        return None
    row = session.store.db.execute(
        "SELECT case_id FROM claims WHERE office_id = ? ORDER BY pos DESC LIMIT 1", (office,)
    ).fetchone()
    return Try(
        lambda: payments.take_at_counter(
            session.store, actor, row[0], amount=500, kind=PaymentKind.CASH, on=DAY
        ),
        entry="payment.take",
    )


def finish(action: str) -> ItemAct:
    return lambda s, actor, one: inbox.finish(s.store, actor, action, [one])


SCENARIOS: dict[str, Scenario] = {
    "item.take": on_item("item.take", lambda s, a, one: inbox.take(s.store, a, [one])),
    "item.release": on_item(
        "item.release", lambda s, a, one: inbox.release(s.store, a, [one]), claimed="me"
    ),
    "item.release_other": on_item(
        "item.release_other",
        lambda s, a, one: inbox.release(s.store, a, [one]),
        claimed="other",
        guard="item.release",
    ),
    "item.hand_over": on_item(
        "item.hand_over", lambda s, a, one: inbox.hand_over(s.store, a, [one], TARGET)
    ),
    "item.file": on_item(
        "item.file",
        lambda s, a, one: inbox.file_into(s.store, a, [one], support.add_case(s).id),
    ),
    "item.done": on_item("item.done", finish("item.done")),
    "item.aside": on_item("item.aside", finish("item.aside")),
    "item.duplicate": on_item("item.duplicate", finish("item.duplicate")),
    "item.spam": on_item("item.spam", finish("item.spam")),
    "item.reopen": on_item(
        "item.reopen", lambda s, a, one: inbox.reopen(s.store, a, [one]), state=ItemState.DONE
    ),
    "item.note": on_item("item.note", lambda s, a, one: inbox.note(s.store, a, one, "Notiz")),
    "item.follow_up": on_item(
        "item.follow_up", lambda s, a, one: inbox.follow_up(s.store, a, [one], DAY)
    ),
    "item.priority": on_item(
        "item.priority",
        lambda s, a, one: inbox.prioritise(s.store, a, [one], 1),
        guard="item.raise",
    ),
    "item.raise": on_item("item.raise", lambda s, a, one: inbox.prioritise(s.store, a, [one], 1)),
    "item.lower": on_item("item.lower", lambda s, a, one: inbox.prioritise(s.store, a, [one], -1)),
    "case.open": open_case,
    "case.take": on_case("case.take", lambda s, a, one: cases.take(s.store, a, one)),
    "case.hand_over": on_case(
        "case.hand_over", lambda s, a, one: cases.hand_over(s.store, a, one, TARGET)
    ),
    "case.note": on_case("case.note", lambda s, a, one: cases.note(s.store, a, one, "Notiz")),
    "case.follow_up": on_case(
        "case.follow_up", lambda s, a, one: cases.follow_up(s.store, a, one, DAY)
    ),
    "case.wait": on_case(
        "case.wait", lambda s, a, one: cases.wait(s.store, a, one, "Unterlagen", DAY)
    ),
    "case.go_on": on_case(
        "case.go_on", lambda s, a, one: cases.go_on(s.store, a, one), waiting=True
    ),
    "case.close": on_case("case.close", lambda s, a, one: cases.close(s.store, a, one, "erledigt")),
    "case.reopen": on_case(
        "case.reopen", lambda s, a, one: cases.reopen(s.store, a, one), closed=True
    ),
    "follow_up.done": of_follow_up,
    "letter.draft": draft_letter,
    "letter.change": on_letter(
        "letter.change", lambda s, a, one: letters.revise(s.store, a, one, words("Anders."))
    ),
    "letter.sign": on_letter("letter.sign", sign),
    "letter.sign_first": on_letter("letter.sign_first", sign, need_two),
    "letter.return": on_letter(
        "letter.return", lambda s, a, one: signing.give_back(s.store, a, [one]), need_two, sign
    ),
    "letter.send": on_letter("letter.send", send, sign),
    "letter.recall": on_letter(
        "letter.recall", lambda s, a, one: outbox.recall(s.store, a, [one]), sign, send
    ),
    "letter.sent": on_letter("letter.sent", sent, sign, send),
    "letter.withdraw": on_letter(
        "letter.withdraw", lambda s, a, one: letters.withdraw(s.store, a, [one])
    ),
    "conflict.resolve": resolve_conflict,
    "payment.import": of_statement,
    "payment.assign": on_payment(
        "payment.assign",
        PaymentState.CLARIFY,
        payments.assign,
    ),
    "payment.accept": on_payment(
        "payment.accept", PaymentState.SUGGESTED, lambda s, a, one, _c: payments.accept(s, a, [one])
    ),
    "payment.reject": on_payment(
        "payment.reject", PaymentState.SUGGESTED, lambda s, a, one, _c: payments.reject(s, a, one)
    ),
    "payment.take_off": on_payment(
        "payment.take_off", PaymentState.BOOKED, lambda s, a, one, _c: payments.take_off(s, a, one)
    ),
    "payment.refund": on_payment(
        "payment.refund", PaymentState.CLARIFY, lambda s, a, one, _c: payments.refund(s, a, one)
    ),
    "payment.refunded": on_payment(
        "payment.refunded", PaymentState.WANTED, lambda s, a, one, _c: payments.refunded(s, a, one)
    ),
    "payment.take": at_counter,
    "payment.online": pay_online,
    "absence.set": of_absence("absence.set"),
    "absence.change": of_absence("absence.change"),
    "absence.end": of_absence("absence.end"),
    "library.import": import_library,
    "office.settings": set_up_office,
    "fine.catalogue": import_catalogue,
    **FINE_SCENARIOS,
}

# Actions of the table that change no record: the screen's own, and undo, which is always one's own.
WITHOUT_RECORD = {
    "item.repeat", "case.tab", "app.undo", "app.redo", "case.letters", "letter.open_case",
    "case.letter",  # asks the guard of letter.draft
    "fine.next", "fine.photos",
    "conflict.mine", "conflict.theirs", "conflict.edit",
    "conflict.again", "conflict.let_go",  # the first asks the guard of what is done again
}  # fmt: skip
WITHOUT_RECORD_PLACES = {"app", "go", "list"}
