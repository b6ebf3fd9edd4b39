"""What every source of mails offers, and what it hands out."""

import hashlib
from collections.abc import Iterator, Mapping
from typing import NamedTuple, Protocol


class Raw(NamedTuple):
    """One message as it lies in its source.

    ``external_id`` is distinct over all sources and stable over runs. ``received_at`` is in
    milliseconds since the epoch, None where the source does not know. The bytes are in ``data``
    or in the file ``path``; ``size`` is how many there are, 0 if nobody knows. With neither, the
    source could not give them: ``code`` (of ``clerk.intake.message``) says why.
    """

    external_id: str
    received_at: int | None
    data: bytes | None = None
    path: str | None = None
    code: str = ""
    size: int = 0


class Source(Protocol):
    """A place that mails are taken from, once, in a stable order.

    ``waits``: the next message may have to be waited for, on a line to a server.
    """

    @property
    def waits(self) -> bool: ...

    def count(self) -> int | None:
        """How many messages ``messages`` will give, None where only reading them all tells."""

    def messages(self) -> Iterator[Raw]:
        """The messages. Raises :class:`clerk.refusal.Refused` when the source breaks midway."""

    def resume(self, last: Raw) -> Mapping[str, str]:
        """What to give to ``open_source`` next time, when all up to ``last`` is stored."""

    def close(self) -> None:
        """Let go of files and connections. May be called twice."""


def source_key(kind: str, identity: str) -> str:
    """The prefix of a source's external ids: its kind and a hash of what it is.

    A hash, so that paths and account names do not travel with every item.
    """
    digest = hashlib.sha256(identity.encode("utf-8", "surrogateescape")).hexdigest()
    return f"{kind}:{digest[:16]}"


def id_text(name: str, limit: int = 200) -> str:
    """A file's or member's name as part of an external id: storable, bounded, still distinct."""
    text = name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    if len(text) <= limit:
        return text
    return text[:limit] + "~" + hashlib.sha256(text.encode()).hexdigest()[:16]
