"""Acts from before a workstation joined: how the journal says so (docs/decisions/0016).

Such an entry names two: the clerk of the town who brought it along, and whoever did it, as the
store that was brought called them. That is a name and no id, so it is never one of the town's
clerks. The clerk's own acts are theirs (``clerk_id``) for that name; acts of others are that
name's, for the clerk.
"""

from collections.abc import Mapping
from typing import Final

AUTHORS: Final[Mapping[str, str]] = {
    "notes": "clerk_id",
    "statuses": "clerk_id",
    "follow_ups": "created_by",
    "letters": "drafted_by",
    "fine_steps": "clerk_id",
}
"""The field that says who wrote a record. The shared store takes nobody there but who did it, or
who brings it along."""
_PREFIX: Final = "brought:"
_LONGEST: Final = 120


def called(name: str) -> str:
    """Somebody who did something, by the name that the store had for them."""
    return _PREFIX + (" ".join(name.split())[:_LONGEST] or "?")


def shown(clerk_id: str) -> str:
    """What can be read of somebody who is none of the town's clerks."""
    return clerk_id.removeprefix(_PREFIX)


def is_brought(clerk_id: str, on_behalf_of: str | None) -> bool:
    """Whether an entry with these was brought along."""
    return _PREFIX in (clerk_id[: len(_PREFIX)], (on_behalf_of or "")[: len(_PREFIX)])


def parties(clerk_id: str, on_behalf_of: str | None) -> tuple[str, str]:
    """Of an entry that was brought along: the name of who did it, the id of who brought it."""
    if clerk_id.startswith(_PREFIX):
        return shown(clerk_id), on_behalf_of or ""
    return shown(on_behalf_of or ""), clerk_id
