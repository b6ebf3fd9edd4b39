"""The town as an institution: offices, clerks, roles, absences, services."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from clerk.demo import staff
from clerk.demo.days import DAY, Days
from clerk.demo.ids import demo_id
from clerk.demo.past import Past
from clerk.library.definition import OfficeDefinition, ServiceDefinition
from clerk.library.load import load_offices, load_services
from clerk.library.packed import pack
from storage.journal import Change
from storage.records import (
    Absence,
    Clerk,
    Membership,
    Office,
    Service,
    ServiceStep,
    ServiceVersion,
)
from storage.terms import DeputyMay, Role

_HIRED = 6 * 365  # days before the last one: everybody has been there for a while


@dataclass(frozen=True, slots=True)
class Town:
    """Who works where, by id. ``desk``: who does the daily work of an office; ``decides``: who
    may close its cases."""

    clerks: Mapping[str, str]  # login -> id
    desk: Mapping[str, Sequence[str]]
    decides: Mapping[str, Sequence[str]]
    offices: tuple[OfficeDefinition, ...]
    services: tuple[ServiceDefinition, ...]
    versions: Mapping[str, ServiceVersion]

    @property
    def sitting(self) -> str:
        """The id of the clerk who sits at the screen."""
        return self.clerks[staff.SITTING]

    @property
    def post_room(self) -> str:
        """The id of the clerk who receives and hands on."""
        return self.clerks[staff.POST_ROOM]


def found_town(past: Past, rng: Random, days: Days) -> Town:
    """Found the town on the first of its days."""
    at = days.begin - DAY
    offices, services = load_offices(), load_services()
    ids = {one.login: demo_id(rng, at) for one in staff.STAFF}
    posts = _posts(offices)
    with past.change(at, ids[staff.ADMIN], "town.found") as change:
        for one in staff.STAFF:
            change.add(Clerk(id=ids[one.login], login=one.login, name=one.name))
        for office in offices:
            past.prefixes[office.id] = office.prefix
            change.add(
                Office(
                    id=office.id,
                    name=office.name,
                    prefix=office.prefix,
                    is_intake=int(office.intake),
                )
            )
        since = (days.dates[days.last] - timedelta(days=_HIRED)).isoformat()
        for login, office_id, role in posts:
            change.add(
                Membership(
                    id=demo_id(rng, at),
                    clerk_id=ids[login],
                    office_id=office_id,
                    role=role,
                    since=since,
                )
            )
        _absences(change, rng, at, ids, days.dates[days.last])
    with past.change(at + 1, ids[staff.ADMIN], "library.import") as change:
        versions = _library(change, rng, at, services)
    desk: dict[str, list[str]] = {office.id: [] for office in offices}
    decides: dict[str, list[str]] = {office.id: [] for office in offices}
    for login, office_id, role in posts:
        if role in (Role.CLERK, Role.OFFICER) or not desk[office_id]:
            desk[office_id].append(ids[login])
        if role in (Role.OFFICER, Role.SUPERVISOR):
            decides[office_id].append(ids[login])
    return Town(ids, desk, decides, offices, services, versions)


def _posts(offices: Sequence[OfficeDefinition]) -> list[tuple[str, str, Role]]:
    """Who has which role where; an office that the staff list does not know gets a supervisor.

    Officers come before supervisors, so that the daily work of an office falls to them.
    """
    known = {office.id for office in offices}
    posts = [(one.login, o, role) for one in staff.STAFF for o, role in one.posts if o in known]
    led = {office for _login, office, role in posts if role is Role.SUPERVISOR}
    posts += [(staff.LEADER, office, Role.SUPERVISOR) for office in sorted(known - led)]
    order = (Role.OFFICER, Role.CLERK, Role.SUPERVISOR, Role.ADMIN)
    return sorted(posts, key=lambda post: order.index(post[2]))


def _absences(change: Change, rng: Random, at: int, ids: Mapping[str, str], until: date) -> None:
    """Somebody is ill today, somebody will be on leave, somebody was."""
    for login, deputy, may, starts, length in (
        ("mkaya", "jbrandt", DeputyMay.SIGN, -2, 6),
        ("yozturk", "dkruse", DeputyMay.READ, 12, 14),
        ("wthiele", "chornung", DeputyMay.SIGN, -40, 20),
        ("ksteen", "mheld", DeputyMay.ACT, 3, 4),
    ):
        change.add(
            Absence(
                id=demo_id(rng, at),
                clerk_id=ids[login],
                deputy_id=ids[deputy],
                may=may,
                starts_on=(until + timedelta(days=starts)).isoformat(),
                ends_on=(until + timedelta(days=starts + length)).isoformat(),
            )
        )


def _library(
    change: Change, rng: Random, at: int, services: Sequence[ServiceDefinition]
) -> dict[str, ServiceVersion]:
    """What ``clerk services import`` writes, with ids of the demo: the steps' are drawn."""
    seen: set[str] = set()
    versions: dict[str, ServiceVersion] = {}
    for one in services:
        if one.id not in seen:
            seen.add(one.id)
            change.add(Service(id=one.id, office_id=one.office, title=one.title.de))
        key = f"{one.id}@{one.version}"
        versions[key] = change.add(
            ServiceVersion(
                id=key,
                service_id=one.id,
                version=one.version,
                state=one.state,
                valid_from=one.valid_from.isoformat(),
                valid_to=one.valid_to.isoformat() if one.valid_to else None,
                definition=pack(one),
            )
        )
        for position, step in enumerate(one.steps, 1):
            change.add(
                ServiceStep(
                    id=demo_id(rng, at),
                    version_id=key,
                    position=position,
                    title=step.title,
                    norm_minutes=step.norm_minutes,
                    checklist=json.dumps(list(step.checklist), ensure_ascii=False),
                )
            )
    return versions
