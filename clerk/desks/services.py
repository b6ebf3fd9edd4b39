"""The process library in the store: importing versions, and which one is in force."""

from collections.abc import Sequence
from datetime import date

from clerk import clock
from clerk.i18n import _
from clerk.library.definition import Binds, ServiceDefinition, TermKind
from clerk.library.packed import pack, unpack
from clerk.refusal import refuse
from clerk.rules.permissions import PERMISSIONS
from storage.actor import Actor
from storage.journal import Change
from storage.pages import services as pages
from storage.records import Service, ServiceStep, ServiceVersion
from storage.store import Store


def import_services(
    store: Store, actor: Actor, definitions: Sequence[ServiceDefinition]
) -> tuple[str, ...]:
    """Bring versions into the store as one action; returns ``id@version`` of what is new.

    A version that is there already must be the same; another text under the same number is refused
    (``service.version``), because cases rest on it.
    """
    if not PERMISSIONS["library.import"] & set(actor.roles.values()):
        raise refuse("service.not_yours", _("Only administrators and supervisors import services."))
    with store.change(actor, "library.import", undoable=False) as change:
        return tuple(key for one in definitions if (key := _import(store, change, one)))


def _import(store: Store, change: Change, one: ServiceDefinition) -> str | None:
    key = f"{one.id}@{one.version}"
    text = pack(one)
    known = change.find(ServiceVersion, key)
    if known is not None:
        if unpack(known.definition) != one:
            raise refuse(
                "service.version",
                _("{key} is in the store with another text. Give the change a new version.").format(
                    key=key
                ),
            )
        return None
    service = change.find(Service, one.id)
    if service is None:
        change.add(Service(id=one.id, office_id=one.office, title=one.title.de))
    else:
        change.set(service, office_id=one.office, title=one.title.de)
    change.add(
        ServiceVersion(
            id=key,
            service_id=one.id,
            version=one.version,
            state=one.state,
            valid_from=one.valid_from.isoformat(),
            valid_to=one.valid_to.isoformat() if one.valid_to else None,
            definition=text,
        )
    )
    for position, step in enumerate(one.steps, 1):
        change.add(
            ServiceStep(
                id=f"{key}/{position}",  # the same on every replica that imports it
                version_id=key,
                position=position,
                title=step.title,
                norm_minutes=step.norm_minutes,
                checklist=_lines(step.checklist),
            )
        )
    return key


def _lines(lines: Sequence[str]) -> str:
    import json

    return json.dumps(list(lines), ensure_ascii=False)


def current_version(store: Store, service_id: str) -> ServiceVersion | None:
    """The published version that is in force today."""
    today = clock.local(store.clock()).date().isoformat()
    return pages.version_in_force(store.db, service_id, today)


def due_dates(version: ServiceVersion | None, opened: date) -> tuple[str | None, str | None]:
    """Target and legal due date (ISO) of a case opened on a day: the earliest term of each kind
    that binds the office."""
    if version is None:
        return None, None
    terms = [t for t in unpack(version.definition).terms if t.binds is Binds.OFFICE]
    ends = {
        kind: min((t.period.after(opened) for t in terms if t.kind is kind), default=None)
        for kind in TermKind
    }
    target, legal = ends[TermKind.SERVICE], ends[TermKind.LEGAL]
    return (target.isoformat() if target else None, legal.isoformat() if legal else None)
