"""Who acts, for whom, and on which device."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from storage.terms import DeputyMay


class StandIn(NamedTuple):
    """An absent colleague for whom somebody stands in today; ``until`` is the last day (ISO)."""

    clerk_id: str
    name: str
    may: str
    until: str

    @property
    def acts(self) -> bool:
        """Whether the deputy may work, and not only look."""
        return self.may in (DeputyMay.ACT, DeputyMay.SIGN)


class Actor(NamedTuple):
    """A clerk at work. ``roles`` maps the id of each office in which they act to the role there;
    ``lent`` names the absent colleague for the offices that are not their own; ``reads`` are
    offices they may only look into."""

    clerk_id: str
    name: str
    roles: Mapping[str, str] = MappingProxyType({})
    stand_ins: tuple[StandIn, ...] = ()
    lent: Mapping[str, str] = MappingProxyType({})
    reads: tuple[str, ...] = ()

    @property
    def offices(self) -> tuple[str, ...]:
        """The ids of the offices whose matters they see, in a stable order."""
        return tuple(sorted({*self.roles, *self.reads}))

    @property
    def desks(self) -> tuple[str, ...]:
        """Whose work lies on their desk: their own, then that of absent colleagues."""
        return (self.clerk_id, *(one.clerk_id for one in self.stand_ins))

    def acts_for(self, clerk_id: str) -> bool:
        """Whether they do this clerk's work: it is themselves, or one they stand in for."""
        return clerk_id == self.clerk_id or any(
            one.clerk_id == clerk_id and one.acts for one in self.stand_ins
        )

    def signs_in(self, office_id: str) -> bool:
        """Whether they sign in an office: by a role of their own, or as a deputy who may sign."""
        lender = self.lent.get(office_id)
        return office_id in self.roles and (lender is None or self.signs_for(lender))

    def signs_for(self, clerk_id: str) -> bool:
        """Whether their signature stands for this clerk's."""
        return clerk_id == self.clerk_id or any(
            one.clerk_id == clerk_id and one.may == DeputyMay.SIGN for one in self.stand_ins
        )
