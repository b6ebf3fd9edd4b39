"""Reads of persons' records by search or number: logged with user and time, kept to the end of the
following year, listed to who leads or runs an office."""

from datetime import date
from typing import TYPE_CHECKING, Literal

from clerk import clock
from clerk.dates import start_of
from clerk.i18n import _
from clerk.refusal import Refusal, Refused
from storage.errors import StoreError
from storage.pages import reads as pages
from storage.reads import forget_reads, log_read
from storage.terms import Role

if TYPE_CHECKING:
    from storage.actor import Actor
    from storage.store import Store

Way = Literal["search", "number"]
_MAY_LIST = (Role.SUPERVISOR, Role.ADMIN)
# Where nothing can be written, looking something up still works; it cannot be logged there.
_UNWRITABLE = ("store.readonly", "store.full")
_SHARED = "shared"


def log(
    actor: "Actor", store: "Store", table: str, row_id: str, *, way: Way, reason: str = ""
) -> None:
    """The actor is about to see a record that a search or its number led to."""
    try:
        log_read(store, actor.clerk_id, table, row_id, way=way, reason=reason.strip())
    except StoreError as error:
        if error.code not in _UNWRITABLE:
            raise


def can_list(actor: "Actor", store: "Store") -> Refusal | None:
    """Whether the actor may see who read what: supervisors and administrators of a store that
    stands alone. The log of a shared store lies there."""
    if store.local(_SHARED) is not None:
        return Refusal("reads.shared", _("The log of reads lies in the shared store."))
    if not any(role in _MAY_LIST for role in actor.roles.values()):
        return Refusal("reads.not_yours", _("Only who leads or runs an office sees this log."))
    return None


def listed(store: "Store", actor: "Actor", limit: int) -> list[pages.ReadRow]:
    """The newest reads. Refused ``reads.shared``, ``reads.not_yours``."""
    if refusal := can_list(actor, store):
        raise Refused(refusal)
    return pages.newest(store.db, limit)


def purge(store: "Store") -> int:
    """Drop what is older than the end of the following year; returns how many. Called at the start
    of a day; writes nothing where nothing is due."""
    oldest = pages.oldest(store.db)
    kept_from = start_of(date(clock.local(store.clock()).year - 1, 1, 1))
    if oldest is None or oldest >= kept_from:
        return 0
    try:
        return forget_reads(store, kept_from)
    except StoreError as error:
        if error.code not in _UNWRITABLE:
            raise
        return 0
