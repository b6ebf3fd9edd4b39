"""A bank's statement becomes payments: each entry once, booked, suggested, or to be clarified."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from clerk import clock
from clerk.desks.bookkeeping import serve, take_back
from clerk.desks.office_settings import settings_of
from clerk.i18n import _
from clerk.intake.bank.entry import BadEntry, BankEntry, Passed
from clerk.intake.cycles import no_garbage
from clerk.refusal import Refused, refuse
from clerk.rules.matching import Account, Ground, Match, like, match
from clerk.rules.permissions import may
from storage.actor import Actor
from storage.journal import Change
from storage.pages import payments
from storage.records import Payment
from storage.store import Store
from storage.terms import PaymentKind, PaymentState

if TYPE_CHECKING:
    from sqlite3 import Connection

_BATCH = 1_000  # entries in a transaction: a cut costs at most so many, and they come again
_MOST_OF_ONE_AMOUNT = 300
_AHEAD = timedelta(days=14)  # a bank may date a booking ahead, though never by more
_ACTION = "payment.import"
Found = BankEntry | BadEntry | Passed
Progress = Callable[[int], None]


@dataclass(slots=True)
class Report:
    """What became of every entry; ``seen`` is the sum of all the others. ``refused``: line and
    reason. ``refunds`` are further payments that too much money has made."""

    booked: int = 0
    suggested: int = 0
    clarify: int = 0
    reversed: int = 0
    paid_out: int = 0
    duplicates: int = 0
    ignored: int = 0
    refunds: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)

    @property
    def seen(self) -> int:
        """How many entries the statement has."""
        return (
            self.booked + self.suggested + self.clarify + self.reversed + self.paid_out
            + self.duplicates + self.ignored + len(self.refused)
        )  # fmt: skip


class Books:
    """What is owed, by reference and by amount, kept while entries are booked."""

    def __init__(self, db: "Connection", offices: Iterable[str]) -> None:
        self._db = db
        self.accounts: dict[str, Account] = {}
        self._by_amount: dict[int, list[str]] = {}
        self.lengths: Counter[int] = Counter()
        for one in payments.totals(db, list(offices)):
            self.accounts[one.reference] = Account(one.case_id, one.office_id, one.owed)
            self.lengths[len(one.reference)] += 1
            if one.owed > 0:
                self._by_amount.setdefault(one.owed, []).append(one.reference)

    def by_name(self, entry: BankEntry) -> tuple[str, Account] | None:
        """The one case that owes just this and whose person is called like the payer."""
        wanted = self._by_amount.get(entry.amount, ())
        if not entry.payer or not 0 < len(wanted) <= _MOST_OF_ONE_AMOUNT:
            return None
        cases = {
            self.accounts[one].case_id: one
            for one in wanted
            if self.accounts[one].owed == entry.amount
        }
        names = payments.payers(self._db, list(cases)) if cases else []
        alike = list(like(entry.payer, names))
        return (cases[alike[0]], self.accounts[cases[alike[0]]]) if len(alike) == 1 else None

    def refresh(self, reference: str) -> None:
        """After something was booked or taken back under it."""
        total = payments.total_of(self._db, reference)
        if total is not None:
            self.accounts[reference] = Account(total.case_id, total.office_id, total.owed)


def import_entries(
    store: Store,
    actor: Actor,
    entries: Iterable[Found],
    *,
    office_id: str | None = None,
    progress: Progress = lambda done: None,
) -> Report:
    """Book a statement; each entry is an action of its own, and comes in once however often its
    statement is read. ``office_id``: with whom waits what nobody's is.

    Refused ``payment.not_yours``, ``payment.no_office`` where it is not clear whose account it is.
    """
    work = _Import(store, actor, office_id)
    with store.bulk(), no_garbage():
        for batch, broken in _batches(entries):
            with store.group():
                for one in batch:
                    work.take(one)
            progress(work.report.seen)
            if broken is not None:
                raise broken
    return work.report


def _batches(entries: Iterable[Found]) -> Iterator[tuple[list[Found], Refused | None]]:
    """Where a file breaks off, what was read before it is kept."""
    source, batch = iter(entries), list[Found]()
    try:
        for one in source:
            batch.append(one)
            if len(batch) == _BATCH:
                yield batch, None
                batch = []
    except Refused as error:
        yield batch, error
        return
    yield batch, None


class _Import:
    """One statement on its way into the store."""

    def __init__(self, store: Store, actor: Actor, office_id: str | None) -> None:
        self._store = store
        self._actor = actor
        self._office_id = office_id
        self._offices = [one for one in actor.offices if may(_ACTION, actor.roles, one)]
        if not self._offices or (office_id is not None and office_id not in self._offices):
            raise refuse(
                "payment.not_yours",
                _("You belong to no office that books payments, or not to this."),
            )
        self._homes = {
            iban: one
            for one in reversed(self._offices)
            if (iban := settings_of(store.db, one).bank.iban)
        }
        self._books = Books(store.db, self._offices)
        self.report = Report()
        today = clock.local(store.clock()).date()
        self._latest = (today + _AHEAD).isoformat()

    def take(self, one: Found) -> None:
        """Each entry ends in exactly one of the report's counts."""
        if isinstance(one, BadEntry):
            self.report.refused.append((one.line, one.reason))
        elif isinstance(one, Passed):
            self.report.ignored += 1
        elif payments.payment_with(self._store.db, one.key) is not None:
            self.report.duplicates += 1
        elif one.booked_on > self._latest:
            self.report.refused.append((one.line, _("the booking date lies in the future")))
        elif one.reversal:
            self._reverse(one)
        elif one.credit:
            self._credit(one)
        else:
            self._pay_out(one)

    def _home(self, entry: BankEntry) -> str:
        """With whom an entry waits that is nobody's."""
        only = self._offices[0] if len(self._offices) == 1 else None
        found = self._office_id or self._homes.get(entry.iban) or only
        if found is None:
            raise refuse(
                "payment.no_office",
                _("It is not clear whose account {iban} is: name the office with --office.").format(
                    iban=entry.iban or "?"
                ),
            )
        return found

    def _match(self, entry: BankEntry) -> Match:
        return match(entry.amount, entry.texts, self._books.accounts, self._books.lengths)

    def _credit(self, entry: BankEntry) -> None:
        found = self._match(entry)
        account = None if found.ground is Ground.NOTHING_OWED else found.account
        is_euro = entry.currency == "EUR"
        suggested = None
        if found.ground is Ground.NONE and is_euro:
            suggested = self._books.by_name(entry)
        office = found.account.office_id if found.account else self._home(entry)
        with self._store.change(self._actor, _ACTION, undoable=False) as change:
            payment = _payment(change, entry, office, found)
            if not is_euro:
                payment = replace(payment, reason="currency")
            elif account is not None:  # at once as it stays: a change of state moves counters
                payment = replace(payment, case_id=account.case_id, state=PaymentState.BOOKED)
            change.add(payment)
            if not is_euro:
                self.report.clarify += 1
            elif account is not None:
                serve(self._store, change, payment, account.case_id)
                self.report.booked += 1
                self.report.refunds += found.ground is Ground.OVER
            elif suggested is not None:
                reference, owes = suggested
                change.set(
                    payment,
                    case_id=owes.case_id,
                    state=PaymentState.SUGGESTED,
                    reason=Ground.NAME,
                    reference=reference,
                )
                self.report.suggested += 1
            else:
                self.report.clarify += 1
        if account is not None and is_euro:
            self._books.refresh(found.reference)

    def _reverse(self, entry: BankEntry) -> None:
        """The bank takes a payment back: what it paid is owed again."""
        db, found = self._store.db, self._match(entry)
        original = payments.reversible(db, found.reference, entry.amount, entry.payer_iban)
        with self._store.change(self._actor, _ACTION, undoable=False) as change:
            if original is None:
                change.add(
                    replace(
                        _payment(change, entry, self._home(entry), found),
                        kind=PaymentKind.REVERSAL,
                        amount=-entry.amount,
                        reason="reversal",
                    )
                )
                self.report.clarify += 1
                return
            taken = change.get(Payment, original)
            take_back(self._store, change, taken, PaymentState.REVERSED)
            change.add(
                replace(
                    _payment(change, entry, taken.office_id, found),
                    kind=PaymentKind.REVERSAL,
                    amount=-entry.amount,
                    state=PaymentState.SETTLED,
                    case_id=taken.case_id,
                    reason="",
                    replaces_id=original,
                )
            )
        self.report.reversed += 1
        if taken.reference:
            self._books.refresh(taken.reference)

    def _pay_out(self, entry: BankEntry) -> None:
        """Money that went: a refund that waited for it, or nothing of ours."""
        refund = payments.wanted_refund(self._store.db, entry.amount, entry.payer_iban)
        if refund is None:
            self.report.ignored += 1
            return
        with self._store.change(self._actor, _ACTION, undoable=False) as change:
            change.set(
                change.get(Payment, refund),
                state=PaymentState.SETTLED,
                booked_on=entry.booked_on,
                external_id=entry.key,  # so that it is known when the statement is read again
            )
        self.report.paid_out += 1


def _payment(change: Change, entry: BankEntry, office_id: str, found: Match) -> Payment:
    sure = found.ground in (Ground.EXACT, Ground.PART, Ground.OVER)
    return Payment(
        office_id=office_id,
        external_id=entry.key,
        kind=PaymentKind.BANK,
        state=PaymentState.CLARIFY,
        booked_on=entry.booked_on,
        amount=entry.amount,
        currency=entry.currency,
        payer=entry.payer,
        payer_iban=entry.payer_iban,
        purpose=entry.purpose or entry.structured or entry.end_to_end,
        reference=found.reference,
        reason="" if sure else found.ground,
        created_at=change.at,
    )
