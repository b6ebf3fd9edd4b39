"""``clerk payments``: bank statements, what is to be clarified, refunds, the counter's cash."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from clerk import clock, dates
from clerk.cli import find
from clerk.cli.globals import UsageError
from clerk.cli.opening import opened
from clerk.cli.options import AsJson, CaseId, Limit, noun_app
from clerk.cli.output import Column, Json, emit, line, table
from clerk.cli.progress import progress
from clerk.desks import payments as desk
from clerk.i18n import _
from clerk.intake.bank import camt, files
from clerk.intake.bank.booking import Report, import_entries
from clerk.money import euros, in_currency, parse_euros
from clerk.names import word
from storage.pages import payments
from storage.pages.payments import PaymentRow
from storage.terms import PaymentKind, PaymentState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from clerk.intake.bank.camt import Found
    from clerk.outreach.xbezahldienste import Provider
    from clerk.session import Session
    from storage.records import OnlinePayment

app = noun_app(_("Bank statements, what is to be clarified, refunds, the counter's cash."))

Id = Annotated[str, typer.Argument(metavar="ID", help=_("The payment's id, or its beginning."))]


@app.command("import", help=_("Book a bank's statement (camt.053, also zipped)."))
def import_statement(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("The statement: XML or ZIP."))],
    office: Annotated[
        str | None,
        typer.Option("--office", metavar="OFFICE", help=_("With whom waits what is nobody's.")),
    ] = None,
    as_json: AsJson = False,
) -> None:
    with opened() as session, progress(quiet=as_json) as paint:
        office_id = find.office_id(session.store.db, office) if office else None

        def entries() -> "Iterator[Found]":
            for name, data in files.statements(file):
                yield from camt.read(data, name)

        report = import_entries(
            session.store,
            session.actor,
            entries(),
            office_id=office_id,
            progress=lambda done: paint(_("Payments"), done, None),
        )
        emit(as_json, _report(report), lambda: _say(report))


def _report(report: Report) -> dict[str, Json]:
    return {
        "seen": report.seen,
        "booked": report.booked,
        "suggested": report.suggested,
        "clarify": report.clarify,
        "reversed": report.reversed,
        "paid_out": report.paid_out,
        "duplicates": report.duplicates,
        "ignored": report.ignored,
        "refunds": report.refunds,
        "refused": [{"line": number, "reason": reason} for number, reason in report.refused],
    }


def _say(report: Report) -> None:
    line(
        _(
            "{seen} entries: {booked} booked, {suggested} suggested, {clarify} to be clarified,"
            " {reversed} reversed, {paid_out} refunds paid out, {duplicates} known already,"
            " {ignored} not ours, {refused} unreadable."
        ).format(
            seen=report.seen,
            booked=report.booked,
            suggested=report.suggested,
            clarify=report.clarify,
            reversed=report.reversed,
            paid_out=report.paid_out,
            duplicates=report.duplicates,
            ignored=report.ignored,
            refused=len(report.refused),
        )
    )
    for number, reason in report.refused:
        line(_("Line {line}: {reason}").format(line=number, reason=reason))


def _document(row: PaymentRow) -> dict[str, Json]:
    return {
        "id": row.id,
        "booked_on": row.booked_on,
        "amount": row.amount,
        "currency": row.currency,
        "payer": row.payer,
        "purpose": row.purpose,
        "reference": row.reference,
        "kind": row.kind,
        "state": row.state,
        "reason": row.reason,
        "office_id": row.office_id,
        "case": row.number or None,
    }


@app.command("list", help=_("Payments by state; those to be clarified if none is named."))
def list_payments(
    state: Annotated[
        PaymentState, typer.Option("--state", help=_("Only these."))
    ] = PaymentState.CLARIFY,
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    with opened() as session:
        db = session.store.db
        rows = payments.in_state(session.actor.offices, state).page(db, limit=limit)
        emit(
            as_json,
            {"payments": [_document(row) for row in rows]},
            lambda: table(
                [
                    Column(_("Id"), keep=True),
                    Column(_("Day")),
                    Column(_("Amount"), "right"),
                    Column(_("Payer")),
                    Column(_("Purpose")),
                    Column(_("Case")),
                    Column(_("Reason")),
                ],
                [
                    (
                        row.id[:13],
                        dates.short_date(date.fromisoformat(row.booked_on), clock.today()),
                        in_currency(row.amount, row.currency),
                        row.payer,
                        row.purpose,
                        row.number,
                        word("payment_reason", row.reason) if row.reason else "",
                    )
                    for row in rows
                ],
            ),
        )


def _tell(session: "Session", payment_id: str, as_json: bool) -> None:
    row = payments.by_ids(session.store.db, [payment_id])[0]
    emit(as_json, _document(row), lambda: line(word("payment", row.state)))


def _payment_id(session: "Session", typed: str) -> str:
    return find.record_id(session.store.db, "payments", typed)


@app.command("assign", help=_("A payment is this case's."))
def assign(payment: Id, case: CaseId, as_json: AsJson = False) -> None:
    with opened() as session:
        found = _payment_id(session, payment)
        desk.assign(session.store, session.actor, found, find.case(session.store.db, case).id)
        _tell(session, found, as_json)


@app.command("accept", help=_("The case that was suggested is right."))
def accept(payment: Id, as_json: AsJson = False) -> None:
    with opened() as session:
        found = _payment_id(session, payment)
        desk.accept(session.store, session.actor, [found])
        _tell(session, found, as_json)


@app.command("reject", help=_("The case that was suggested is wrong."))
def reject(payment: Id, as_json: AsJson = False) -> None:
    with opened() as session:
        found = _payment_id(session, payment)
        desk.reject(session.store, session.actor, found)
        _tell(session, found, as_json)


@app.command("take-off", help=_("It was booked on the wrong case: take it off."))
def take_off(payment: Id, as_json: AsJson = False) -> None:
    with opened() as session:
        found = _payment_id(session, payment)
        desk.take_off(session.store, session.actor, found)
        _tell(session, found, as_json)


@app.command("refund", help=_("It is nobody's here: it shall go back."))
def refund(payment: Id, as_json: AsJson = False) -> None:
    with opened() as session:
        found = _payment_id(session, payment)
        desk.refund(session.store, session.actor, found)
        _tell(session, found, as_json)


@app.command("refunded", help=_("The refund was paid out."))
def refunded(payment: Id, as_json: AsJson = False) -> None:
    with opened() as session:
        found = _payment_id(session, payment)
        desk.refunded(session.store, session.actor, found)
        _tell(session, found, as_json)


@app.command("take", help=_("Cash or card across the counter."))
def take(
    case: CaseId,
    amount: Annotated[str, typer.Argument(metavar="AMOUNT", help=_("In euros: 88 or 88,50."))],
    card: Annotated[bool, typer.Option("--card", help=_("By card, not in cash."))] = False,
    as_json: AsJson = False,
) -> None:
    cents = parse_euros(amount)
    if cents is None:
        raise UsageError(_("Name an amount in euros, such as 88,50."))
    with opened() as session:
        found = desk.take_at_counter(
            session.store,
            session.actor,
            find.case(session.store.db, case).id,
            amount=cents,
            kind=PaymentKind.CARD if card else PaymentKind.CASH,
            on=clock.today(),
        )
        _tell(session, found.id, as_json)


FromStdin = Annotated[
    bool, typer.Option("--password-stdin", help=_("The provider's secret from stdin."))
]


def _providers(session: "Session", from_stdin: bool) -> "Callable[[str], Provider]":
    """The provider of an office; its secret is asked for once and never kept here."""
    from clerk.cli.secrets import Secrets
    from clerk.desks.office_settings import settings_of
    from clerk.outreach.xbezahldienste import Provider

    secrets = Secrets(from_stdin=from_stdin)
    made: dict[str, Provider] = {}

    def of(office_id: str) -> Provider:
        if office_id not in made:
            found = settings_of(session.store.db, office_id).online_payment
            needed = bool(found.token_url)
            secret = secrets.own(f"{found.client_id}@{found.token_url}") if needed else ""
            made[office_id] = Provider(found, secret)
        return made[office_id]

    return of


def _online_document(one: "OnlinePayment", problem: str = "") -> dict[str, Json]:
    return {
        "id": one.id,
        "case_id": one.case_id,
        "state": one.state,
        "amount": one.amount,
        "transaction": one.provider_id or None,
        "redirect": one.redirect or None,
        "problem": problem or None,
    }


@app.command("online", help=_("A link by which a case's claim is paid online."))
def online(
    case: CaseId,
    return_to: Annotated[
        str, typer.Option("--return-to", metavar="URL", help=_("Where the payer comes back to."))
    ],
    from_stdin: FromStdin = False,
    as_json: AsJson = False,
) -> None:
    from clerk.outreach.paying_online import begin

    with opened() as session:
        found = find.case(session.store.db, case)
        provider = _providers(session, from_stdin)(found.office_id)
        one = begin(session.store, session.actor, found.id, provider, return_to)
        emit(as_json, _online_document(one), lambda: line(one.redirect))


@app.command("poll", help=_("Ask the provider what has become of the payments that run."))
def poll(from_stdin: FromStdin = False, as_json: AsJson = False) -> None:
    from clerk.outreach.paying_online import ask_all

    with opened() as session:
        found = ask_all(session.store, session.actor, _providers(session, from_stdin))
        emit(
            as_json,
            {"online": [_online_document(one, problem) for one, problem in found]},
            lambda: table(
                [
                    Column(_("Transaction"), keep=True),
                    Column(_("Amount"), "right"),
                    Column(_("State")),
                ],
                [
                    (one.provider_id, euros(one.amount), problem or word("online", one.state))
                    for one, problem in found
                ],
            ),
        )
