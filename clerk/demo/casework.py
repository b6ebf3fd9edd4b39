"""A case of the demo: how it is opened, what is done about it, how it ends."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from random import Random
from typing import Final

from clerk.demo import remarks
from clerk.demo.days import DAY, HOUR, MINUTE, Days
from clerk.demo.founding import Town
from clerk.demo.ids import demo_id
from clerk.demo.letters import Topic
from clerk.demo.outcomes import case_stays
from clerk.demo.past import Action, Edit, Op
from clerk.desks.services import due_dates
from clerk.library.definition import ServiceDefinition, in_force
from storage.records import Case, FollowUp, Note, Status
from storage.terms import Audience, CaseState, FollowUpState

_RESULTS: Final = ("Erledigt", "Beantwortet", "Weitergeleitet")  # where no service names its own


@dataclass(frozen=True, slots=True)
class _Rules:
    version_id: str | None
    target_on: str | None
    legal_on: str | None
    results: tuple[str, ...]


class Casework:
    """Makes cases and what happens to them. ``number`` counts actions, to keep their order."""

    def __init__(self, rng: Random, days: Days, town: Town) -> None:
        self._rng = rng
        self._days = days
        self._town = town
        self._rules = cache(self._rules_of)
        self.number = 0

    def action(self, at: int, clerk_id: str, name: str, office_id: str | None, *ops: Op) -> Action:
        """An action, numbered in the order of making."""
        self.number += 1
        return Action(at, self.number, clerk_id, name, office_id, ops)

    def open(self, topic: Topic, at: int, subject: str, person_id: str, clerk_id: str) -> Case:
        """A case as it is opened; its number is given when it is written."""
        rules = self._rules(topic.service_id, self._days.index(at))
        return Case(
            id=demo_id(self._rng, at),
            number="",
            office_id=topic.office_id,
            service_id=topic.service_id,
            version_id=rules.version_id,
            assignee_id=clerk_id,
            person_id=person_id,
            subject=subject,
            opened_at=at,
            target_on=rules.target_on,
            legal_on=rules.legal_on,
        )

    def confirmed(self, case: Case) -> tuple[Status, ...]:
        """Half of all cases tell the person that their letter is here."""
        if self._rng.random() < 0.5:
            return ()
        text, clerk_id = remarks.STATUSES[0], str(case.assignee_id)
        return (self.status(case, clerk_id, case.opened_at, text, Audience.INVOLVED),)

    def go_on(
        self, case: Case, topic: Topic, last: int, *, full: bool, pending: bool
    ) -> list[Action]:
        """What happens after the last letter: ``pending`` cases and some others stay open, most are
        closed."""
        rng, days = self._rng, self._days
        clerk_id = str(case.assignee_id)
        closed_at = days.working(last + int((0.5 + rng.expovariate(1 / 16)) * DAY), rng)
        stays = pending or closed_at >= days.end
        stays = stays or rng.random() < case_stays(self._late(case))
        made: list[Action] = []
        if full or stays:
            made += self._worked_on(case, last, min(closed_at, days.end), stays)
        if not stays:
            results = self._rules(topic.service_id, days.index(closed_at)).results
            result = results[0] if rng.random() < 0.75 else results[-1]
            deciders = self._town.decides[case.office_id]
            if clerk_id not in deciders:
                clerk_id = deciders[int(rng.random() * len(deciders))]
            made.append(
                self.action(
                    closed_at, clerk_id, "case.close", case.office_id,
                    Edit(case, {
                        "state": CaseState.CLOSED, "closed_at": closed_at, "result": result,
                    }),
                    self.status(case, clerk_id, closed_at, result),
                )
            )  # fmt: skip
        return made

    def _late(self, case: Case) -> int:
        """How many days ago the case was to be done; without a date of its own, in three weeks."""
        today = self._days.dates[self._days.last]
        if case.target_on is None:
            return self._days.last - self._days.index(case.opened_at) - 21
        return (today - date.fromisoformat(case.target_on)).days

    def status(
        self, case: Case, clerk_id: str, at: int, text: str, audience: Audience = Audience.INTERNAL
    ) -> Status:
        """Where the case stands."""
        return Status(
            id=demo_id(self._rng, at), case_id=case.id, clerk_id=clerk_id, at=at, text=text,
            audience=audience,
        )  # fmt: skip

    def follow_up(self, at: int, clerk_id: str, office_id: str, due: int, **on: str) -> FollowUp:
        """A follow-up on a day; ``on`` is ``case_id`` or ``item_id``."""
        return FollowUp(
            id=demo_id(self._rng, at),
            office_id=office_id,
            clerk_id=clerk_id,
            due_on=self._days.iso[self._days.workday(due)],
            text=remarks.FOLLOW_UPS[int(self._rng.random() * len(remarks.FOLLOW_UPS))],
            created_at=at,
            created_by=clerk_id,
            case_id=on.get("case_id"),
            item_id=on.get("item_id"),
        )

    def _worked_on(self, case: Case, since: int, until: int, stays: bool) -> list[Action]:
        """Notes, follow-ups and a colleague taking over, between two moments."""
        rng, days = self._rng, self._days
        clerk_id, office_id = str(case.assignee_id), case.office_id
        made: list[Action] = []

        def moment() -> int | None:
            at = since + MINUTE + int(rng.random() * max(until - since, HOUR))
            at = days.working(at, rng)
            return at if since < at < until else None

        if rng.random() < 0.5 and (at := moment()):
            text = remarks.CASE_NOTES[int(rng.random() * len(remarks.CASE_NOTES))]
            note = Note(id=demo_id(rng, at), case_id=case.id, clerk_id=clerk_id, at=at, text=text)
            made.append(self.action(at, clerk_id, "case.note", office_id, note))
        if stays and rng.random() < 0.15 and (at := moment()):
            desk = self._town.desk[office_id]
            taker = desk[int(rng.random() * len(desk))]
            if taker != clerk_id:
                edit = Edit(case, {"assignee_id": taker})
                made.append(self.action(at, taker, "case.take", office_id, edit))
        at = moment() or since + MINUTE
        if stays and rng.random() < 0.55:
            due = max(days.index(at) + 1, days.last + int(rng.triangular(-7, 15, 1)))
            one = self.follow_up(at, clerk_id, office_id, due, case_id=case.id)
            made.append(self.action(at, clerk_id, "case.follow_up", office_id, one))
        elif not stays and at < until - DAY and rng.random() < 0.3:
            one = self.follow_up(at, clerk_id, office_id, days.index(until), case_id=case.id)
            done = Edit(one, {"state": FollowUpState.DONE})
            made.append(self.action(at, clerk_id, "case.follow_up", office_id, one))
            made.append(self.action(until - MINUTE, clerk_id, "follow_up.done", office_id, done))
        return made

    def _rules_of(self, service_id: str | None, day: int) -> _Rules:
        """What the version in force on a day says of due dates and results."""
        opened: date = self._days.dates[day]
        service = self._in_force(opened).get(service_id or "")
        if service is None:
            return _Rules(None, None, None, _RESULTS)
        version = self._town.versions[f"{service.id}@{service.version}"]
        target, legal = due_dates(version, opened)
        return _Rules(version.id, target, legal, tuple(one.title for one in service.results))

    def _in_force(self, day: date) -> Mapping[str, ServiceDefinition]:
        return {service.id: service for service in in_force(self._town.services, day)}
