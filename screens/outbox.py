"""The workstation's outbox: when a letter's moment is over, it is printed; screens go on."""

import asyncio
from typing import TYPE_CHECKING

from clerk import clock
from clerk.i18n import _, ngettext
from clerk.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from clerk.letters.printing import Printer
    from screens.app import Workstation
    from storage.pages.letters import LetterRow


class Outbox:
    """Prints what this workstation has to, one after the other, in a thread."""

    def __init__(self, station: "Workstation") -> None:
        self._station = station
        self._printing = (0, 0)
        self._at_work = False

    def look(self) -> None:
        """Begin if something is due. Costs a look at an index."""
        from clerk.desks import outbox

        session = self._station.session
        if self._at_work or not (rows := outbox.due(session.store, session.actor, clock.now())):
            return
        self._at_work = True
        self._station.run_worker(self._print(rows))

    async def _print(self, rows: "list[LetterRow]") -> None:
        from clerk.desks import outbox
        from clerk.outreach.mail import ways_out
        from clerk.settings import Settings

        store = self._station.session.store
        way = ways_out(store, self._station.settings or Settings())
        try:
            for n, row in enumerate(rows):
                self._printing = (n, len(rows))
                self._tell()
                if outbox.still_due(store, row):
                    await self._one(row, way)
        finally:
            self._at_work = False
            self._printing = (0, 0)
            self._tell()

    async def _one(self, row: "LetterRow", way: "Callable[[LetterRow], Printer]") -> None:
        from clerk.desks import outbox

        store, actor = self._station.session.store, self._station.session.actor
        try:
            pdf = outbox.bytes_of(store, row)
            await asyncio.to_thread(way(row), pdf, outbox.file_name(row))
        except Refused as refused:
            outbox.failed(store, row, refused.refusal)
            if screen := self._station.work:
                screen.toast.say("failed", refused.refusal.sentence)
            return
        outbox.sent(store, actor, row.id)

    def _tell(self) -> None:
        self._station.data_changed()

    def said(self) -> str:
        """What is being printed, what waits, '' if nothing does."""
        from clerk.desks import outbox

        n, total = self._printing
        if total:
            return _("Printing {n} of {total}").format(n=n + 1, total=total)
        session = self._station.session
        waiting = len(outbox.waiting(session.store, session.actor))
        if not waiting:
            return ""
        text = ngettext("{n} letter in the outbox", "{n} letters in the outbox", waiting)
        return text.format(n=waiting)
