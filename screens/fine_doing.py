"""Taking steps of fines by one key: at once where nothing need be said, else with a form.

The same for the list and for one fine; which action asks for what stands in
``clerk.rules.fine_asks``.
"""

from collections.abc import Callable, Mapping, Sequence

from clerk import clock, dates
from clerk.actions import action
from clerk.desks import fine_acts, fine_facts
from clerk.desks.fine_answers import Answers, answers, read
from clerk.desks.fine_facts import Matter, matter
from clerk.desks.outcome import Outcome
from clerk.i18n import _
from clerk.money import euros
from clerk.names import word
from clerk.refusal import Refusal, Refused
from clerk.rules.fine_asks import ASKS, Datum
from clerk.rules.fine_states import ACTIONS
from screens.work import Handler, WorkScreen
from storage.pages import fines
from widgets.choices import Choice
from widgets.field import Entry
from widgets.form import FormChoice, FormField, FormScreen

EDIT = "fine.edit"
_WEIGHED = ("fine.issue", "fine.decide")
"""Actions whose amount is a decision: it is shown before it is done."""
_PLACEHOLDERS: Mapping[str, str] = {
    "date": "heute, gestern, 4.7.",
    "cents": "88,50",
    "flag": "j / n",
    "instalments": "6x50 1.8.",
}


class FineDoing:
    """Steps for the cases that ``targets`` names; ``done`` hears what became of them."""

    def __init__(
        self,
        screen: WorkScreen,
        targets: Callable[[], Sequence[str]],
        done: Callable[[Outcome], None],
    ) -> None:
        self._screen = screen
        self._session = screen.station.session
        self._targets = targets
        self._done = done
        self._known: tuple[tuple[str, int, int] | None, Matter | None] = (None, None)

    def handlers(self) -> dict[str, Handler]:
        """What the keys of the table do."""
        return {
            **{name: (lambda name=name: self.do(name)) for name in ACTIONS},  # type: ignore[misc]  # a default binds the loop's value
            EDIT: self._edit,
            "fine.next": self._ask_next,
        }

    # Guards

    def refusal(self, action_id: str) -> Refusal | None:
        """Why this cannot be done to the fine in hand."""
        targets = self._targets()
        if not targets:
            return Refusal("list.empty", _("There is no record here."))
        if action_id not in ACTIONS or len(targets) > 1:
            return None
        one = self._matter(targets[0])
        if one is None:
            return Refusal("record.gone", _("This case is not here any more."))
        return fine_facts.can(self._session.actor, action_id, one)

    def _matter(self, case_id: str) -> Matter | None:
        """As it stands; read once while nothing was written, here or by somebody else."""
        db = self._session.store.db
        version = case_id, self._screen.station.changes, db.total_changes
        if self._known[0] != version:
            fine = fines.of_case(db, case_id)
            self._known = version, matter(db, fine) if fine else None
        return self._known[1]

    # Doing

    def do(self, action_id: str) -> None:
        """At once where nothing has to be said; where that is refused, with the form."""
        targets = tuple(self._targets())
        if self._has_to_ask(action_id, targets):
            self._ask(action_id, targets)
            return
        try:
            self._act(action_id, targets, Answers())
        except Refused as refused:
            if not ASKS[action_id] or self.refusal(action_id) is not None:
                raise
            self._ask(action_id, targets, refused.refusal.sentence)

    def _act(self, action_id: str, targets: Sequence[str], said: Answers) -> None:
        session = self._session
        self._done(fine_acts.act(session.store, session.actor, targets, action_id, said))

    def _has_to_ask(self, action_id: str, targets: Sequence[str]) -> bool:
        for one in ASKS[action_id]:
            if one.required or (one.kind == "cents" and action_id in _WEIGHED):
                return True
            if one.kind == "person" and len(targets) == 1:
                found = self._matter(targets[0])
                if found is not None and len(found.parties) > 1:
                    return True
        return False

    def _ask(self, action_id: str, targets: Sequence[str], why: str = "") -> None:
        """The form of an action; ``why`` it was refused without one."""
        one = self._matter(targets[0]) if len(targets) == 1 else None
        heading = action(action_id).title
        if one is not None:
            heading = f"{heading} · {self._screen.station.names.case(targets[0])}"
        # What must be said comes first: a hand that types goes there.
        asked = sorted(ASKS[action_id], key=lambda datum: not datum.required)

        def done(said: dict[str, str] | None) -> None:
            if said is not None:
                self._screen.attempt(
                    lambda: self._act(action_id, targets, answers(action_id, said, clock.today()))
                )

        self._screen.station.push_screen(
            FormScreen(
                f"{heading}: {why}" if why else heading, [self._field(d, one) for d in asked]
            ),
            done,
        )

    def _field(self, datum: Datum, one: Matter | None) -> FormField | FormChoice:
        label = _(datum.label) + ("" if datum.required else " " + _("(may be left out)"))
        if datum.kind == "choice":
            rows = [Choice(code, _(words)) for code, words in datum.choices]
            usual = next((row.text for row in rows if row.value == datum.usual), "")
            return FormChoice(datum.name, label, rows, usual, optional=not datum.required)
        if datum.kind == "person" and one is not None:
            return FormChoice(datum.name, label, _people(one), optional=True)
        initial = ""
        if datum.kind == "cents" and one is not None:
            initial = euros(one.fine.amount).replace("€", "").strip()
        placeholder = _PLACEHOLDERS.get(datum.kind, "")
        return FormField(datum.name, label, initial, placeholder, lambda text: _entry(datum, text))

    # What can be done now

    def _ask_next(self) -> None:
        """All steps, those that can be taken first, the others with their reason."""
        from widgets.picker import PickerScreen

        steps = [one for one in (EDIT, *ACTIONS) if one in self._screen.handlers]
        rows = []
        for name in dict.fromkeys(steps):
            why = self.refusal(name)
            found = action(name)
            key = self._screen.shortcut(name)
            rows.append(
                Choice(
                    name, found.title, why.sentence if why else found.description, key,
                    why.sentence if why else None,
                )
            )  # fmt: skip
        rows.sort(key=lambda row: row.disabled_reason is not None)

        def done(name: str | None) -> None:
            if name is not None:
                self._screen.action_do(name)

        self._screen.station.push_screen(PickerScreen(_("What now?"), rows), done)

    def _edit(self) -> None:
        from screens.fine_entry import FineEntryScreen

        [case_id, *_more] = self._targets()
        fine = fine_acts.fine_of(self._session.store.db, case_id)

        def done(changed: tuple[str, ...] | None) -> None:
            if changed:
                self._done(Outcome(EDIT, changed))

        self._screen.station.push_screen(
            FineEntryScreen(self._screen, fine.office_id, case_id), done
        )


def _people(one: Matter) -> list[Choice[str]]:
    return [
        Choice(part.id, f"{person.given_name} {person.family_name}".strip(),
               word("participant", part.role))
        for part, person in one.parties
    ]  # fmt: skip


def _entry(datum: Datum, text: str) -> Entry:
    """How a typed answer reads."""
    found = read(datum, text, clock.today())
    if isinstance(found, Refusal):
        return Entry(text, error=found.sentence)
    return Entry(text, hint=_hint(datum, found))


def _hint(datum: Datum, value: object) -> str:
    from datetime import date

    if isinstance(value, date):
        return dates.short_date(value, clock.today())
    if datum.kind == "cents" and isinstance(value, int):
        return euros(value)
    if isinstance(value, tuple) and value:
        total = sum(cents for _day, cents in value)
        text = _("{n} instalments, {sum}, the last on {day}")
        return text.format(n=len(value), sum=euros(total), day=dates.numbers(value[-1][0]))
    return ""
