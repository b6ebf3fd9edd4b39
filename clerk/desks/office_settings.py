"""An office's own settings: what holds, and setting them."""

from pathlib import Path
from typing import TYPE_CHECKING

from clerk import office_settings
from clerk.i18n import _
from clerk.office_settings import OfficeSettings
from clerk.refusal import Refusal, Refused, refuse
from clerk.rules.permissions import PERMISSIONS
from storage.actor import Actor
from storage.pages import offices
from storage.records import Office
from storage.store import Store
from storage.terms import Role

if TYPE_CHECKING:
    from sqlite3 import Connection


def settings_of(db: "Connection", office_id: str) -> OfficeSettings:
    """What holds for an office; the defaults for one that has set nothing or is not there."""
    return office_settings.stored(offices.settings(db, office_id))


def text_of(db: "Connection", office_id: str) -> str | None:
    """The file as it was imported, None where nothing was."""
    return offices.settings(db, office_id)


def can_set(actor: Actor, office_id: str) -> Refusal | None:
    """Whether the actor may set them: who leads the office, or an administrator of any."""
    allowed = PERMISSIONS["office.settings"]
    if actor.roles.get(office_id) in allowed or Role.ADMIN in actor.roles.values():
        return None
    return Refusal(
        "office.not_yours", _("Only its supervisor or an administrator sets up an office.")
    )


def set_settings(
    store: Store, actor: Actor, office_id: str, path: Path, data: bytes
) -> OfficeSettings:
    """Set them from the text of a TOML file; returns what now holds.

    Refused ``office.not_yours`` or ``office.unknown``; LibraryError for a text that is not right.
    """
    with store.change(actor, "office.settings") as change:
        office = change.find(Office, office_id)
        if office is None:
            raise refuse("office.unknown", _("There is no office “{name}”.").format(name=office_id))
        if refusal := can_set(actor, office_id):
            raise Refused(refusal)
        found, text = office_settings.read(path, data)
        change.set(office, settings=text, four_eyes_above=found.fines.four_eyes_above)
    return found
