"""Searching the shared store for what is not on this workstation; what is chosen comes here."""

from functools import partial
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.widgets import Input

from clerk.desks import beyond, reading
from clerk.i18n import _
from clerk.refusal import Refused, in_words
from screens.inquiring import Asked
from screens.reading import ask_reason
from storage.inquiries import Answer, Far, Inquiry
from storage.pages import cases
from widgets.choices import Choice, ChoiceList
from widgets.dialog import Dialog
from widgets.field import Field
from widgets.lines import LinesView

if TYPE_CHECKING:
    from collections.abc import Callable

    from screens.app import Workstation

Found = tuple[str, str, bool]
"""Table and id of what was chosen, and whether it was here already."""


def ask_beyond(app: "Workstation", text: str = "") -> None:
    """Search for a text, or ask for one; what is chosen is shown. Refused ``sync.alone``."""
    if refusal := beyond.can_ask(app.session.store):
        raise Refused(refusal)

    def search(reason: str) -> None:
        app.push_screen(BeyondScreen(app, text, reason), partial(_show, app, reason))

    ask_reason(app, search)


def _show(app: "Workstation", reason: str, found: Found | None) -> None:
    if found is None:
        return
    table, row_id, was_here = found
    session = app.session
    if was_here:  # else the shared store has logged it
        reading.log(session.actor, session.store, table, row_id, way="number", reason=reason)
    if table == "cases":
        app.open_case(row_id)
    else:
        app.open_item(row_id)


class BeyondScreen(Dialog[Found | None]):
    """Enter asks for what was typed, then takes the row under the cursor; while the shared store
    thinks one can type on or leave."""

    DEFAULT_CSS = """
    BeyondScreen {
        & .dialog--box { width: 90; height: 85%; }
        & ChoiceList { margin-top: 1; }
        &.-low ChoiceList { margin-top: 0; }
    }
    """

    def __init__(self, app: "Workstation", text: str, reason: str) -> None:
        super().__init__(_("Search the shared store"))
        self._station = app
        self._reason = reason
        self._text = text
        self._way = "search"
        self._shown: str | None = None  # the text whose hits are shown
        self._asked: Asked | None = None
        self._field = Field(
            text, placeholder=_("32.1-2024-000042, words of the subject"), steer=self._steer
        )
        self._list: ChoiceList[Found] = ChoiceList()
        self._far: dict[Found, Far] = {}
        self._remark = LinesView(classes="dialog--text")

    def body(self) -> ComposeResult:
        """The field, the rows, and what the shared store says."""
        yield self._field
        yield self._list
        yield self._remark

    def keys(self) -> str:
        """The keys in words."""
        return _("Enter search, then take · ↑↓ choose · Esc cancel")

    def steered(self) -> dict[str, str]:
        """The field sees all keys before any binding."""
        return {
            _("Search for what was typed, then take the chosen row"): "↵",
            _("Choose a row"): "↑ ↓ " + _("PgUp PgDn"),
        }

    def on_mount(self) -> None:
        """What was searched for before is asked at once."""
        if self._text.strip():
            self._search()
        else:
            self._say(_("Finds what ended long ago: cases by number, cases and mail by words."))

    def on_unmount(self) -> None:
        """Nobody waits any more."""
        self._withdraw()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Another text: what was found is not about it."""
        event.stop()
        if event.value != self._shown:
            self._withdraw()
            self._shown = None
            self._list.offer([])
            self._say(_("Enter searches"))

    def on_choice_list_clicked(self, event: ChoiceList.Clicked) -> None:
        """A click takes the row."""
        event.stop()
        self._take()

    def _steer(self, event: events.Key) -> bool:
        if event.key == "enter":
            if self._field.value != self._shown:
                self._search()
            else:
                self._take()
            return True
        return self._list.steer(event.key)

    # Asking

    def _search(self) -> None:
        session, typed = self._station.session, self._field.value or self._text
        self._shown = typed
        numbers = beyond.numbers_of(typed, session.store, session.actor)
        self._way = "number" if numbers else "search"
        one = beyond.by_numbers(numbers) if numbers else beyond.by_words(typed, reason=self._reason)
        here = cases.by_numbers(session.store.db, numbers)
        if one is None:
            self._say(_("A number or a word is needed."), "warning")
        else:
            self._ask(one, lambda answer: self._offer(answer, here), _("Asking the shared store …"))

    def _ask(self, one: Inquiry, then: "Callable[[Answer], None]", said: str) -> None:
        def heard(answer: Answer) -> None:
            self._asked = None
            if answer.code:
                self._say(beyond.why_not(answer.code), "warning")
                self._shown = None  # Enter asks again
            else:
                then(answer)

        self._withdraw()
        try:
            self._asked = Asked(self._station, one, heard)
        except Exception as error:
            words = in_words(error)
            if words is None:
                raise
            self._say(words.sentence, "error")
            return
        self._say(said)

    def _withdraw(self) -> None:
        if self._asked is not None:
            self._asked.withdraw()
            self._asked = None

    def _offer(self, answer: Answer, here: list[cases.CaseRow]) -> None:
        self._far = {(*far.root, False): far for far in answer.found}
        rows: list[Choice[Found]] = [
            Choice(("cases", row.id, True), f"{row.number} {row.subject}", row.person, _("here"))
            for row in here
        ]
        no_subject = _("(no subject)")
        rows += [
            Choice(
                key,
                f"{beyond.sign_of(far)} {beyond.title_of(far) or no_subject}",
                beyond.detail_of(far),
                self._station.names.office(str(far.data.get("office_id") or "")),
            )
            for key, far in self._far.items()
        ]
        self._list.offer(rows)
        if self._way == "number" and len(rows) == 1:
            self._take()
        elif rows:
            self._say(_("{n} hits").format(n=len(rows)))
        else:
            self._say(_("The shared store has nothing more of it."))

    def _take(self) -> None:
        chosen = self._list.current
        if chosen is None or self._asked is not None:
            return
        table, row_id, was_here = chosen.value
        if was_here:
            self.answer(chosen.value)
            return
        one = beyond.whole(table, row_id, way=self._way, reason=self._reason)
        self._ask(one, lambda answer: self._came(answer, chosen.value), _("Fetching it …"))

    def _came(self, answer: Answer, chosen: Found) -> None:
        if answer.found:
            self.answer(chosen)
        else:
            self._say(_("This record is not there any more, or not with your offices."), "warning")

    def _say(self, text: str, style: str = "muted") -> None:
        self._remark.set_lines([((text, style),)])
