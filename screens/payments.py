"""Payments: what is to be clarified, what is suggested, refunds that wait, what is booked."""

from collections.abc import Callable
from datetime import date
from typing import ClassVar

from clerk import clock, dates
from clerk.actions import Place, action
from clerk.desks import payments as desk
from clerk.i18n import N_, _
from clerk.money import euros, in_currency
from clerk.names import word
from clerk.refusal import Refusal, refuse
from clerk.rules.numbers import numbers_meant
from screens.list_screen import ListScreen
from screens.sources import FixedSource, KeysetSource
from storage import counters
from storage.actor import Actor
from storage.folding import fold
from storage.pages import cases, offices, payments
from storage.pages.payments import PaymentRow
from storage.store import Store
from storage.terms import PaymentState
from widgets.columns import Column
from widgets.prompt import PromptScreen
from widgets.window import Source
from widgets.wrapping import Run

Use = Callable[[Store, Actor, str], object]
_MOST_SEARCHED = 2_000
_STATES = {
    PaymentState.CLARIFY: N_("To clarify"),
    PaymentState.SUGGESTED: N_("Suggested"),
    PaymentState.WANTED: N_("Refunds"),
    PaymentState.BOOKED: N_("Booked"),
}
_ACTS = (
    "payment.assign",
    "payment.accept",
    "payment.reject",
    "payment.refund",
    "payment.refunded",
    "payment.take_off",
)


class PaymentsScreen(ListScreen[PaymentRow]):
    """Payments by state, newest first. Enter opens the case."""

    PLACES: ClassVar[tuple[Place, ...]] = ("everywhere", "list", "payments")

    def __init__(self) -> None:
        super().__init__()
        self._state = PaymentState.CLARIFY
        self.handlers |= {
            "list.next_split": lambda: self._turn(1),
            "list.previous_split": lambda: self._turn(-1),
            "payment.assign": self._ask_case,
            "payment.accept": lambda: self._do("payment.accept", _accept),
            "payment.reject": lambda: self._do("payment.reject", desk.reject),
            "payment.refund": lambda: self._do("payment.refund", desk.refund),
            "payment.refunded": lambda: self._do("payment.refunded", desk.refunded),
            "payment.take_off": lambda: self._do("payment.take_off", desk.take_off),
        }

    def title_text(self) -> str:
        """The area's name."""
        return _("Payments")

    def source(self) -> Source[PaymentRow]:
        """The payments of the state; a search looks through the newest of them."""
        db, actor = self.station.session.store.db, self.station.session.actor
        keyset = payments.in_state(actor.offices, self._state)
        if self.query_text:
            words = fold(self.query_text).split()
            rows = [
                row
                for row in keyset.page(db, limit=_MOST_SEARCHED)
                if all(
                    part in fold(f"{row.payer} {row.purpose} {row.number} {euros(row.amount)}")
                    for part in words
                )
            ]
            return FixedSource(rows, descending=True)
        return KeysetSource(db, keyset, lambda: self._count(self._state))

    def _count(self, state: PaymentState) -> int:
        db, actor = self.station.session.store.db, self.station.session.actor
        return counters.count(db, "payments", state, offices=actor.offices)

    def splits(self) -> list[Run]:
        """The states with their counters."""
        runs: list[Run] = []
        for state, label in _STATES.items():
            chosen = state == self._state
            runs.append((f" {_(label)} {self._count(state)} ", "selected" if chosen else "muted"))
            runs.append((" ", ""))
        return runs

    def _turn(self, by: int) -> None:
        states = list(_STATES)
        self._state = states[(states.index(self._state) + by) % len(states)]
        self.query_text = ""
        self.show_list()

    def columns(self) -> list[Column[PaymentRow]]:
        """Day, amount, payer, purpose, case, why it waits."""
        return [
            Column(lambda: _("Day"), _day, 9, 12, 2),
            Column(lambda: _("Amount"), _amount, 10, 14, 0, style=_amount_style),
            Column(lambda: _("Payer"), lambda row: row.payer, 12, 26, 1),
            Column(lambda: _("Purpose"), lambda row: row.purpose, 14, 0, 3),
            Column(lambda: _("Case"), lambda row: row.number, 16, 18, 4),
            Column(lambda: _("Reason"), _reason, 14, 26, 5),
        ]

    def refusal(self, action_id: str) -> Refusal | None:
        """The guard's answer for the payment under the cursor."""
        current = self.table.current
        if action_id not in _ACTS:
            return super().refusal(action_id)
        if current is None:
            return Refusal("list.empty", _("There is no record here."))
        return desk.can(self.station.session.actor, action_id, current)

    def open_current(self) -> None:
        """The case it is booked on, or that is suggested."""
        current = self.table.current
        if current is None:
            return
        if current.case_id is None:
            self.toast.say("refused", _("This payment hangs on no case."))
        else:
            self.station.open_case(current.case_id)

    # Acts

    def _do(self, action_id: str, use: Use) -> None:
        current, session = self.table.current, self.station.session
        if current is None:
            return
        use(session.store, session.actor, current.id)
        self.table.take_out([current.id])
        about = " ".join(filter(None, (euros(current.amount), current.payer)))
        self.toast.say(
            "done",
            f"{action(action_id).said}: {about}",
            _("{key} takes it back").format(key=self.shortcut("app.undo")),
        )
        self.station.data_changed()

    def _ask_case(self) -> None:
        current = self.table.current
        if current is None:
            return

        def done(typed: str | None) -> None:
            if typed:
                self.attempt(
                    lambda: self._do(
                        "payment.assign",
                        lambda store, actor, one: desk.assign(
                            store, actor, one, self._case_id(typed)
                        ),
                    )
                )

        self.app.push_screen(
            PromptScreen(_("Which case does it belong to?"), label=_("Case number")), done
        )

    def _case_id(self, typed: str) -> str:
        """The case that a number means, as in the jump."""
        db = self.station.session.store.db
        prefixes = [one.prefix for one in offices.offices(db)]
        found = cases.by_numbers(db, numbers_meant(typed, prefixes, clock.today().year))
        if not found:
            raise refuse(
                "case.unknown", _("There is no case {number} here.").format(number=typed.strip())
            )
        return found[0].id


def _accept(store: Store, actor: Actor, one: str) -> object:
    return desk.accept(store, actor, [one])


def _day(row: PaymentRow) -> str:
    return dates.short_date(date.fromisoformat(row.booked_on), clock.today())


def _amount(row: PaymentRow) -> str:
    return in_currency(row.amount, row.currency)


def _amount_style(row: PaymentRow) -> str:
    return "warning" if row.currency != "EUR" else ""


def _reason(row: PaymentRow) -> str:
    return word("payment_reason", row.reason) if row.reason else word("payment", row.state)
