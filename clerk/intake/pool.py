"""Messages to parsed mails on all cores, in the order of the source."""

from collections import deque
from collections.abc import Iterator
from itertools import chain
from typing import Final, NamedTuple

from clerk.intake.crew import Answer, Crew
from clerk.intake.message import ParsedMail, Quarantine
from clerk.intake.ready import ready
from clerk.intake.sources.source import Raw
from storage.indexing import Texts

_BATCH: Final = 64
_BATCH_BYTES: Final = 4 * 1024 * 1024
_SMALL: Final = 200
"""So many messages are parsed sooner than workers have started."""
_AHEAD: Final = 3
"""Batches given out per worker: one in work, one waiting there, one done and waiting here."""


class Taken(NamedTuple):
    """A message with what became of it.

    ``packed`` is the raw mail for ``zlib.decompress`` (empty for ``message.NOT_READ``), ``size``
    its bytes unpacked; ``texts`` its row of the search index and ``words`` those of its words that
    did not come with a mail before, in no order: to be learned even if the mail is there already.
    """

    source: Raw
    outcome: ParsedMail | Quarantine
    packed: bytes
    size: int
    texts: Texts | None
    words: tuple[str, ...]


def parsed(messages: Iterator[Raw], workers: int) -> Iterator[Taken]:
    """Read and parse messages, with ``workers`` processes unless there are few.

    Memory is bounded: the source is read only some batches ahead. A message whose file is gone
    when its turn comes is left out. A mail that ends its worker comes out quarantined; where
    workers cannot run at all :class:`clerk.refusal.Refused` is raised. Where the source breaks,
    its error is raised after everything that it gave before. Close the iterator (or drop it) to
    end the workers at once.
    """
    failures: list[Exception] = []
    yield from _results(_batches(_until_failure(messages, failures)), workers)
    for failure in failures:
        raise failure


def _until_failure(messages: Iterator[Raw], failures: list[Exception]) -> Iterator[Raw]:
    """The messages up to an error, which is kept for later: those on their way come first."""
    try:
        yield from messages
    except Exception as error:
        failures.append(error)


def _results(batches: Iterator[list[Raw]], workers: int) -> Iterator[Taken]:
    """All batches parsed, in this process where there are few."""
    first: list[list[Raw]] = []
    for batch in batches:
        first.append(batch)
        if sum(map(len, first)) >= _SMALL or _size(first) >= _BATCH_BYTES:
            yield from _by_crew(chain(first, batches), workers)
            return
    sent: set[str] = set()
    for message in chain.from_iterable(first):
        if result := ready(message.path, message.data, message.code, sent):
            yield Taken(message, *result)


def _by_crew(batches: Iterator[list[Raw]], workers: int) -> Iterator[Taken]:
    """All batches through workers, some ahead of the one that is wanted."""
    pending: deque[tuple[list[Raw], Answer]] = deque()
    with Crew(workers) as crew:
        for batch in batches:
            pending.append((batch, crew.give(batch)))
            if len(pending) == _AHEAD * workers:
                yield from _answered(*pending.popleft())
        while pending:
            yield from _answered(*pending.popleft())


def _answered(batch: list[Raw], answer: Answer) -> Iterator[Taken]:
    for message, result in zip(batch, answer(), strict=True):
        if result:
            yield Taken(message, *result)


def _batches(messages: Iterator[Raw]) -> Iterator[list[Raw]]:
    """Messages by the dozens, fewer where they bring their bytes along."""
    batch: list[Raw] = []
    size = 0
    for message in messages:
        batch.append(message)
        size += len(message.data or b"")
        if len(batch) == _BATCH or size >= _BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _size(batches: list[list[Raw]]) -> int:
    return sum(len(message.data or b"") for batch in batches for message in batch)
