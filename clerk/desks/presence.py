"""Who else has a case open. It is told and shown, and hinders nobody: also not where it fails."""

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from storage import presence
from storage.errors import StoreError

if TYPE_CHECKING:
    from storage.pages.names import Names
    from storage.store import Store

_SHARED = "shared"  # the local value of a joined store


def begin(store: "Store") -> None:
    """The workstation has just started: no case is open."""
    _tell(store, lambda: presence.leave_all(store))


def attend(store: "Store", case_id: str) -> None:
    """The case is open here."""
    _tell(store, lambda: presence.attend(store, case_id))


def leave(store: "Store", case_id: str) -> None:
    """It is not open here any more."""
    _tell(store, lambda: presence.leave(store, case_id))


def others(store: "Store", names: "Names", case_id: str, me: str) -> str:
    """The names of those who have it open elsewhere, '' for nobody; ``me`` is not named."""
    return ", ".join(names.clerk(one) for one in presence.others(store.db, case_id, me))


def _tell(store: "Store", do: Callable[[], None]) -> None:
    if store.local(_SHARED) is not None:
        with suppress(StoreError):
            do()
