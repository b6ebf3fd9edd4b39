"""Slots of letters: ``{strasse}``, ``{termin}`` and what they are filled with."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from string import Formatter
from typing import Final

from clerk.demo import remarks, things
from clerk.demo.days import Days
from clerk.demo.people import Townsperson
from clerk.demo.people import phone as any_phone
from clerk.demo.streets import DAY_CARES, DISTRICTS, LANDMARKS, SCHOOLS, STREETS

Template = tuple[tuple[str, str | None], ...]
"""Literal text, each piece followed by the slot after it."""


@dataclass(slots=True)
class Scene:
    """One matter as its letters tell it; what was said once (``said``) stays so in later ones."""

    rng: Random
    days: Days
    sender: Townsperson
    day: int
    channel: str = "mail"
    origin: str = ""  # of the first letter; '' is anybody's German
    said: dict[str, str] = field(default_factory=dict)

    def pick(self, words: Sequence[str]) -> str:
        """One of the words."""
        return words[int(self.rng.random() * len(words))]

    def number(self, low: int, high: int) -> int:
        """A whole number from ``low`` to ``high``."""
        return low + int(self.rng.random() * (high - low + 1))

    def tell(self, template: Template) -> str:
        """The template with its slots filled."""
        out: list[str] = []
        for text, slot in template:
            out.append(text)
            if slot is not None:
                out.append(self._value(slot))
        return "".join(out)

    def _value(self, slot: str) -> str:
        value = self.said.get(slot)
        if value is None:
            value = SLOTS[slot](self)
            if slot in _KEPT:
                self.said[slot] = value
        return value


def parse(text: str) -> Template:
    """A template from its text. ``ValueError`` names a slot that does not exist."""
    parts = tuple((literal, slot) for literal, slot, _format, _as in Formatter().parse(text))
    for _literal, slot in parts:
        if slot is not None and slot not in SLOTS:
            raise ValueError(slot)
    return parts


def _place(scene: Scene) -> str:
    kind = scene.rng.random()
    street = scene.pick(STREETS)
    if kind < 0.3:
        return f"vor dem Haus {street} {scene.number(1, 140)}"
    if kind < 0.55:
        return f"in Höhe {street} {scene.number(1, 140)}"
    if kind < 0.8:
        return f"an der Ecke {street} / {scene.pick(STREETS)}"
    return f"gegenüber {scene.pick(LANDMARKS)}"


def _place_first(scene: Scene) -> str:
    place = scene.said.setdefault("ort", _place(scene))
    return place[0].upper() + place[1:]


def _closing(scene: Scene) -> str:
    return f"{scene.pick(things.CLOSINGS)}\n{scene.sender.name}"


def _memo(scene: Scene) -> str:
    """How a clerk begins a note of a call or of a visit."""
    notes = remarks.COUNTER if scene.channel == "counter" else remarks.PHONE
    return scene.pick(notes).format(name=scene.sender.name, tel=scene.sender.phone)


def _plate(scene: Scene) -> str:
    letters = "ABCDEFGHJKLMNPRSTUVWXYZ"
    return f"BIM-{scene.pick(letters)}{scene.pick(letters)} {scene.number(1, 9999)}"


def _born(scene: Scene) -> str:
    born = scene.sender.born
    return born.strftime("%d.%m.%Y") if born else scene.days.german[0]


def _names(words: Sequence[str]) -> Callable[[Scene], str]:
    return lambda scene: scene.pick(words)


def _day(low: int, high: int) -> Callable[[Scene], str]:
    return lambda scene: scene.days.german[scene.day + scene.number(low, high)]


SLOTS: Final[dict[str, Callable[[Scene], str]]] = {
    "anrede": _names(things.GREETINGS),
    "gruss": _closing,
    "name": lambda s: s.sender.name,
    "vorname": lambda s: s.sender.given or s.sender.family,
    "nachname": lambda s: s.sender.family,
    "strasse": lambda s: s.sender.street,
    "email": lambda s: s.sender.email,
    "tel": lambda s: s.sender.phone or any_phone(s.rng),
    "geb": _born,
    "notiz": _memo,
    "stadtteil": lambda s: s.pick([district for _code, district in DISTRICTS]),
    "strassenname": _names(STREETS),
    "ort": _place,
    "Ort": _place_first,
    "nr": lambda s: str(s.number(1, 140)),
    "nummer": lambda s: str(s.number(1000, 9999)),
    "zahl": lambda s: str(s.number(2, 9)),
    "wochen": lambda s: str(s.number(3, 14)),
    "euro": lambda s: f"{s.number(5, 480)},{s.pick(('00', '50', '90', '17'))} Euro",
    "jahr": lambda s: str(s.days.dates[s.day].year - s.number(1, 9)),
    "datum": _day(-18, -1),
    "termin": _day(4, 90),
    "uhr": lambda s: f"{s.number(8, 18)}:{s.pick(('00', '15', '30', '45'))} Uhr",
    "kfz": _plate,
    "kind": _names(things.CHILDREN),
    "kindgeb": lambda s: (
        f"{s.number(1, 28):02}.{s.number(1, 12):02}.{s.days.dates[s.day].year - s.number(1, 6)}"
    ),
    "mangel": _names(things.DEFECTS),
    "seit": _names(things.RECENTLY),
    "moebel": _names(things.BULKY),
    "hund": _names(things.DOGS),
    "hundename": _names(things.DOG_NAMES),
    "gewerbe": _names(things.TRADES),
    "stelle": _names(things.JOBS),
    "land": _names(things.COUNTRIES),
    "fund": _names(things.LOST),
    "verein": _names(things.CLUBS),
    "baum": _names(things.TREES),
    "kita": _names(DAY_CARES),
    "schule": _names(SCHOOLS),
}

_KEPT: Final = frozenset({
    "strassenname", "ort", "nummer", "jahr", "termin", "kfz", "kind", "kindgeb", "mangel", "hund",
    "hundename", "gewerbe", "stelle", "land", "fund", "verein", "baum", "kita", "schule",
    "stadtteil",
})  # fmt: skip
