"""Follow-ups: what is to be looked at again, the earliest first."""

from collections.abc import Sequence
from datetime import date
from typing import ClassVar

from clerk import clock, dates
from clerk.actions import Place, action
from clerk.desks import follow_ups as desk
from clerk.i18n import _, ngettext
from clerk.refusal import Refusal
from screens.list_screen import ListScreen
from screens.sources import FixedSource, KeysetSource
from storage import counters
from storage.folding import fold
from storage.pages import follow_ups
from storage.pages.follow_ups import FollowUpRow
from storage.terms import FollowUpState
from widgets.columns import Column
from widgets.window import Source

MOST_MARKED = 10_000
_MOST_SEARCHED = 2_000


class FollowUpsScreen(ListScreen[FollowUpRow]):
    """One's own follow-ups and those of one's offices that nobody has taken."""

    PLACES: ClassVar[tuple[Place, ...]] = ("everywhere", "list", "follow_ups")

    def __init__(self) -> None:
        super().__init__()
        self.handlers["follow_up.done"] = self._done
        self.handlers["list.mark"] = self.table.toggle_mark
        self.handlers["list.mark_range"] = self.table.mark_range
        self.handlers["list.mark_all"] = self._mark_all

    def title_text(self) -> str:
        """The area's name."""
        return _("Follow-ups")

    def source(self) -> Source[FollowUpRow]:
        """All of them by date, or those whose text holds the search's words."""
        db, actor = self.station.session.store.db, self.station.session.actor
        keyset = follow_ups.of_clerks(actor.desks, actor.offices)
        if self.query_text:
            words = fold(self.query_text).split()
            rows = [
                row
                for row in keyset.page(db, limit=_MOST_SEARCHED)
                if all(word in fold(f"{row.text} {row.about}") for word in words)
            ]
            return FixedSource(rows)
        return KeysetSource(db, keyset, self._count)

    def _count(self) -> int:
        db, actor = self.station.session.store.db, self.station.session.actor
        own = counters.count(db, "follow_ups", FollowUpState.OPEN, clerks=actor.desks)
        return own + counters.count(
            db, "follow_ups", FollowUpState.OPEN, offices=actor.offices, clerks=[counters.NOBODY]
        )

    def refusal(self, action_id: str) -> Refusal | None:
        """The guard's answer for the record under the cursor."""
        current = self.table.current
        if action_id != "follow_up.done":
            return super().refusal(action_id)
        if current is None:
            return Refusal("list.empty", _("There is no record here."))
        if self.table.marked:
            return None
        return desk.can_finish(self.station.session.actor, current)

    def still_here(self, ids: Sequence[str]) -> Sequence[str]:
        """Those that are in memory; others are far from the cursor and lose their mark."""
        return [one for one in ids if self.table.holds(one)]

    def _mark_all(self) -> None:
        n = self.table.mark_all(MOST_MARKED)
        more = "+" if n >= MOST_MARKED else ""
        self.toast.say("done", _("{n}{more} marked").format(n=n, more=more), _("Esc unmarks"))

    def _done(self) -> None:
        session = self.station.session
        current = self.table.current
        ids = self.table.marked or ((current.id,) if current else ())
        about = current.about if current is not None and ids == (current.id,) else ""
        outcome = desk.finish(session.store, session.actor, ids)
        self.table.clear_marks()
        self.table.take_out(outcome.done)
        n = len(outcome.done)
        text = about or ngettext("{n} follow-up", "{n} follow-ups", n).format(n=n)
        if outcome.refused:
            text += " · " + _("{n} not: {why}").format(
                n=len(outcome.refused), why=outcome.refused[0][1].sentence
            )
        self.toast.say(
            "done",
            f"{action('follow_up.done').said}: {text}",
            _("{key} takes it back").format(key=self.shortcut("app.undo")),
            whole=bool(outcome.refused),
        )
        self.station.data_changed()

    def open_current(self) -> None:
        """Open the case the follow-up is about, or its item in the inbox."""
        current = self.table.current
        if current is None:
            return
        if current.case_id is not None:
            self.station.open_case(current.case_id)
        elif current.item_id is not None:
            self.station.open_item(current.item_id)

    def columns(self) -> list[Column[FollowUpRow]]:
        """Due, what about, with whom."""
        return [
            Column(lambda: _("Due"), _due, 9, 18, 0, style=_style),
            Column(lambda: _("About"), lambda row: row.about, 20, 0, 0),
            Column(lambda: _("Remark"), lambda row: row.text, 10, 40, 1),
            Column(lambda: _("With"), lambda row: self.station.with_whom(row.clerk_id), 6, 16, 2),
        ]


def _due(row: FollowUpRow) -> str:
    return dates.relative(date.fromisoformat(row.due_on), clock.today(), due=True)


def _style(row: FollowUpRow) -> str:
    days = (date.fromisoformat(row.due_on) - clock.today()).days
    return "error" if days < 0 else "warning" if days == 0 else ""
