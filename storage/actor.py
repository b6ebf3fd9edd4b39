"""Who acts, and on which device."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class Actor(NamedTuple):
    """A clerk at work. ``roles`` maps the id of each office of theirs to the role there."""

    clerk_id: str
    name: str
    roles: Mapping[str, str] = MappingProxyType({})

    @property
    def offices(self) -> tuple[str, ...]:
        """The ids of the offices they belong to, in a stable order."""
        return tuple(sorted(self.roles))
