"""The services in the store: few rows, read whole."""

from typing import TYPE_CHECKING

from storage.record import columns
from storage.records import Service, ServiceVersion
from storage.terms import ServiceState

if TYPE_CHECKING:
    from sqlite3 import Connection


def services(db: "Connection") -> list[Service]:
    """All services by title."""
    names = ", ".join(columns(Service))
    return [Service.of(row) for row in db.execute(f"SELECT {names} FROM services ORDER BY title")]


def versions(db: "Connection", service_id: str | None = None) -> list[ServiceVersion]:
    """All versions (of a service), the newest of each first."""
    names = ", ".join(columns(ServiceVersion))
    where, values = ("", ()) if service_id is None else (" WHERE service_id = ?", (service_id,))
    sql = f"SELECT {names} FROM service_versions{where} ORDER BY service_id, version DESC"
    return [ServiceVersion.of(row) for row in db.execute(sql, values)]


def version_in_force(db: "Connection", service_id: str, day: str) -> ServiceVersion | None:
    """The newest published version valid on a day (ISO)."""
    for one in versions(db, service_id):
        begun = one.valid_from <= day
        if one.state == ServiceState.PUBLISHED and begun and (one.valid_to or day) >= day:
            return one
    return None
