"""The preview of an item: head and text at once; suggestions, notes and the thread when asked."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, cast

from clerk import clock, dates
from clerk.i18n import _, ngettext
from clerk.names import symbol, word
from clerk.text import display_lines
from storage.content import get_text
from storage.pages import items
from storage.pages.items import ItemRow
from storage.terms import ItemState
from widgets.lines import LinesView
from widgets.wrapping import Line, Run

if TYPE_CHECKING:
    from screens.app import Workstation

MOST_BYTES = 64_000
_MOST_ATTACHMENTS = 12
_MOST_SUGGESTIONS = 3


class Preview(LinesView):
    """Shows one item, or nothing."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(scroll=True, id=id)
        self._item: ItemRow | None = None
        self._text: list[Line] = []

    @property
    def station(self) -> "Workstation":
        """The workstation, with its type."""
        return cast("Workstation", self.app)

    def show_item(self, row: ItemRow | None, *, details: bool = False) -> None:
        """Show an item; with ``details`` also what has to be looked for."""
        if row is None:
            self._item = None
            self.set_lines([])
            return
        same = self._item is not None and self._item.id == row.id
        if not same:
            self._text = self._text_of(row)
        elif not details and self._item == row:
            return
        self._item = row
        about = self._details(row) if details else []
        self.set_lines([*self._head(row), *about, (), *self._text], keep_place=same)

    def _head(self, row: ItemRow) -> list[Line]:
        names = self.station.names
        now = clock.now()
        sender = sender_of(row)
        state: list[Run] = [(f"{symbol('item', row.state)} {word('item', row.state)}", "accent")]
        if row.office_id:
            state.append((f" · {names.office(row.office_id)}", ""))
        if row.claimed_by:
            state.append((f" · {names.clerk(row.claimed_by)}", ""))
        if row.reason:
            state.append((f" · {_reason(row.reason)}", "warning"))
        received = dates.moment(row.received_at, now)
        return [
            ((row.subject or _("(no subject)"), "strong"),),
            ((sender, ""), (f"  {received} · {word('channel', row.channel)}", "muted")),
            tuple(state),
        ]

    def _text_of(self, row: ItemRow) -> list[Line]:
        text = get_text(self.station.session.store.db, row.text_sha256, MOST_BYTES)
        lines: list[Line] = [((line, ""),) if line else () for line in display_lines(text)]
        if len(text.encode()) >= MOST_BYTES:
            lines.append(((_("… the text is longer; the whole of it is kept."), "muted"),))
        return lines

    def _details(self, row: ItemRow) -> list[Line]:
        from storage.pages import cases, follow_ups
        from storage.pages.documents import of_item

        db = self.station.session.store.db
        lines: list[Line] = []
        if row.case_id:
            for case in cases.by_ids(db, [row.case_id]):
                lines.append(((_("Case: "), "muted"), (f"{case.number} {case.subject}", "accent")))
        elif row.state == ItemState.OPEN:  # others cannot be handed over
            lines += self._suggestions(row)
        if row.attachments:
            for document in of_item(db, row.id)[:_MOST_ATTACHMENTS]:
                size = f"{max(1, document.size // 1024)} kB"
                lines.append((("@ ", "accent"), (document.name, ""), (f"  {size}", "muted")))
        for one in follow_ups.about(db, item_id=row.id):
            is_open = one.state == "open"
            when = dates.relative(date.fromisoformat(one.due_on), clock.today(), due=is_open)
            state = symbol("follow_up", one.state) + " " + _("Follow-up: ")
            style = "warning" if is_open else "muted"
            lines.append(((state, "muted"), (f"{when} {one.text}", style)))
        for note in cases.notes(db, item_id=row.id):
            who = self.station.names.clerk(note.clerk_id)
            lines.append(((f"{who}: ", "muted"), (note.text, "accent")))
        thread = len(items.of_thread(db, row.thread_key))
        if thread > 1:
            text = ngettext("{n} item in this thread", "{n} items in this thread", thread)
            lines.append(((text.format(n=thread), "muted"),))
        return lines

    def _suggestions(self, row: ItemRow) -> list[Line]:
        """Offices by the digit that hands over to them, with the words that spoke for each."""
        found = self.station.suggestions(row)[:_MOST_SUGGESTIONS]
        label = ngettext("Suggestion:", "Suggestions:", len(found)) + " "
        lines: list[Line] = []
        for n, one in enumerate(found, 1):
            runs: list[Run] = [(label if n == 1 else " " * len(label), "muted")]
            runs += [(f"{n} ", "accent"), (one.office_name, "")]
            if words := spoken_for(one.spoke):
                runs.append((f"  {words}", "muted"))
            lines.append(tuple(runs))
        return lines


def spoken_for(words: Sequence[str]) -> str:
    """The words of an item that spoke for an office, '' if none did."""
    return _("for: {words}").format(words=", ".join(words)) if words else ""


def sender_of(row: ItemRow) -> str:
    """Name and address of the sender, as far as they are known."""
    if row.sender_name and row.sender_address:
        return f"{row.sender_name} <{row.sender_address}>"
    return row.sender_name or row.sender_address


def _reason(reason: str) -> str:
    """The words for the code of a quarantine; other reasons are words already."""
    from clerk.intake.message import SENTENCES

    return _(SENTENCES[reason]) if reason in SENTENCES else reason
