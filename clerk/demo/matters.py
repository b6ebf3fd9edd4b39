"""The matters of the town: who writes when, what the clerks do about it. Start at :meth:`actions`.

Everything is planned as actions at their moments; a heap brings those of all matters into the
order of time. What would happen after the last morning is not planned, so it is still to be done.
"""

from collections.abc import Iterator
from heapq import heappop, heappush
from random import Random
from typing import Final

from clerk.demo import remarks
from clerk.demo.casework import Casework
from clerk.demo.crowd import Arrival, Crowd
from clerk.demo.days import DAY, HOUR, MINUTE, Days
from clerk.demo.founding import Town
from clerk.demo.hostile import HOSTILE
from clerk.demo.ids import demo_id
from clerk.demo.outcomes import (
    KIND_WEIGHTS,
    KINDS,
    MINE,
    THREAD_WEIGHTS,
    THREADS,
    OpenByAge,
    Share,
)
from clerk.demo.past import Action, Edit, Op
from clerk.demo.slots import Scene
from storage.records import Case, Item, Note
from storage.terms import ItemState

FULL: Final = 3_000  # the newest items, which have every step of their history
_HOSTILE_FROM: Final = 30  # items before the end, so that test records do not stand on top


class Matters:
    """Plans ``size`` items and all that belongs to them."""

    def __init__(self, rng: Random, days: Days, town: Town, crowd: Crowd, size: int) -> None:
        self._rng = rng
        self._days = days
        self._town = town
        self._crowd = crowd
        self._size = size
        self._made = 0  # items so far
        self._asked = 0  # items when it was last asked whether one is to stay open
        self._full = False
        self._work = Casework(rng, days, town)
        self._act = self._work.action
        self._open_by_age = OpenByAge(size, days.weights)
        self._open, self._nowhere, self._claimed, self._mine = Share(), Share(), Share(), Share()
        self._pending = Share()
        self._taken = 0  # by the sitting clerk
        self._hostile = list(HOSTILE) if size >= 10 * len(HOSTILE) else []

    def actions(self) -> Iterator[Action]:
        """All actions in the order of time."""
        waiting: list[tuple[int, int, Action]] = []
        while self._made < self._size:
            at = self._days.arrival((self._made + self._rng.random()) / self._size)
            while waiting and waiting[0][0] < at:
                yield heappop(waiting)[2]
            self._full = self._size - self._made <= FULL
            for action in self._matter(at):
                heappush(waiting, (action.at, action.number, action))
        while waiting:
            yield heappop(waiting)[2]

    def _matter(self, at: int) -> list[Action]:
        if self._hostile and self._size - self._made <= _HOSTILE_FROM + 8 * len(self._hostile):
            return self._test_record(at)
        likely = self._open_by_age(self._days.end - at)
        since, self._asked = self._made - self._asked, self._made
        if self._open.due(likely * since):
            return self._open_matter(at)
        kind = self._rng.choices(KINDS, KIND_WEIGHTS)[0]
        if kind == "filed":
            return self._filed(at)
        if kind == "spam":
            return self._unwanted(at)
        if kind == "duplicate":
            return self._twice(at)
        return self._single(at, ItemState(kind))

    def _test_record(self, at: int) -> list[Action]:
        record = self._hostile.pop()
        return self._left_open(self._crowd.hostile(record, at), record.office_id)

    def _open_matter(self, at: int) -> list[Action]:
        age = self._days.end - at
        if age > DAY and self._pending.due(0.7 if age < 20 * DAY else 0.08):
            return self._filed(at, pending=True)
        topic = self._crowd.topic()
        _scene, arrival = self._crowd.begin(topic, at, brief=not self._full)
        return self._left_open(arrival, "" if self._nowhere.due(0.16) else topic.office_id)

    def _left_open(self, arrival: Arrival, office_id: str) -> list[Action]:
        """An item that nobody has decided on; '' lies with no office yet."""
        self._made += 1
        claimed = self._claimer(office_id)
        if not self._full:
            item = arrival.item(office_id=office_id or None, claimed_by=claimed)
            return [self._received(arrival, item)]
        item, actions, last = self._arrive(arrival, office_id)
        if last is not None and claimed is not None:
            taken_at = self._later(last, 2)
            if taken_at is None:
                taken_at = min(last + 5 * MINUTE, self._days.end)
            edit = Edit(item, {"claimed_by": claimed})
            actions.append(self._act(taken_at, claimed, "item.take", office_id, edit))
            actions += self._remarked(item, office_id, claimed, taken_at, 0.35)
        return actions

    def _claimer(self, office_id: str) -> str | None:
        """Who has taken an open item of an office; the sitting clerk has some for sure."""
        if not office_id:
            return None
        if self._town.sitting in self._town.desk[office_id]:
            due = self._mine.due(0.8 if self._taken < MINE else 0.25)
            if due:
                self._taken += 1
                return self._town.sitting
        return self._somebody(office_id, self._town.sitting) if self._claimed.due(0.3) else None

    def _filed(self, at: int, *, pending: bool = False) -> list[Action]:
        """A thread that was filed into a case, letter by letter.

        ``pending``: the case is open, and nobody has looked at the last letter yet.
        """
        topic = self._crowd.topic()
        clerk_id = self._worker(topic.office_id)
        actions: list[Action] = []
        case: Case | None = None
        last = at
        first: Arrival | None = None
        scene: Scene | None = None
        moments = self._moments(at, 2 if pending else 1)
        for moment in moments:
            if first is None or scene is None:
                scene, arrival = self._crowd.begin(topic, moment, brief=not self._full)
                first = arrival
            else:
                arrival = self._crowd.reply(topic, scene, first, moment, brief=not self._full)
            decided = self._later(max(arrival.at, last), 20)
            if decided is None or (pending and moment == moments[-1]):
                actions += self._left_open(arrival, topic.office_id)
                continue
            self._made += 1
            item: Item | None = None
            if self._full:
                item, steps, taken = self._handled(arrival, topic.office_id, clerk_id)
                actions += steps
                decided = max(decided, taken + MINUTE) if taken is not None else self._days.end
                if decided >= self._days.end:
                    continue
            ops: tuple[Op, ...] = ()
            if case is None:
                subject = str(first.fields["subject"])
                case = self._work.open(topic, decided, subject, scene.sender.id, clerk_id)
                ops = (scene.sender, case, *self._work.confirmed(case))
            filed = {
                "state": ItemState.FILED, "case_id": case.id, "person_id": scene.sender.id,
                "office_id": topic.office_id,
            }  # fmt: skip
            if item is None:
                ops = (*ops, *self._crowd.ops(arrival, arrival.item(**filed)))
            else:
                ops = (*ops, Edit(item, {**filed, "claimed_by": None}))
            actions.append(self._act(decided, clerk_id, "item.file", topic.office_id, *ops))
            last = decided
        if case is not None:
            actions += self._work.go_on(case, topic, last, full=self._full, pending=pending)
        return actions

    def _single(self, at: int, state: ItemState) -> list[Action]:
        """One item that was done or laid aside."""
        topic = self._crowd.topic()
        _scene, arrival = self._crowd.begin(topic, at, brief=not self._full)
        name = f"item.{state}"
        reason = None
        if state is ItemState.ASIDE:
            reason = remarks.ASIDE[int(self._rng.random() * len(remarks.ASIDE))]
        return self._finished(arrival, topic.office_id, name, state, reason)

    def _twice(self, at: int) -> list[Action]:
        arrival = self._crowd.again(at)
        if arrival is None:
            return self._single(at, ItemState.DONE)
        reason = remarks.DUPLICATE[int(self._rng.random() * len(remarks.DUPLICATE))]
        state = ItemState.DUPLICATE
        return self._finished(arrival, arrival.office_id, "item.duplicate", state, reason)

    def _unwanted(self, at: int) -> list[Action]:
        _scene, arrival = self._crowd.begin(self._crowd.spam, at, brief=False)
        return self._finished(arrival, "", "item.spam", ItemState.SPAM, None)

    def _finished(
        self, arrival: Arrival, office_id: str, name: str, state: ItemState, reason: str | None
    ) -> list[Action]:
        """An item with the one decision that ended it."""
        clerk_id = self._worker(office_id) if office_id else self._town.post_room
        decided = self._later(arrival.at, 30)
        if decided is None:
            return self._left_open(arrival, office_id)
        self._made += 1
        end: dict[str, str | None] = {"state": state, "reason": reason}
        if not self._full:
            item = arrival.item(office_id=office_id or None, **end)
            ops = self._crowd.ops(arrival, item)
            return [self._act(decided, clerk_id, name, office_id or None, *ops)]
        if not office_id:
            item, actions, _last = self._arrive(arrival, "")
            taken: int | None = arrival.at
        else:
            item, actions, taken = self._handled(arrival, office_id, clerk_id)
        if taken is not None:
            decided = max(decided, taken + MINUTE)
            if decided < self._days.end:
                edit = Edit(item, end)
                actions.append(self._act(decided, clerk_id, name, office_id or None, edit))
        return actions

    def _handled(
        self, arrival: Arrival, office_id: str, clerk_id: str
    ) -> tuple[Item, list[Action], int | None]:
        """Received, handed over, taken, perhaps remarked on: up to when, None if not yet taken."""
        item, actions, last = self._arrive(arrival, office_id)
        taken = None if last is None else self._later(last, 6)
        if taken is None:
            return item, actions, None
        edit = Edit(item, {"claimed_by": clerk_id})
        actions.append(self._act(taken, clerk_id, "item.take", office_id, edit))
        remarks_made = self._remarked(item, office_id, clerk_id, taken, 0.0)
        actions += remarks_made
        return item, actions, max([taken, *(one.at for one in remarks_made)])

    def _arrive(self, arrival: Arrival, office_id: str) -> tuple[Item, list[Action], int | None]:
        """Received and, where it came to nobody in particular, handed over by the post room.

        The moment is None where that has not been done yet.
        """
        knows = office_id and arrival.channel in ("form", "app", "phone", "counter")
        item = arrival.item(office_id=office_id if knows else None)
        actions = [self._received(arrival, item)]
        if not office_id or knows:
            return item, actions, arrival.at
        handed = self._later(arrival.at, 0.5)
        if handed is None:
            return item, actions, None
        edit = Edit(item, {"office_id": office_id})
        actions.append(self._act(handed, self._town.post_room, "item.hand_over", office_id, edit))
        return item, actions, handed

    def _received(self, arrival: Arrival, item: Item) -> Action:
        by = self._town.post_room
        if arrival.channel in ("phone", "counter") and item.office_id:
            by = self._somebody(item.office_id)
        ops = self._crowd.ops(arrival, item)
        return self._act(arrival.at, by, "item.receive", item.office_id, *ops)

    def _remarked(
        self, item: Item, office_id: str, clerk_id: str, since: int, follow_up: float
    ) -> list[Action]:
        """A note, a follow-up, or neither."""
        rng, end = self._rng, self._days.end
        made: list[Action] = []
        at = since + int(rng.random() * 40 * MINUTE) + MINUTE
        if rng.random() < 0.25 and at < end:
            text = remarks.ITEM_NOTES[int(rng.random() * len(remarks.ITEM_NOTES))]
            note = Note(id=demo_id(rng, at), item_id=item.id, clerk_id=clerk_id, at=at, text=text)
            made.append(self._act(at, clerk_id, "item.note", office_id, note))
        if rng.random() < follow_up:
            at = min(at + MINUTE, end)
            due = self._days.last + int(rng.triangular(-4, 12, 1))
            one = self._work.follow_up(at, clerk_id, office_id, due, item_id=item.id)
            made.append(self._act(at, clerk_id, "item.follow_up", office_id, one))
        return made

    def _moments(self, at: int, fewest: int) -> list[int]:
        """When the letters of a thread come; all of them before the end."""
        rng, end = self._rng, self._days.end
        wanted = rng.choices(THREADS, THREAD_WEIGHTS)[0]
        age = end - at
        if age < 3 * DAY or fewest > 1:
            wanted = max(fewest, min(wanted, 2))
        wanted = min(wanted, self._size - self._made)
        moments = [at]
        for _more in range(wanted - 1):
            moments.append(moments[-1] + HOUR + int(rng.expovariate(1 / 6) * DAY))
        if moments[-1] >= end:
            factor = (end - at) * 0.95 / (moments[-1] - at)
            moments = [at + int((moment - at) * factor) for moment in moments]
        return moments

    def _later(self, at: int, hours: float) -> int | None:
        """A working moment some hours (on average) later; None when that is still to come."""
        after = int(self._rng.expovariate(1 / hours) * HOUR) + 2 * MINUTE
        moment = self._days.working(at + after, self._rng)
        return moment if moment < self._days.end else None

    def _worker(self, office_id: str) -> str:
        """Who does the work of an office; the sitting clerk a third of theirs."""
        if self._town.sitting in self._town.desk[office_id] and self._rng.random() < 0.35:
            return self._town.sitting
        return self._somebody(office_id)

    def _somebody(self, office_id: str, but: str = "") -> str:
        desk = [one for one in self._town.desk[office_id] if one != but]
        return desk[int(self._rng.random() * len(desk))]
