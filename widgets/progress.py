"""Long work, step by step, with a bar; Esc stops it."""

import asyncio
from collections.abc import Callable

from textual.app import ComposeResult

from clerk.i18n import _
from widgets.dialog import Dialog
from widgets.lines import LinesView
from widgets.wrapping import Line

_WIDTH = 40


class ProgressScreen(Dialog[bool]):
    """Calls ``step`` until it says that nothing is left, and answers True; False when it was
    stopped. Between two steps the screen lives: a step should take no longer than a key may.

    ``told``: how much is done and how much there is.
    """

    def __init__(
        self, heading: str, step: Callable[[], bool], told: Callable[[], tuple[int, int]]
    ) -> None:
        super().__init__(heading)
        self._step = step
        self._told = told
        self._bar = LinesView(wrap=False, classes="dialog--text")

    def body(self) -> ComposeResult:
        """The bar."""
        yield self._bar

    def keys(self) -> str:
        """The keys in words."""
        return _("Esc stops")

    def on_mount(self) -> None:
        """Begin."""
        self.run_worker(self._work(), exclusive=True)

    async def _work(self) -> None:
        while not self._answered and self._step():
            self._bar.set_lines([self._line()])
            await asyncio.sleep(0)
        self.answer(True)

    def _line(self) -> Line:
        done, total = self._told()
        filled = round(done / total * _WIDTH) if total else _WIDTH
        text = _("{n} of {total}").format(n=done, total=total)
        return (("█" * filled, "accent"), ("░" * (_WIDTH - filled), "muted"), (f"  {text}", ""))

    def action_leave(self) -> None:
        """Stop."""
        self.answer(False)
