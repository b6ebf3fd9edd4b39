"""What a letter says, beside the list: its head at once, its words when the cursor rests."""

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from clerk import dates
from clerk.i18n import _
from clerk.names import symbol, word
from clerk.refusal import in_words
from storage.pages import letters
from storage.pages.letters import LetterRow
from widgets.lines import LinesView
from widgets.wrapping import Line, Run

if TYPE_CHECKING:
    from screens.app import Workstation


class LetterPane(LinesView):
    """Shows one letter, or nothing. Its words are made by the template in a thread: the first time
    that takes longer than a key may."""

    def __init__(self, on_shown: Callable[[], None], *, id: str | None = None) -> None:
        super().__init__(scroll=True, id=id)
        self._letter: LetterRow | None = None
        self._on_shown = on_shown

    def on_show(self) -> None:
        """It has just become visible."""
        self._on_shown()

    @property
    def station(self) -> "Workstation":
        """The workstation, with its type."""
        return cast("Workstation", self.app)

    def show_letter(self, row: LetterRow | None, *, words: bool, again: bool = False) -> None:
        """Show a letter; without ``words`` only who wrote and signed it. ``again``: it may say
        something else than it did."""
        if row is None:
            self._letter = None
            self.set_lines([])
            return
        if row == self._letter and not again:
            return
        self._letter = None
        head = self._head(row)
        self.set_lines(head)
        if words:
            self._letter = row
            self.run_worker(self._fill(row, head))  # the one shown last wins

    async def _fill(self, row: LetterRow, head: list[Line]) -> None:
        import asyncio

        from clerk.desks.letter_text import text_maker

        db = self.station.session.store.db
        letter = letters.record(db, row.id)
        if letter is None:
            return
        try:
            lines = await asyncio.to_thread(text_maker(db, letter))
        except Exception as error:
            said = in_words(error)
            if said is None:
                raise
            lines = [((said.sentence, "warning"),)]
        if self._letter == row:
            self.set_lines([*head, (), *lines], keep_place=False)

    def _head(self, row: LetterRow) -> list[Line]:
        from clerk.desks.outbox import problem_of

        names = self.station.names
        state: list[Run] = [
            (f"{symbol('letter', row.state)} {word('letter', row.state)}", "accent")
        ]
        state.append((f" · {word('way', row.way)}", "muted"))
        lines: list[Line] = [((row.subject, "strong"),), tuple(state)]
        who = [(_("Written by"), names.clerk(row.drafted_by))]
        who += [
            (_("Signed by"), signed_by(names.clerk(by), names.clerk(absent)))
            for by, absent in ((row.signed_by, row.signed_for), (row.second_by, row.second_for))
            if by
        ]
        if row.sent_at:
            who.append((_("Sent"), dates.full(row.sent_at)))
        lines += [((f"{label}: ", "muted"), (value, "")) for label, value in who]
        if row.signatures > 1 and row.document_id is None:
            lines.append(((_("Four eyes: two signatures, none of them the author's"), "warning"),))
        if problem := problem_of(self.station.session.store, row.id):
            lines.append(((problem, "error"),))
        return lines


def signed_by(name: str, absent: str) -> str:
    """Both names where a deputy signed."""
    return _("{name} for {absent}").format(name=name, absent=absent) if absent else name
