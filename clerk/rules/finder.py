"""The responsibility finder: which offices an item may be for, and which of its words say so.

A word of the library speaks where it stands by itself, and, from five letters on, inside a longer
word ("laterne" in "Straßenlaterne"). A phrase speaks where its words follow each other. A word that
many offices share says little, a subject says more than a body, and a repeated word little more
than one. No I/O, no state but the tables built once from the library.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from math import log
from typing import Protocol

from storage.folding import fold, words

SHORTEST_PART = 5  # letters a library word needs to speak inside a longer one
SUBJECT = 3.0  # what a word in the subject is worth; in the body it is worth 1
PART = 0.8  # what a word inside a longer word is worth
AGAIN = 0.15  # what each further occurrence adds, up to MOST
MOST = 4
SECOND = 0.25  # what an office's other services add to its best one
SPEAKERS = 6  # at most so many words are named as reasons
LONGEST_SUBJECT = 500  # characters looked at
LONGEST_TEXT = 20_000
LONGEST_WORD = 60  # longer ones are encoded data, not German
_WORD = re.compile(r"[^\W_]+")


class WordLike(Protocol):
    """A word or phrase of the library."""

    @property
    def text(self) -> str: ...
    @property
    def weight(self) -> float: ...


class OfficeLike(Protocol):
    """What the finder needs of an office."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def words(self) -> Sequence[WordLike]: ...


class ServiceLike(Protocol):
    """What the finder needs of a service: ``office`` is the id of its office."""

    @property
    def id(self) -> str: ...
    @property
    def office(self) -> str: ...
    @property
    def words(self) -> Sequence[WordLike]: ...


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An office that may be responsible, with its best service where one spoke.

    ``score`` only orders the suggestions of one item. ``spoke`` are the words that spoke for it as
    they stand in the item, the weightiest first: foreign text, to be displayed as such.
    """

    office_id: str
    office_name: str
    service_id: str | None
    score: float
    spoke: tuple[str, ...]


@dataclass(slots=True)
class _Entry:
    """A folded word or phrase of the library and what it is worth to each target."""

    parts: tuple[str, ...]
    worth: dict[int, float] = field(default_factory=dict)


@dataclass(slots=True)
class _Heard:
    """One wording of the item: how it is written there and what it is worth where it stands."""

    text: str
    worth: float
    position: int


class Finder:
    """Suggests offices by the words of their services and their own.

    Of several versions of a service pass the one in force. Services of unknown offices are left
    out. Equal scores come in order of office id.
    """

    def __init__(self, offices: Iterable[OfficeLike], services: Iterable[ServiceLike]) -> None:
        self._offices = sorted(offices, key=lambda office: office.id)
        places = {office.id: place for place, office in enumerate(self._offices)}
        # A target is an office itself or one of its services.
        self._targets: list[tuple[int, str | None]] = []
        entries: dict[tuple[str, ...], _Entry] = {}
        for place, office in enumerate(self._offices):
            self._learn(entries, (place, None), office.words)
        for service in sorted(services, key=lambda service: service.id):
            if service.office in places:
                self._learn(entries, (places[service.office], service.id), service.words)
        for entry in entries.values():
            speaks_for = {self._targets[target][0] for target in entry.worth}
            rare = log(1 + len(self._offices) / len(speaks_for))
            entry.worth = {target: worth * rare for target, worth in entry.worth.items()}
        self._whole: dict[str, _Entry] = {}
        self._parts: dict[str, list[_Entry]] = {}
        self._phrases: dict[str, list[_Entry]] = {}
        for parts, entry in entries.items():
            if len(parts) > 1:
                self._phrases.setdefault(parts[0], []).append(entry)
                continue
            self._whole[parts[0]] = entry
            if len(parts[0]) >= SHORTEST_PART:
                self._parts.setdefault(parts[0][:SHORTEST_PART], []).append(entry)
        for same_start in self._parts.values():
            same_start.sort(key=lambda entry: (-len(entry.parts[0]), entry.parts[0]))

    def suggest(self, subject: str, text: str, limit: int = 9) -> list[Suggestion]:
        """At most ``limit`` offices, the likeliest first; none where no word of the item speaks."""
        scores: dict[int, dict[str, tuple[float, _Heard]]] = {}
        for entry, key, heard in self._hear(subject, text):
            for target, worth in entry.worth.items():
                score = worth * heard.worth
                said = scores.setdefault(target, {})
                # "Straßenlaterne" may hold several words of one target: the best one counts.
                if key not in said or score > said[key][0]:
                    said[key] = (score, heard)
        found = [
            self._suggestion(place, scores)
            for place in sorted({self._targets[target][0] for target in scores})
        ]
        found.sort(key=lambda suggestion: -suggestion.score)
        return found[: max(0, limit)]

    def _learn(
        self,
        entries: dict[tuple[str, ...], _Entry],
        target: tuple[int, str | None],
        library_words: Sequence[WordLike],
    ) -> None:
        number = len(self._targets)
        self._targets.append(target)
        for word in library_words:
            if parts := tuple(words(word.text)):
                worth = entries.setdefault(parts, _Entry(parts)).worth
                worth[number] = max(word.weight, worth.get(number, 0.0))

    def _hear(self, subject: str, text: str) -> Iterator[tuple[_Entry, str, _Heard]]:
        """Each entry that speaks, with the folded wording it speaks through."""
        subject_words = _tokens(subject[:LONGEST_SUBJECT])
        written = subject_words + _tokens(text[:LONGEST_TEXT])
        if not written:
            return
        # One fold for all the different words: folding word by word would cost the most here.
        different = list(dict.fromkeys(written))
        folded = dict(zip(different, fold("\n".join(different)).split("\n"), strict=True))
        sequence = [folded[word] for word in written]
        times = Counter(sequence)
        for key, entries in self._speaking(times):
            position = sequence.index(key)
            worth = SUBJECT if position < len(subject_words) else 1.0
            worth *= 1 + AGAIN * min(times[key] - 1, MOST)
            for entry in entries:
                whole = len(entry.parts[0]) == len(key)
                yield (
                    entry,
                    key,
                    _Heard(written[position], worth if whole else worth * PART, position),
                )
        for key in filter(self._phrases.__contains__, times):  # in the order of the item
            for position, here in enumerate(sequence):
                if here == key:
                    yield from self._hear_phrases(
                        key, position, sequence, written, len(subject_words)
                    )

    def _speaking(self, keys: Iterable[str]) -> Iterator[tuple[str, list[_Entry]]]:
        """The words that speak and their entries: the word itself, or else words inside it.

        The longer word knows better: "Gewerbe" says nothing in "Gewerbesteuer" where the library
        has both.
        """
        whole, parts = self._whole, self._parts
        for key in keys:
            if key in whole:
                yield key, [whole[key]]
            elif SHORTEST_PART < len(key) <= LONGEST_WORD:
                entries: list[_Entry] = []
                reached = 0
                for start in range(len(key) - SHORTEST_PART + 1):
                    found = parts.get(key[start : start + SHORTEST_PART])
                    if found is None:
                        continue
                    for entry in found:
                        word = entry.parts[0]
                        if start + len(word) > reached and key.startswith(word, start):
                            reached = start + len(word)
                            entries.append(entry)
                            break
                if entries:
                    yield key, entries

    def _hear_phrases(
        self,
        key: str,
        position: int,
        sequence: list[str],
        written: list[str],
        subject_length: int,
    ) -> Iterator[tuple[_Entry, str, _Heard]]:
        for entry in self._phrases[key]:
            end = position + len(entry.parts)
            # A phrase does not reach from the subject into the body.
            inside = position >= subject_length or end <= subject_length
            if inside and tuple(sequence[position:end]) == entry.parts:
                worth = SUBJECT if position < subject_length else 1.0
                text = " ".join(written[position:end])
                yield entry, " ".join(entry.parts), _Heard(text, worth, position)

    def _suggestion(
        self, place: int, scores: dict[int, dict[str, tuple[float, _Heard]]]
    ) -> Suggestion:
        """The office's own words, its best service, and a little for its other services."""
        own: dict[str, tuple[float, _Heard]] = {}
        services: list[tuple[float, int]] = []
        for target, said in scores.items():
            if self._targets[target][0] == place:
                if self._targets[target][1] is None:
                    own = said
                else:
                    services.append((sum(score for score, _heard in said.values()), target))
        services.sort(key=lambda service: (-service[0], service[1]))
        score = sum(worth for worth, _heard in own.values())
        spoke = list(own.values())
        best = None
        if services:
            best = self._targets[services[0][1]][1]
            score += services[0][0] + SECOND * sum(other for other, _target in services[1:])
            spoke += scores[services[0][1]].values()
        spoke.sort(key=lambda said: (-said[0], said[1].position))
        reasons = tuple(dict.fromkeys(heard.text for _worth, heard in spoke))
        office = self._offices[place]
        return Suggestion(office.id, office.name, best, round(score, 4), reasons[:SPEAKERS])


def _tokens(text: str) -> list[str]:
    """The words of a text as they are written, umlauts in one character."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return _WORD.findall(text)
