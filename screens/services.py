"""The process library: what the town does, which office does it, and how."""

from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult

from clerk import dates
from clerk.actions import Place
from clerk.i18n import _, language
from clerk.library.definition import ServiceDefinition
from clerk.library.packed import unpack
from clerk.names import word
from screens.list_screen import ListScreen
from screens.sources import FixedSource
from storage.folding import fold
from storage.pages import services
from storage.record import Value
from widgets.columns import Column
from widgets.lines import LinesView
from widgets.window import Source
from widgets.wrapping import Line


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """One version of a service."""

    id: str
    key: tuple[Value, ...]
    office_id: str
    definition: ServiceDefinition


class ServicesScreen(ListScreen[ServiceLine]):
    """All versions of all services, with the steps and terms of the one under the cursor."""

    DEFAULT_CSS = """
    ServicesScreen {
        & #service { width: 1fr; display: none; margin: 0 1; }
        &.-wide #service { display: block; }
        &.-reading RecordTable { display: none; }
        &.-reading #service { display: block; }
    }
    """
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - Textual types it so
    PLACES: ClassVar[tuple[Place, ...]] = ("everywhere", "list")

    def __init__(self) -> None:
        super().__init__()
        self.detail = LinesView(scroll=True, id="service")
        self.handlers["app.back"] = self._leave
        self.handlers["list.pane"] = self._other_pane
        self.handlers["list.next_split"] = self._other_pane
        self.handlers["list.previous_split"] = self._other_pane

    def content(self) -> ComposeResult:
        """List and detail."""
        yield self.table
        yield self.detail

    def title_text(self) -> str:
        """The area's name."""
        return _("Process library")

    def source(self) -> Source[ServiceLine]:
        """All versions by title, narrowed by the search."""
        db = self.station.session.store.db
        rows = []
        for version in services.versions(db):
            one = unpack(version.definition)
            text = fold(f"{one.title.de} {one.title.en} {' '.join(w.text for w in one.words)}")
            if all(word in text for word in fold(self.query_text).split()):
                key = (fold(one.title.de), -one.version, version.id)
                rows.append(ServiceLine(version.id, key, one.office, one))
        return FixedSource(rows)

    def columns(self) -> list[Column[ServiceLine]]:
        """Title, version, office."""
        return [
            Column(lambda: _("Service"), _title, 20, 0, 0),
            Column(
                lambda: _("Version"), lambda row: f"{row.definition.version}", 7, 8, 2, right=True
            ),
            Column(lambda: _("State"), lambda row: word("service", row.definition.state), 9, 14, 3),
            Column(
                lambda: _("Office"), lambda row: self.station.names.office(row.office_id), 8, 22, 1
            ),
        ]

    def open_current(self) -> None:
        """Read the service."""
        self.add_class("-reading")
        self.set_focus(self.detail)

    def _other_pane(self) -> None:
        if self.focused is self.detail:
            self._stop_reading()
        elif self.has_class("-wide"):
            self.set_focus(self.detail)
        else:
            self.open_current()

    def _stop_reading(self) -> None:
        self.remove_class("-reading")
        self.set_focus(self.table)

    def _leave(self) -> None:
        if self.focused is self.detail:
            self._stop_reading()
        else:
            self._back()

    def on_record_table_moved(self) -> None:
        """The detail follows the cursor."""
        super().on_record_table_moved()
        current = self.table.current
        self.detail.set_lines(_lines(current.definition) if current else [])


def _title(row: ServiceLine) -> str:
    return row.definition.title.en if language() == "en" else row.definition.title.de


def _lines(one: ServiceDefinition) -> list[Line]:
    title = one.title.en if language() == "en" else one.title.de
    lines: list[Line] = [((title, "strong"), (f"  {one.id}@{one.version}", "muted")), ()]
    lines.append(((_("Steps"), "title"),))
    for step in one.steps:
        minutes = f"  {step.norm_minutes} min" if step.norm_minutes else ""
        lines.append((("  ", ""), (step.title, ""), (minutes, "muted")))
        lines += [((f"    – {check}", "muted"),) for check in step.checklist]
    lines += [(), ((_("Terms"), "title"),)]
    lines += [
        (
            (f"  {dates.period(term.period)}  ", "accent"),
            (term.rule, ""),
            (f"  {term.source}", "muted"),
        )
        for term in one.terms
    ]
    if one.fees:
        lines += [(), ((_("Fees"), "title"),)]
    lines += [
        ((f"  {fee.cents / 100:.2f} €  ".replace(".", ","), "accent"), (fee.title, ""))
        for fee in one.fees
    ]
    lines += [(), ((_("Words for the finder"), "title"),)]
    lines.append((("  " + ", ".join(text.text for text in one.words), "muted"),))
    return lines
