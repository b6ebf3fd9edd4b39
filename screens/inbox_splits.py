"""The lists of the inbox, as data: whose items, in which states."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from clerk.i18n import N_
from storage import counters
from storage.actor import Actor
from storage.pages import items
from storage.pages.items import ItemRow
from storage.pages.keyset import Keyset
from storage.terms import ItemState

if TYPE_CHECKING:
    from sqlite3 import Connection


@dataclass(frozen=True, slots=True)
class Split:
    """One list. ``quiet`` ones stand in the header only while they hold something, and by their
    ``short`` name where there is little room."""

    label: str
    whose: Literal["mine", "offices", "nobody", "offices or nobody"]
    states: tuple[ItemState, ...] = (ItemState.OPEN,)
    quiet: bool = False
    short: str = ""

    def keyset(self, actor: Actor) -> Keyset[ItemRow]:
        """Its rows, newest first."""
        if self.whose == "mine":
            return items.of_clerks(actor.desks)
        if self.whose == "nobody":
            return items.unassigned()
        both = self.whose == "offices or nobody"
        return items.of_offices(actor.offices, *self.states, unassigned_too=both)

    def count(self, db: "Connection", actor: Actor) -> int:
        """How many items it holds, from the counters."""
        if self.whose == "mine":
            return counters.count(db, "items", ItemState.OPEN, clerks=actor.desks)
        offices = {
            "offices": actor.offices,
            "nobody": (counters.NOBODY,),
            "offices or nobody": (*actor.offices, counters.NOBODY),
        }[self.whose]
        return sum(counters.count(db, "items", state, offices=offices) for state in self.states)

    def holds(self, actor: Actor, row: ItemRow) -> bool:
        """Whether a record stands in this list."""
        if row.state not in self.states:
            return False
        if self.whose == "mine":
            return row.claimed_by in actor.desks
        own = row.office_id in actor.offices
        if self.whose == "offices":
            return own
        return row.office_id is None or (own and self.whose == "offices or nobody")


SPLITS = {
    "mine": Split(N_("Mine"), "mine"),
    "office": Split(N_("Office"), "offices"),
    "unassigned": Split(N_("Unassigned"), "nobody"),
    "aside": Split(
        N_("Put away"),
        "offices or nobody",
        (ItemState.ASIDE, ItemState.DUPLICATE, ItemState.SPAM),
        quiet=True,
        short=N_("Away"),
    ),
    "done": Split(
        N_("Finished"), "offices or nobody", (ItemState.DONE,), quiet=True, short=N_("Fin.")
    ),
    "quarantine": Split(
        N_("Quarantine"),
        "offices or nobody",
        (ItemState.QUARANTINE,),
        quiet=True,
        short=N_("Quar."),
    ),
}
