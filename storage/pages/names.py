"""Names of offices, clerks and services for lists: small tables, read once."""

from typing import TYPE_CHECKING

from storage.brought import shown
from storage.pages import offices, people

if TYPE_CHECKING:
    from sqlite3 import Connection


class Names:
    """id -> name. An unknown id is shown as it is."""

    def __init__(self, db: "Connection") -> None:
        self.offices = {office.id: office.name for office in offices.offices(db)}
        self.clerks = {clerk.id: clerk.name for clerk in people.clerks(db)}
        self._db = db
        self._services: dict[str, str] | None = None

    def office(self, office_id: str | None) -> str:
        """The office's name, '' for none."""
        return self.offices.get(office_id, office_id) if office_id else ""

    def clerk(self, clerk_id: str | None) -> str:
        """The clerk's name, '' for none."""
        return self.clerks.get(clerk_id) or shown(clerk_id) if clerk_id else ""

    def person(self, person_id: str) -> str:
        """The person's name; looked up each time, since there are many."""
        from storage.pages import persons

        person = persons.by_id(self._db, person_id)
        return f"{person.given_name} {person.family_name}".strip() if person else person_id

    def case(self, case_id: str) -> str:
        """The case's number; looked up each time, since there are many."""
        from storage.pages import cases

        found = cases.by_ids(self._db, [case_id])
        return found[0].number if found else case_id

    def service(self, service_id: str | None) -> str:
        """The service's title, '' for none."""
        if self._services is None:
            from storage.pages import services

            self._services = {one.id: one.title for one in services.services(self._db)}
        return self._services.get(service_id, service_id) if service_id else ""
