"""What the keys of the inbox change: decide, then next."""

from collections.abc import Callable, Sequence

from clerk.actions import action
from clerk.desks import inbox as desk
from clerk.desks.outcome import Outcome
from clerk.desks.persons import Whose
from clerk.i18n import _, ngettext
from clerk.refusal import refuse
from screens.inbox import InboxScreen
from storage.actor import Actor
from storage.pages import cases, items
from storage.store import Store

Decision = Callable[[Sequence[str]], Outcome]


class InboxActs:
    """Acts on the inbox's targets and brings the list in line with what was done."""

    def __init__(self, inbox: InboxScreen) -> None:
        self._inbox = inbox
        self._session = inbox.station.session
        self._last: Callable[[], None] | None = None

    def take(self) -> None:
        """The targets are mine."""
        self.decide("item.take", self._with(desk.take))

    def release(self) -> None:
        """The targets are everybody's again."""
        self.decide("item.release", self._with(desk.release))

    def reopen(self) -> None:
        """The targets are open again."""
        self.decide("item.reopen", self._with(desk.reopen))

    def finish(self, action_id: str) -> None:
        """The targets leave the open items."""
        session = self._session
        self.decide(
            action_id, lambda ids: desk.finish(session.store, session.actor, action_id, ids)
        )

    def prioritise(self, step: int) -> None:
        """The targets are more or less urgent."""
        self.decide(
            "item.raise" if step > 0 else "item.lower",
            self._with(lambda store, actor, ids: desk.prioritise(store, actor, ids, step)),
        )

    def hand_to_suggestion(self, n: int) -> None:
        """Hand over to the n-th suggested office."""
        inbox = self._inbox
        if refusal := inbox.refusal("item.hand_over"):
            inbox.toast.say("refused", refusal.sentence)
            return
        current = inbox.table.current
        found = inbox.station.suggestions(current) if current else []
        if n > len(found):
            inbox.toast.say("refused", _("There is no suggestion {n}.").format(n=n))
            return
        self.hand_over_to(found[n - 1].office_id)

    @property
    def can_repeat(self) -> bool:
        """Whether there is a last decision."""
        return self._last is not None

    def hand_over_to(self, office_id: str) -> None:
        """Hand the targets over to an office."""
        self._inbox.attempt(
            lambda: self.decide(
                "item.hand_over",
                self._with(lambda store, actor, ids: desk.hand_over(store, actor, ids, office_id)),
            )
        )

    def file_into(self, case_id: str, *, as_before: bool = False) -> None:
        """File the targets into a case."""
        session = self._session
        if as_before and not cases.by_ids(session.store.db, [case_id]):
            raise refuse("case.gone", _("The case of your last decision is not there any more."))
        self.decide(
            "item.file",
            lambda ids: desk.file_into(session.store, session.actor, ids, case_id),
            again=lambda: self.file_into(case_id, as_before=True),
            where=_("{number} as before") if as_before else "{number}",
        )

    def file_into_new(self, service_id: str | None, whose: Whose) -> None:
        """File the targets into a new case. ``.`` files further ones into this same case."""
        session = self._session
        made = ""

        def do(ids: Sequence[str]) -> Outcome:
            nonlocal made
            outcome, made = desk.file_into_new(
                session.store, session.actor, ids, service_id=service_id, whose=whose
            )
            return outcome

        self.decide(
            "item.file",
            do,
            again=lambda: self.file_into(made, as_before=True),
            where=_("new case {number}"),
        )

    def repeat(self) -> None:
        """The last decision once more, on what is under the cursor now."""
        if self._last is not None:
            self._last()

    def decide(
        self,
        action_id: str,
        do: Decision,
        *,
        again: Callable[[], None] | None = None,
        where: str = "{number}",
    ) -> None:
        """Do it to the targets; the cursor goes on, a toast names it, ``.`` repeats it.

        ``again`` repeats it where that is something else; ``where`` names a case in the toast.
        """
        ids = self._inbox.targets()
        if not ids:
            self._inbox.toast.say("refused", _("There is no record here."))
            return
        outcome = do(ids)
        if action(action_id).decides:
            self._last = again or (lambda: self.decide(action_id, do))
        self.follow(outcome, where)

    def follow(self, outcome: Outcome, where: str = "{number}") -> None:
        """After an action: rows that left the list go, the others show what is new of them."""
        inbox = self._inbox
        rows = items.by_ids(self._session.store.db, outcome.done)
        gone = [row.id for row in rows if not inbox.belongs(row)]
        marked = bool(inbox.table.marked)
        inbox.table.clear_marks()
        inbox.table.replace(rows)
        inbox.table.take_out(gone)
        if action(outcome.action).decides and not gone and not marked:
            inbox.table.move(1)  # decide, then next: also where the record stays in the list
        undo = _("{key} takes it back").format(key=inbox.shortcut("app.undo"))
        inbox.toast.say(
            "done", self._words(outcome, rows, where), undo, whole=bool(outcome.refused)
        )
        if inbox.table.current is None:
            inbox.stop_reading()
        inbox.station.data_changed()
        inbox.rested()

    def _words(self, outcome: Outcome, rows: Sequence[items.ItemRow], case: str) -> str:
        """Where something went stands before what it was: a long subject is cut."""
        n = len(outcome.done)
        text = action(outcome.action).said
        if where := self._where(outcome, rows, case):
            text += f" → {where}"
        what = rows[0].subject or rows[0].sender_name if n == 1 and rows else ""
        text += ": " + (what or ngettext("{n} item", "{n} items", n).format(n=n))
        if outcome.refused:
            text += " · " + _("{n} not: {why}").format(
                n=len(outcome.refused), why=outcome.refused[0][1].sentence
            )
        return text

    def _where(self, outcome: Outcome, rows: Sequence[items.ItemRow], case: str) -> str:
        if rows and outcome.action == "item.hand_over":
            return self._inbox.station.names.office(rows[0].office_id)
        if rows and outcome.action == "item.file":
            filed = cases.by_ids(self._session.store.db, [rows[0].case_id or ""])
            return case.format(number=filed[0].number) if filed else ""
        return ""

    def _with(self, use_case: Callable[[Store, Actor, Sequence[str]], Outcome]) -> Decision:
        session = self._session
        return lambda ids: use_case(session.store, session.actor, ids)
