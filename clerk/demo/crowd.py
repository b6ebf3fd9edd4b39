"""Who writes about what, by which channel: items before anybody has looked at them."""

import hashlib
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random
from typing import Final

from clerk.demo.days import MINUTE, Days
from clerk.demo.enclosures import Enclosure, enclosures
from clerk.demo.hostile import ADDRESS, Hostile
from clerk.demo.ids import demo_id
from clerk.demo.letters import Letter, Topic, foreign_replies, spam
from clerk.demo.past import Op, Text
from clerk.demo.people import Townsperson, by_origin
from clerk.demo.slots import Scene
from storage.records import Document, Item
from storage.terms import Channel

_WRITTEN: Final = frozenset({"mail", "form", "app"})  # by night as well
_ENCLOSED_NEW, _ENCLOSED_OLD = 0.75, 0.15


@dataclass(slots=True)
class Arrival:
    """Something that came in: the fields of its item, its text and its enclosures. ``office_id``
    is where it belongs, '' nowhere."""

    at: int
    channel: str
    office_id: str
    fields: dict[str, str | int | None]
    text: Text
    enclosed: tuple[Enclosure, ...]

    def item(self, **fields: str | int | None) -> Item:
        """The item as it stands after its first entry."""
        return Item(**self.fields, **fields)  # type: ignore[arg-type]  # fields of an item by name


class Crowd:
    """The townspeople, writing."""

    def __init__(
        self, rng: Random, days: Days, people: Sequence[Townsperson], topics: Sequence[Topic]
    ) -> None:
        self._rng = rng
        self._days = days
        self._people = by_origin(people)
        self._anybody = [one for one in people if one.origin != "firm"] or list(people)
        self._topics = topics
        self.spam = spam()
        self._foreign = foreign_replies()
        self._weights = list(accumulate(topic.weight for topic in topics))
        self._number = 0
        self._latest: deque[Arrival] = deque(maxlen=60)

    def topic(self) -> Topic:
        """What somebody writes about now."""
        return self._rng.choices(self._topics, cum_weights=self._weights)[0]

    def begin(self, topic: Topic, at: int, *, brief: bool) -> tuple[Scene, Arrival]:
        """The first letter of a matter. ``brief`` prefers short forms and notes."""
        letters = topic.brief if brief and self._rng.random() < 0.6 else topic.letters
        letter = letters[int(self._rng.random() * len(letters))]
        channel = letter.via[int(self._rng.random() * len(letter.via))]
        if channel not in _WRITTEN:
            at = min(self._days.working(at, self._rng), self._days.end)
        sender, day = self._sender(letter), self._days.index(at)
        scene = Scene(self._rng, self._days, sender, day, channel, letter.origin)
        subject = scene.tell(letter.subject)
        return scene, self._write(scene, topic, letter, at, subject=subject, first=None, old=brief)

    def reply(self, topic: Topic, scene: Scene, first: Arrival, at: int, *, brief: bool) -> Arrival:
        """A later letter of the same matter."""
        replies = self._foreign.get(scene.origin) or topic.replies
        letter = replies[int(self._rng.random() * len(replies))]
        at = min(max(at, first.at + 5 * MINUTE), self._days.end)
        scene.day = self._days.index(at)
        scene.channel = "mail"
        subject = str(first.fields["subject"])
        subject = subject if subject.startswith("AW: ") else f"AW: {subject}"
        return self._write(scene, topic, letter, at, subject=subject, first=first, old=brief)

    def again(self, at: int) -> Arrival | None:
        """Something that came in lately, once more."""
        if not self._latest:
            return None
        one = self._latest[int(self._rng.random() * len(self._latest))]
        fields = dict(one.fields)
        fields.update(
            self._identity(at, one.channel, None), received_at=at, sent_at=None, attachments=0
        )
        return Arrival(at, one.channel, one.office_id, fields, one.text, ())

    def hostile(self, record: Hostile, at: int) -> Arrival:
        """A test record."""
        text = _text(record.body)
        fields: dict[str, str | int | None] = {
            **self._identity(at, "mail", None),
            "channel": Channel.MAIL,
            "text_sha256": text.sha256,
            "sender_name": record.sender,
            "sender_address": ADDRESS,
            "subject": record.subject,
            "sent_at": at,
            "received_at": at,
        }
        return Arrival(at, "mail", record.office_id, fields, text, ())

    def ops(self, arrival: Arrival, item: Item) -> tuple[Op, ...]:
        """What is written when the item is: its text first, the search index reads it there."""
        out: list[Op] = [arrival.text, item]
        for one in arrival.enclosed:
            out.append(Text(one.sha256, one.data))
            out.append(
                Document(
                    id=demo_id(self._rng, arrival.at),
                    item_id=item.id,
                    name=one.name,
                    media_type=one.media_type,
                    content_sha256=one.sha256,
                    size=len(one.data),
                    created_at=arrival.at,
                )
            )
        return tuple(out)

    def _sender(self, letter: Letter) -> Townsperson:
        people = self._people[letter.origin] if letter.origin else self._anybody
        # Some people write often, most of them once.
        return people[int(self._rng.random() * self._rng.random() * len(people))]

    def _write(
        self,
        scene: Scene,
        topic: Topic,
        letter: Letter,
        at: int,
        *,
        subject: str,
        first: Arrival | None,
        old: bool,
    ) -> Arrival:
        rng = self._rng
        text = _text(scene.tell(letter.body))
        enclosed: tuple[Enclosure, ...] = ()
        if letter.encloses and rng.random() < (_ENCLOSED_OLD if old else _ENCLOSED_NEW):
            all_of_them = enclosures()
            start = int(rng.random() * (len(all_of_them) - 1))
            enclosed = all_of_them[start : start + (2 if rng.random() < 0.2 else 1)]
        channel = scene.channel
        sender = scene.sender
        name, address = letter.sender or (sender.name, _address(channel, sender))
        fields: dict[str, str | int | None] = {
            **self._identity(at, channel, first),
            "channel": Channel(channel),
            "text_sha256": text.sha256,
            "sender_name": name,
            "sender_address": address,
            "subject": subject,
            "sent_at": at - int(rng.random() * 3 * MINUTE) if channel == "mail" else None,
            "received_at": at,
            "attachments": len(enclosed),
        }
        if rng.random() < 0.06:
            fields["priority"] = 2 if rng.random() < 0.2 else 1
        arrival = Arrival(at, channel, topic.office_id, fields, text, enclosed)
        if topic.office_id:
            self._latest.append(arrival)
        return arrival

    def _identity(
        self, at: int, channel: str, first: Arrival | None
    ) -> dict[str, str | int | None]:
        """Id, source and thread. All grow with time, which keeps the indexes together."""
        self._number += 1
        external = f"demo:{at:x}.{self._number}"
        message = f"{external[5:]}@mail.example.org" if channel == "mail" else None
        return {
            "id": demo_id(self._rng, at),
            "external_id": external,
            "message_id": message,
            "thread_key": str(first.fields["thread_key"]) if first else message or external,
        }


def _text(body: str) -> Text:
    data = body.encode()
    return Text(hashlib.sha256(data).hexdigest(), data)


def _address(channel: str, sender: Townsperson) -> str:
    if channel in ("phone", "fax"):
        return sender.phone
    if channel in ("mail", "form", "app"):
        return sender.email
    return ""
