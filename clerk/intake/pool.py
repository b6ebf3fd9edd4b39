"""Messages to parsed mails on all cores, in the order of the source."""

import os
from collections import deque
from collections.abc import Generator, Iterator
from contextlib import ExitStack, closing, contextmanager
from itertools import chain, islice
from typing import Final, NamedTuple

from clerk.intake.crew import Answer, Crew
from clerk.intake.message import ParsedMail, Quarantine, Ready
from clerk.intake.sources.source import Raw, Source
from storage.indexing import Texts

_BATCH: Final = 64
_BATCH_BYTES: Final = 4 * 1024 * 1024
SMALL: Final = 200
"""So many messages are parsed sooner than workers have started."""
_AHEAD: Final = 12
"""Batches given out per worker: so many that the workers go on while a transaction ends, and their
bytes still bounded."""
_MOST_WORKERS: Final = 4
_A_WHILE: Final = 0.2  # seconds


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
    with closing(arriving(messages, workers)) as batches:
        for batch in batches:
            yield from batch or ()


Batches = Generator[list[Taken] | None, None, None]
"""Some at a time; None where none came for a while: whoever keeps others waiting stops there."""


def workers() -> int:
    """How many processes parse. This one writes."""
    return max(1, min(_MOST_WORKERS, len(os.sched_getaffinity(0))))


@contextmanager
def begun(source: Source) -> Iterator[Batches]:
    """The mails of a source. Workers begin with many at once: before there is a store to put them
    in, while its key is made."""
    with ExitStack() as stack:
        crew = None
        if (source.count() or 0) >= SMALL:
            crew = stack.enter_context(Crew(workers()))
        with closing(arriving(source.messages(), workers(), crew)) as batches:
            yield batches


def arriving(messages: Iterator[Raw], workers: int, crew: Crew | None = None) -> Batches:
    """What :func:`parsed` gives, for those who must not wait for it at any time.

    With ``crew`` (of so many workers) these begin at once, not when the first mail is asked for.
    """
    failures: list[Exception] = []
    batches = _batches(_until_failure(messages, failures))
    results = _results(batches, workers) if crew is None else _by_crew(crew, batches, workers)
    return _then_raised(results, failures)


def _then_raised(results: Batches, failures: list[Exception]) -> Batches:
    yield from results
    for failure in failures:
        raise failure


def _until_failure(messages: Iterator[Raw], failures: list[Exception]) -> Iterator[Raw]:
    """The messages up to an error, which is kept for later: those on their way come first."""
    try:
        yield from messages
    except Exception as error:
        failures.append(error)


def _results(batches: Iterator[list[Raw]], workers: int) -> Batches:
    """All batches parsed, in this process where there are few."""
    first: list[list[Raw]] = []
    for batch in batches:
        first.append(batch)
        if sum(map(len, first)) >= SMALL or _size(first) >= _BATCH_BYTES:
            with Crew(workers) as crew:
                yield from _by_crew(crew, chain(first, batches), workers)
            return
    if first:
        yield from _by_this_process(first)


def _by_this_process(batches: list[list[Raw]]) -> Batches:
    from clerk.intake.ready import ready  # the parser, which otherwise only workers load
    from storage.folding import Words

    words = Words()
    for batch in batches:
        found = [ready(message.path, message.data, message.code, words) for message in batch]
        yield _taken(batch, found)


def _by_crew(crew: Crew, batches: Iterator[list[Raw]], workers: int) -> Batches:
    """All batches through the workers, some ahead of the one wanted; these are given at once."""
    first = islice(batches, _AHEAD * workers)
    pending = deque((batch, crew.give(batch)) for batch in first)
    return _flow(crew, batches, pending)


def _flow(
    crew: Crew, batches: Iterator[list[Raw]], pending: deque[tuple[list[Raw], Answer]]
) -> Batches:
    while pending:
        batch, answer = pending.popleft()
        while not answer.is_here(_A_WHILE):
            yield None
        yield _taken(batch, answer.get())
        for another in islice(batches, 1):
            pending.append((another, crew.give(another)))


def _taken(batch: list[Raw], results: list[Ready | None]) -> list[Taken]:
    return [
        Taken(message, *result)
        for message, result in zip(batch, results, strict=True)
        if result is not None
    ]


def _batches(messages: Iterator[Raw]) -> Iterator[list[Raw]]:
    """Messages by the dozens, fewer where they bring their bytes along."""
    batch: list[Raw] = []
    size = 0
    for message in messages:
        batch.append(message)
        size += message.size or len(message.data or b"")
        if len(batch) == _BATCH or size >= _BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _size(batches: list[list[Raw]]) -> int:
    return sum(one.size or len(one.data or b"") for batch in batches for one in batch)
