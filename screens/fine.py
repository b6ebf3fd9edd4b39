"""A fine: its case with the tabs and the steps of the procedure."""

from typing import ClassVar

from clerk.actions import Action, Place, action
from clerk.desks.cases import closes_otherwise
from clerk.desks.outcome import Outcome
from clerk.i18n import N_, _
from clerk.names import symbol, word
from clerk.refusal import Refusal
from screens import fine_tabs
from screens.case import REST, CaseScreen, CaseTab
from screens.fine_doing import FineDoing
from screens.work import handlers_for
from storage.pages import documents, fines

_CLOSING = ("case.close", "case.reopen")


class FineScreen(CaseScreen):
    """One fine."""

    PLACES: ClassVar[tuple[Place, ...]] = ("everywhere", "case", "fine")
    TABS: ClassVar[tuple[CaseTab, ...]] = (
        CaseTab(N_("Overview"), N_("Overview"), fine_tabs.overview),
        CaseTab(N_("Procedure"), N_("Steps"), fine_tabs.steps),
        CaseTab(N_("People and evidence"), N_("People"), fine_tabs.people),
        CaseTab(N_("Letters and money"), N_("Money"), fine_tabs.letters_and_money),
        *REST,
    )

    def __init__(self, case_id: str) -> None:
        super().__init__(case_id)
        self._doing = FineDoing(self, lambda: (self.case_id,), self._followed)
        self.handlers |= handlers_for({**self._doing.handlers(), "fine.photos": self._photos})

    def refusal(self, action_id: str) -> Refusal | None:
        """The guard's answer for this fine."""
        if action_id in _CLOSING:
            return closes_otherwise()
        if action_id == "fine.photos":
            return None if self._has_photos() else Refusal("photo.none", _("There is no photo."))
        if action_id.startswith("fine."):
            return self._doing.refusal(action_id)
        return super().refusal(action_id)

    def footer_actions(self) -> list[Action]:
        """The steps that can be taken now; what every case can where there is room left."""
        order = {"fine": 0, "case": 1}
        own = [
            one._replace(footer="allowed") if one.place == "case" else one
            for one in super().footer_actions()
        ]
        return sorted(own, key=lambda one: order.get(one.place, 2))

    def _followed(self, outcome: Outcome) -> None:
        """After a step: read anew, say what was done."""
        self.refresh_data()
        undo = _("{key} takes it back").format(key=self.shortcut("app.undo"))
        said = f"{action(outcome.action).said}: {self.title_text()} · {self.state_text()}"
        self.toast.say("done", said, undo)
        self.station.data_changed()

    def state_text(self) -> str:
        """Where the fine stands."""
        fine = fines.of_case(self.station.session.store.db, self.case_id)
        if fine is None:
            return super().state_text()
        return f"{symbol('fine', fine.state)} {word('fine', fine.state)}"

    def _has_photos(self) -> bool:
        db = self.station.session.store.db
        return any(one.kind for one in documents.of_case(db, self.case_id))

    def _photos(self) -> None:
        from screens.photos import PhotosScreen

        db = self.station.session.store.db
        found = [one for one in documents.of_case(db, self.case_id) if one.kind]
        self.station.push_screen(PhotosScreen(db, found))
