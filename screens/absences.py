"""Absences: who is away, who stands in and how far; a digest of what was done meanwhile."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import ClassVar

from clerk import clock, dates
from clerk.actions import Place, action
from clerk.desks import absences as desk
from clerk.i18n import _
from clerk.names import word
from clerk.refusal import Refusal
from clerk.rules.shorthand import parse_date
from screens.digest import show
from screens.list_screen import ListScreen
from screens.sources import FixedSource
from storage.folding import fold
from storage.pages import absences, people
from storage.pages.absences import AbsenceRow
from storage.terms import DeputyMay
from widgets.choices import Choice
from widgets.columns import Column
from widgets.field import Entry
from widgets.form import FormChoice, FormField, FormScreen
from widgets.window import Source
from widgets.wrapping import Run

_ON_RECORD = ("absence.change", "absence.end")


class AbsencesScreen(ListScreen[AbsenceRow]):
    """Those of today and to come; Tab also shows those that are over. Enter shows what the deputy
    did."""

    PLACES: ClassVar[tuple[Place, ...]] = ("everywhere", "list", "absences")

    def __init__(self) -> None:
        super().__init__()
        self._over = False
        self.handlers["absence.set"] = lambda: self._ask(None)
        self.handlers["absence.change"] = lambda: self._ask(self.table.current)
        self.handlers["absence.end"] = self._end
        self.handlers["list.next_split"] = self._turn
        self.handlers["list.previous_split"] = self._turn

    def title_text(self) -> str:
        """The area's name."""
        return _("Absences")

    def source(self) -> Source[AbsenceRow]:
        """The absences, narrowed by the search."""
        words = fold(self.query_text).split()
        rows = [
            row
            for row in self._rows()
            if all(word in fold(f"{row.name} {row.deputy}") for word in words)
        ]
        return FixedSource(rows)

    def _rows(self) -> list[AbsenceRow]:
        db, today = self.station.session.store.db, clock.today().isoformat()
        if not self._over:
            return absences.from_day(db, today)
        return [row for row in absences.everybodys(db) if row.ends_on < today]

    def splits(self) -> list[Run]:
        """Now and over."""
        return [
            (f" {label} ", "selected" if over == self._over else "muted")
            for label, over in ((_("Now and to come"), False), (_("Over"), True))
        ]

    def _turn(self) -> None:
        self._over = not self._over
        self.show_list()

    def columns(self) -> list[Column[AbsenceRow]]:
        """Who, from when to when, the deputy and how far."""
        return [
            Column(lambda: _("Who"), lambda row: row.name, 14, 0, 0),
            Column(lambda: _("From"), lambda row: _day(row.starts_on), 9, 12, 1),
            Column(lambda: _("To"), lambda row: _day(row.ends_on), 9, 12, 2),
            Column(
                lambda: _("Deputy"),
                lambda row: row.deputy or _("nobody"),
                12,
                24,
                3,
                style=lambda row: "" if row.deputy else "warning",
            ),
            Column(
                lambda: _("May"),
                lambda row: word("may", row.may) if row.deputy_id else "",
                8,
                20,
                4,
            ),
        ]

    def refusal(self, action_id: str) -> Refusal | None:
        """The guard's answer for the record under the cursor."""
        current = self.table.current
        if action_id in _ON_RECORD and current is None:
            return Refusal("list.empty", _("There is no record here."))
        session = self.station.session
        if current is not None and action_id == "absence.change":
            return desk.can_set(session.store.db, session.actor, current.clerk_id)
        if current is not None and action_id == "absence.end":
            return desk.can_come_back(session.store.db, session.actor, current)
        return super().refusal(action_id)

    def still_here(self, ids: Sequence[str]) -> Sequence[str]:
        """All are in memory."""
        return [one for one in ids if self.table.holds(one)]

    def open_current(self) -> None:
        """What was done in this absence."""
        current, session = self.table.current, self.station.session
        if current is None:
            return
        if refusal := desk.can_set(session.store.db, session.actor, current.clerk_id):
            self.toast.say("refused", refusal.sentence)
            return
        show(self.station, current)

    # Acts

    def _ask(self, row: AbsenceRow | None) -> None:
        """The form; supervisors may choose whose absence it is."""
        session, today = self.station.session, clock.today()
        db, actor = session.store.db, session.actor
        everybody = [Choice(one.id, one.name, one.login) for one in people.clerks(db) if one.active]
        whose = [
            choice
            for choice in everybody
            if desk.can_set(db, actor, choice.value) is None
            and (row is None or choice.value == row.clerk_id)
        ]
        about = row.name if row else actor.name
        read = partial(_date, today)
        starts, ends = (_typed(row.starts_on), _typed(row.ends_on)) if row else ("", "")
        fields: list[FormField | FormChoice] = [
            FormChoice("clerk_id", _("Who is away"), whose, initial=about),
            FormField("starts", _("From"), starts, "15.3.", read),
            FormField("ends", _("To"), ends, "2w", read),
            FormChoice(
                "deputy_id",
                _("Deputy"),
                [one for one in everybody if one.value != (row.clerk_id if row else None)],
                initial=row.deputy if row else "",
                placeholder=_("nobody"),
                optional=True,
            ),
            FormChoice(
                "may",
                _("May"),
                [Choice(str(one), word("may", one)) for one in DeputyMay],
                initial=word("may", row.may if row else DeputyMay.ACT),
            ),
        ]

        def done(answer: dict[str, str] | None) -> None:
            if answer is not None:
                self.attempt(lambda: self._set(answer, row))

        self.app.push_screen(FormScreen(_("Absence"), fields), done)

    def _set(self, answer: dict[str, str], row: AbsenceRow | None) -> None:
        session = self.station.session
        outcome = desk.set_absence(
            session.store,
            session.actor,
            clerk_id=answer["clerk_id"],
            starts=date.fromisoformat(answer["starts"]),
            ends=date.fromisoformat(answer["ends"]),
            deputy_id=answer["deputy_id"] or None,
            may_do=answer["may"],
            absence_id=row.id if row else None,
        )
        self._said("absence.change" if row else "absence.set")
        self.station.data_changed()
        self.refresh_data()
        self.table.put_cursor(outcome.done[0])

    def _end(self) -> None:
        current, session = self.table.current, self.station.session
        if current is None:
            return
        desk.come_back(session.store, session.actor, current.id)
        self._said("absence.end")
        self.station.data_changed()
        self.refresh_data()

    def _said(self, action_id: str) -> None:
        self.toast.say(
            "done",
            action(action_id).said,
            _("{key} takes it back").format(key=self.shortcut("app.undo")),
        )


def _day(iso: str) -> str:
    return dates.short_date(date.fromisoformat(iso), clock.today())


def _typed(iso: str) -> str:
    """A date as it is typed, with its year."""
    day = date.fromisoformat(iso)
    return f"{day.day}.{day.month}.{day.year}"


def _date(today: date, text: str) -> Entry:
    """A date by shorthand, shown with its weekday."""
    found = parse_date(text, today)
    if isinstance(found, date):
        return Entry(found.isoformat(), hint=dates.short_date(found, today))
    return Entry(text, error=found.sentence)
