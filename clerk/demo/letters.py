"""What the townspeople write: templates by service and by office, read from ``mails/*.toml``."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, TypedDict, cast

from clerk.demo.slots import Template, parse

_SPAM, _FOREIGN = "spam.toml", "foreign.toml"
HERE: Final = Path(__file__).parent / "mails"
# Such a letter comes with something: a photo, a scan.
_ENCLOSES = re.compile(
    r"anhang|angehängt|anbei|füge ich|liegt bei|hängt an|hänge|foto|attach", re.I
)


class _LetterTable(TypedDict, total=False):
    via: list[str]
    origin: str
    subject: str
    body: str
    sender: list[str]


class _File(TypedDict, total=False):
    service: str
    office: str
    weight: int
    letters: list[_LetterTable]
    replies: list[_LetterTable]


@dataclass(frozen=True, slots=True)
class Letter:
    """One way to write. ``via``: by which channels; ``origin``: who writes so ('' anybody);
    ``brief``: no greeting and no name, as forms and notes of calls are; ``sender``: name and
    address where it is nobody of the town."""

    via: tuple[str, ...]
    origin: str
    subject: Template
    body: Template
    brief: bool
    encloses: bool
    sender: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class Topic:
    """What one writes about: a service or an office's other work."""

    service_id: str | None
    office_id: str
    weight: int
    letters: tuple[Letter, ...]
    brief: tuple[Letter, ...]
    replies: tuple[Letter, ...]


def topics(offices: Iterable[str], services: Mapping[str, str]) -> tuple[Topic, ...]:
    """The topics of the offices that exist; ``services`` maps a service's id to its office."""
    known = set(offices)
    found = []
    for name in _names():
        if name in (_SPAM, _FOREIGN):
            continue
        file = _read(name)
        service = file.get("service")
        office = services.get(service) if service else file.get("office")
        if office in known:
            found.append(_topic(file, service, office))
    return tuple(found)


def spam() -> Topic:
    """Unwanted mail."""
    return _topic(_read(_SPAM), None, "")


def foreign_replies() -> dict[str, list[Letter]]:
    """How somebody goes on who began in another language, by origin."""
    found: dict[str, list[Letter]] = {}
    for table in _read(_FOREIGN)["replies"]:
        letter = _letter(table)
        found.setdefault(letter.origin, []).append(letter)
    return found


def _topic(file: _File, service: str | None, office: str) -> Topic:
    letters = tuple(_letter(one) for one in file["letters"])
    brief = tuple(one for one in letters if one.brief)
    replies = tuple(_letter(one) for one in file.get("replies", []))
    return Topic(service, office, file.get("weight", 1), letters, brief or letters, replies)


def _letter(table: _LetterTable) -> Letter:
    body = table["body"].strip()
    sender = table.get("sender")
    return Letter(
        via=tuple(table.get("via", ("mail",))),
        origin=table.get("origin", ""),
        subject=parse(table.get("subject", "")),
        body=parse(body),
        brief="{gruss}" not in body and "{name}" not in body,
        encloses=bool(_ENCLOSES.search(body)),
        sender=(sender[0], sender[1]) if sender else None,
    )


@cache
def _names() -> tuple[str, ...]:
    return tuple(sorted(path.name for path in HERE.glob("*.toml")))


def _read(name: str) -> _File:
    return cast("_File", tomllib.loads((HERE / name).read_text(encoding="utf-8")))
