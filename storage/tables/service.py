"""The process library: services, their versions and the steps of a version."""

from sqlmodel import Field

from storage.tables.base import Row
from storage.terms import ServiceState


class Service(Row, table=True):
    """A service of the town. Its id is ASCII and stable (``parkausweis``)."""

    __tablename__ = "services"
    office_id: str = Field(foreign_key="offices.id", index=True)
    title: str


class ServiceVersion(Row, table=True):
    """One version; ``definition`` is the whole library entry as JSON."""

    __tablename__ = "service_versions"
    service_id: str = Field(foreign_key="services.id", index=True)
    version: int
    state: ServiceState
    valid_from: str
    valid_to: str | None = None
    definition: str


class ServiceStep(Row, table=True):
    """One step of a version; ``checklist`` is a JSON array of sentences."""

    __tablename__ = "service_steps"
    version_id: str = Field(foreign_key="service_versions.id", index=True)
    position: int
    title: str
    norm_minutes: int = 0
    checklist: str = "[]"
