"""Fast entry of fines: one screen, no mouse. F9 saves a record, and the next one begins."""

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from clerk.desks import fine_edit, fines, reading
from clerk.desks.fine_report import Examined, Finding, Report
from clerk.desks.office_settings import settings_of
from clerk.i18n import N_, _, ngettext
from clerk.refusal import in_words
from screens.fine_form import FineForm
from screens.fine_rows import rows
from screens.fine_suggestions import Offences, Persons, Streets
from widgets.dialog import Dialog
from widgets.entry_rows import EntryRows
from widgets.lines import LinesView
from widgets.pause import Pause

if TYPE_CHECKING:
    from screens.work import WorkScreen

DRAFT = "fine_entry"
_REASON = N_("a fine is recorded")


class FineEntryScreen(Dialog[tuple[str, ...]]):
    """Record fines one after the other; the result are the ids of their cases.

    With ``case_id`` the facts of that fine are changed instead, and F9 ends. What is half typed
    comes back when the screen is opened again, for a record and for each fine that is changed.
    """

    DEFAULT_CSS = """
    FineEntryScreen {
        & .dialog--box { width: 100%; height: 100%; border: none; }
        & EntryRows { height: 1fr; }
        & .said { height: auto; max-height: 3; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f9,ctrl+enter", "save", N_("Save"), show=False, id="fine_entry.save"),
        Binding("f3", "one_more('charge')", N_("Offence"), show=False, id="fine_entry.charge"),
        Binding("f4", "one_more('further')", N_("Person"), show=False, id="fine_entry.person"),
        Binding("f8", "empty", N_("Empty the rows"), show=False, id="fine_entry.empty"),
    ]  # fmt: skip

    def __init__(self, work: "WorkScreen", office_id: str, case_id: str = "") -> None:
        session = work.station.session
        db = session.store.db
        office = work.station.names.office(office_id)
        number = work.station.names.case(case_id) if case_id else ""
        super().__init__(
            _("Change {number}").format(number=number)
            if case_id
            else _("Record fines · {office}").format(office=office)
        )
        self._work = work
        self._session = session
        self._office = office_id
        self._case = case_id
        letterhead = settings_of(db, office_id).letterhead
        city = letterhead.city or work.station.town.strip()
        offences = Offences(db, office_id)
        self._form = FineForm(db, office_id, offences, (letterhead.postcode, city))
        self._rows = EntryRows(
            rows(offences, Streets(db, city), Persons(db), self._form.choices_of),
            left=self._left,
            changed=self._changed,
        )
        self._form.rows = self._rows
        self._form.but = case_id
        self._said = LinesView(classes="said")
        self._pause = Pause(self, self._keep)
        self._made: list[str] = []
        self._confirmed: tuple[Finding, ...] = ()

    def body(self) -> ComposeResult:
        """Rows, choices, and what was done or is to be known."""
        yield self._rows
        yield self._said

    def keys(self) -> str:
        """The keys in words."""
        return _("↵ next · F9 save · F3 offence · F4 person · Esc back")

    def steered(self) -> dict[str, str]:
        """Enter and the arrows are the rows'."""
        return {
            _("Take the choice and go on"): "↵",
            _("Go on with the text as it is"): _("Tab"),
            _("Previous row"): _("Shift+Tab"),
            _("Choose where there is a list"): "↑ ↓",
        }

    def on_mount(self) -> None:
        """The facts of the fine, or what was half typed."""
        if self._case:
            fine = fine_edit.facts(self._session.store.db, self._case)
            self._form.fill(fine)
        else:
            self._form.follow("charge1")
        if draft := self._session.store.draft(self._session.actor.clerk_id, self._place):
            self._form.restore(draft)
            self._say(_("This was half typed. F8 empties the rows."), "accent")
        self._rows.go_to("charge1")

    @property
    def _place(self) -> str:
        return f"{DRAFT}/{self._case}" if self._case else DRAFT

    # What follows from typing

    def _changed(self) -> None:
        self._confirmed = ()
        self._pause.touch()

    def _left(self, key: str) -> None:
        self._form.follow(key)
        self._check_choice(key)
        self._log(key)
        _report, examined = self._form.report()
        if not self._rows.typed()["amount"]:
            self._rows.hint("amount", self._form.usual_amount())
        doubles = [one for one in examined.warnings if one.said.code == "fine.double"]
        if doubles:
            self._say(doubles[0].said.sentence, "warning")
        elif key == "charge1":
            self._said.set_lines([])

    def _check_choice(self, key: str) -> None:
        """Of a placeholder with choices the text must be one of them."""
        typed = self._rows.typed().get(key, "").strip()
        if "_" in key and key.startswith("charge") and typed:
            allowed = self._form.choices_of(key)
            if allowed and typed not in allowed:
                self._rows.complain(key, _("One of: {codes}.").format(codes=", ".join(allowed)))

    def _log(self, key: str) -> None:
        """Whose record was found by search was read."""
        taken = self._rows.taken(key)
        if taken is not None and key in self._form.people and self._form.is_known(taken.value):
            session = self._session
            reading.log(
                session.actor, session.store, "persons", taken.value, way="search",
                reason=_(_REASON),
            )  # fmt: skip

    # Saving

    def action_save(self) -> None:
        """Save the record, or go to the first row that is not right; where there is something to
        know about it, F9 again saves it."""
        try:
            report, examined = self._form.report(photos=True)
            if self._stops(examined):
                return
            self._save(report)
        except Exception as error:
            said = in_words(error)
            if said is None:
                raise
            self._say(said.sentence, "error")

    def _stops(self, examined: Examined) -> bool:
        for finding in examined.errors:
            self._rows.complain(self._form.row_of(finding), finding.said.sentence)
        if examined.errors:
            first = min(examined.errors, key=lambda one: self._rows.place(self._form.row_of(one)))
            self._rows.go_to(self._form.row_of(first))
            self._say(first.said.sentence, "error")
            return True
        if examined.warnings and examined.warnings != self._confirmed:
            self._confirmed = examined.warnings
            sentences = " ".join(one.said.sentence for one in examined.warnings)
            self._say(_("{what} F9 again saves it.").format(what=sentences), "warning")
            return True
        return False

    def _save(self, report: Report) -> None:
        store, actor = self._session.store, self._session.actor
        if self._case:
            fine_edit.edit(store, actor, self._case, report)
            self._forget()
            self.answer((self._case,))
            return
        made = fines.record(store, actor, report, office_id=self._office)
        self._forget()
        self._made.append(made.case.id)
        self._form.empty()
        self._rows.go_to("charge1")
        n = len(self._made)
        series = ngettext("{n} in this series", "{n} in this series", n).format(n=n)
        self._say(_("✓ {number} recorded").format(number=made.case.number) + f" · {series}", "good")

    def _forget(self) -> None:
        self._confirmed = ()
        self._pause.drop()
        self._work.keep_draft(self._place, "")

    # Other keys

    def action_one_more(self, kind: str) -> None:
        """Show the rows of one more offence or person."""
        row = self._form.one_more(kind)
        if row is not None:
            self._rows.go_to(row)
        else:
            self._say(_("There is no room for more here."), "warning")

    def action_empty(self) -> None:
        """Begin this record anew."""
        self._form.empty()
        self._forget()
        self._said.set_lines([])
        self._rows.go_to("charge1")

    def action_leave(self) -> None:
        """Back; what is half typed is kept."""
        self._pause.now()
        self.answer(tuple(self._made))

    def on_unmount(self) -> None:
        """Taken away by a lock or the end of the program: what was typed is kept."""
        self._pause.now()

    def _keep(self) -> None:
        self._work.keep_draft(self._place, self._form.draft())

    def _say(self, text: str, style: str) -> None:
        self._said.set_lines([((text, style),)])
