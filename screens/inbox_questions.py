"""What the inbox asks before it acts: an office, a case, a date, a note, a search."""

from collections.abc import Callable, Sequence
from datetime import date

from clerk import clock, dates
from clerk.desks import inbox as desk
from clerk.desks.persons import Whose
from clerk.i18n import _
from clerk.names import symbol, word
from clerk.rules.shorthand import Problem, parse_date
from screens.inbox import InboxScreen
from screens.person_questions import ask_whose
from screens.preview import spoken_for
from screens.work import WorkScreen
from storage.pages import cases, items, offices, persons, services
from storage.search import search
from storage.terms import CaseState
from widgets.choices import Choice
from widgets.editor import EditorScreen
from widgets.picker import PickerScreen
from widgets.prompt import PromptScreen

_MOST_CASES = 50


class InboxQuestions:
    """Asks over the inbox; the answer goes to the targets that were on screen when it was asked."""

    def __init__(self, inbox: InboxScreen) -> None:
        self._inbox = inbox
        self._station = inbox.station
        self._session = inbox.station.session

    def search(self) -> None:
        """Narrow the list."""

        def done(query: str | None) -> None:
            if query is not None:
                self._inbox.search(query)

        self._station.push_screen(
            PromptScreen(
                _("Search in this list"),
                label=_("Words"),
                placeholder=_("e.g. street lamp, Müller, laterne"),
                initial=self._inbox.query_text,
            ),
            done,
        )

    def hand_over(self) -> None:
        """Which office: the suggested ones first, with the words that spoke for them."""
        current = self._inbox.table.current
        suggested = self._station.suggestions(current) if current else []
        rows = [
            Choice(one.office_id, one.office_name, spoken_for(one.spoke), _("suggested"))
            for one in suggested
        ]
        known = {one.office_id for one in suggested}
        rows += [
            Choice(office.id, office.name, hint=office.prefix)
            for office in offices.offices(self._session.store.db)
            if office.id not in known
        ]

        def done(office_id: str | None) -> None:
            if office_id is not None:
                self._inbox.acts.hand_over_to(office_id)

        self._station.push_screen(PickerScreen(_("Hand over to"), rows), done)

    def file(self) -> None:
        """Into which case: row 0 opens a new one, then cases of the thread, then search."""
        store = self._session.store
        current = self._inbox.table.current
        new = Choice("", _("New case"), _("with the subject of the item"))

        def find(query: str) -> Sequence[Choice[str]]:
            if not query.strip():
                rows = self._near(current) if current else []
            else:
                hits = search(store.db, query, areas=("cases",), limit=_MOST_CASES)
                rows = cases.by_ids(store.db, [hit.id for hit in hits.rows])
            return [
                Choice(
                    row.id,
                    f"{row.number} {row.subject}",
                    _waiting(row) or row.person,
                    self._station.names.office(row.office_id),
                    _("The case is closed. Open it again first.")
                    if row.state == CaseState.CLOSED
                    else None,
                )
                for row in rows
            ]

        def done(case_id: str | None) -> None:
            if case_id == "":
                self._new_case()
            elif case_id is not None:
                self._inbox.attempt(lambda: self._inbox.acts.file_into(case_id))

        self._station.push_screen(
            PickerScreen(
                _("File into a case"),
                search=find,
                limit=_MOST_CASES,
                pinned=new,
                placeholder=_("number, words of the subject"),
            ),
            done,
        )

    def _near(self, item: items.ItemRow) -> list[cases.CaseRow]:
        """Cases of the same thread, those of the same sender, then the newest of one's own."""
        db, actor = self._session.store.db, self._session.actor
        found = cases.of_thread(db, item.thread_key) if item.thread_key else []
        senders = persons.by_email(db, item.sender_address)
        found += cases.of_persons(db, [one.id for one in senders])
        own = [
            row
            for state in (CaseState.OPEN, CaseState.WAITING)
            for row in cases.of_clerks(actor.desks, state).page(db, limit=_MOST_CASES)
        ]
        own.sort(key=lambda row: row.key, reverse=True)
        return list({row.id: row for row in found + own}.values())[:_MOST_CASES]

    def _new_case(self) -> None:
        """Which service the new case is of; the suggested ones first."""
        store = self._session.store
        current = self._inbox.table.current
        suggested = self._station.suggestions(current) if current else []
        spoke = {one.service_id: spoken_for(one.spoke) for one in suggested if one.service_id}
        order = list(spoke)
        known = sorted(
            services.services(store.db),
            key=lambda one: order.index(one.id) if one.id in spoke else len(order),
        )
        rows = [
            Choice(
                one.id, one.title, spoke.get(one.id, ""), self._station.names.office(one.office_id)
            )
            for one in known
        ]

        first = items.by_ids(store.db, self._inbox.targets()[:1])

        def done(service_id: str | None) -> None:
            if service_id is not None and first:
                ask_whose(self._station, first[0], lambda whose: make(service_id or None, whose))

        def make(service_id: str | None, whose: Whose) -> None:
            self._inbox.attempt(lambda: self._inbox.acts.file_into_new(service_id, whose))

        self._station.push_screen(
            PickerScreen(
                _("New case: which service?"),
                rows,
                pinned=Choice("", _("Without a service"), _("the item's office keeps it")),
            ),
            done,
        )

    def note(self) -> None:
        """An internal note; what is half typed is kept."""
        current = self._inbox.table.current
        if current is None:
            return
        store, actor = self._session.store, self._session.actor
        ask_note(
            self._inbox,
            _("Note on: {subject}").format(subject=current.subject or current.sender_name),
            f"note/items/{current.id}",
            lambda text: self._inbox.acts.follow(desk.note(store, actor, current.id, text)),
        )

    def follow_up(self) -> None:
        """On which date to look again."""
        store, actor = self._session.store, self._session.actor

        def done(text: str | None) -> None:
            due, words = split_due(text or "")
            if due is not None:
                self._inbox.attempt(
                    lambda: self._inbox.acts.decide(
                        "item.follow_up",
                        lambda ids: desk.follow_up(store, actor, ids, due, words),
                    )
                )

        self._station.push_screen(ask_due(), done)


def _waiting(row: cases.CaseRow) -> str:
    """That a case waits, with its person: what comes in may be what it waits for."""
    if row.state != CaseState.WAITING:
        return ""
    state = f"{symbol('case', row.state)} {word('case', row.state)}"
    return f"{row.person} · {state}" if row.person else state


def ask_note(
    screen: WorkScreen, heading: str, place: str, save: Callable[[str], None], typed: str = ""
) -> None:
    """Ask for a note; the draft of this place stays until the note is saved.

    If it cannot be saved, the editor comes back with the text: a full disk keeps no draft either.
    """
    session = screen.station.session

    def done(text: str | None) -> None:
        if not (text and text.strip()):
            return
        if screen.attempt(lambda: save(text)):
            screen.keep_draft(place, "")
        else:
            ask_note(screen, heading, place, save, text)

    screen.station.push_screen(
        EditorScreen(
            heading,
            initial=typed or session.store.draft(session.actor.clerk_id, place),
            on_pause=lambda text: screen.keep_draft(place, text),
        ),
        done,
    )


def ask_due() -> PromptScreen:
    """The question for a follow-up's date, with an optional remark behind it."""
    return PromptScreen(
        _("Follow-up"),
        label=_("When, and what about"),
        placeholder=_("3t, 2w, mo, 15.3. – then a remark"),
        check=_no_date,
        hint=_day_meant,
    )


def ask_wait() -> PromptScreen:
    """The question until when a case waits, and for what."""

    def check(text: str) -> str | None:
        if error := _no_date(text):
            return error
        typed_on = " " in text.strip()  # while the date is being typed nothing is missing yet
        return None if typed_on else _("Then say what the case waits for.")

    return PromptScreen(
        _("The case waits"),
        label=_("Until when, and for what"),
        placeholder=_("2w certificate of the landlord"),
        check=check,
        hint=_day_meant,
    )


def _no_date(text: str) -> str | None:
    """Why the text does not begin with a day."""
    first = text.strip().split(" ", 1)[0]
    found = parse_date(first, clock.today(), future=True)
    return found.sentence if isinstance(found, Problem) else None


def _day_meant(text: str) -> str:
    """The day with which the text begins, in full."""
    due, _words = split_due(text)
    return dates.short_date(due, clock.today()) if due else ""


def split_due(text: str) -> tuple[date | None, str]:
    """``2w call back`` -> the day in two weeks, ``call back``; None where there is no date."""
    first, _space, words = text.strip().partition(" ")
    found = parse_date(first, clock.today(), future=True)
    return (None, "") if isinstance(found, Problem) else (found, words.strip())
