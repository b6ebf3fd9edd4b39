"""From parsed mails to stored items: once each, in threads, searchable, whatever happens midway.

A batch of mails is one transaction; whoever is killed in it finds it undone and starts there
again. What is there already is recognised by its content's hash and by its place in its source,
never by its Message-ID alone, which senders repeat and forge.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from clerk.intake.arrivals import Arrivals
from clerk.intake.cycles import no_garbage
from clerk.intake.message import NOT_READ, Attachment, Quarantine
from clerk.intake.pool import Batches, Taken, arriving, workers
from clerk.intake.sources.source import Raw, Source
from clerk.locks import is_open
from storage.actor import Actor
from storage.journal import Change
from storage.pages import mails
from storage.records import Document, Item
from storage.store import Store
from storage.terms import Channel, ItemState

if TYPE_CHECKING:
    from sqlite3 import Connection

BATCH, BATCH_ALONE = 200, 5_000
"""Mails in one transaction: few beside an open workstation, whose writes wait for its end (0.1 s);
many where nobody waits, because each commit writes the pages of every index again. An act of a
clerk ends a transaction early, so that nobody waits for so many."""
INTAKE = Actor("intake", "intake")
"""What comes in is nobody's own action: it must not stand before what a clerk wants to undo."""

Progress = Callable[[int, int | None], None]
"""Told how many mails are done and how many there are, None if nobody knows."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of every mail: ``seen`` is the sum of the three others."""

    seen: int = 0
    stored: int = 0
    duplicates: int = 0
    quarantined: int = 0


def receive(
    store: Store,
    actor: Actor,
    source: Source,
    progress: Progress = lambda _done, _all: None,
    batches: Batches | None = None,
) -> Counts:
    """Take in everything the source has, or ``batches`` that were begun before; returns the counts.

    Raises Refused or StoreError midway where the source breaks or the disk is full; what was
    committed before stays, and the next run goes on behind it.
    """
    total = source.count()
    tally = {"stored": 0, "duplicates": 0, "quarantined": 0}
    if batches is None:
        batches = arriving(source.messages(), workers())
    desk = _Desk(store, actor)
    most = BATCH if is_open(store.home) else BATCH_ALONE
    arrivals = Arrivals(batches, most if source.waits else 0)
    with store.bulk(), no_garbage():
        while arrivals.wait():
            with store.group():
                for _number in range(most):
                    one = arrivals.take()
                    if one is None:
                        break
                    tally[desk.take_in(one)] += 1
                    last = one
                    if store.is_wanted():  # a clerk's act waits: it goes first
                        break
            progress(sum(tally.values()), total)
            if source.waits:
                desk.remember(source, last.source)
    return Counts(sum(tally.values()), **tally)


class _Desk:
    """Stores one mail after the other."""

    def __init__(self, store: Store, actor: Actor) -> None:
        self._store = store
        self._db: Connection = store.db
        self._actor = actor

    def take_in(self, one: Taken) -> str:
        """Store a mail; returns which count it belongs to."""
        self._store.learn(one.words)
        quarantined = isinstance(one.outcome, Quarantine)
        not_read = isinstance(one.outcome, Quarantine) and one.outcome.code in NOT_READ
        external_id = one.source.external_id
        if self._known(None if not_read else one.outcome.raw_sha256, external_id, not_read):
            return "duplicates"
        if mails.has_external_id(self._db, external_id):  # another content in the same place
            external_id = f"{external_id}#{one.outcome.raw_sha256[:12]}"
        with self._store.change(
            INTAKE, "item.receive", on_behalf_of=self._actor.clerk_id, undoable=False
        ) as change:
            self._store_one(change, one, external_id)
        return "quarantined" if quarantined else "stored"

    def _known(self, raw_sha256: str | None, external_id: str, not_read: bool) -> bool:
        if raw_sha256 is not None and mails.has_raw(self._db, raw_sha256):
            return True
        return not_read and mails.has_external_id(self._db, external_id)

    def _store_one(self, change: Change, one: Taken, external_id: str) -> None:
        mail = one.outcome
        received = one.source.received_at or self._store.clock()
        raw_sha256 = None
        if one.packed:
            raw_sha256 = mail.raw_sha256
            change.packed_content(raw_sha256, one.size, one.packed)
        if isinstance(mail, Quarantine):
            change.add(
                Item(
                    channel=Channel.MAIL,
                    external_id=external_id,
                    raw_sha256=raw_sha256,
                    thread_key=f"quarantine:{external_id}",
                    received_at=received,
                    state=ItemState.QUARANTINE,
                    reason=mail.code,
                )
            )
            return
        thread = self._thread(mail.thread_key, (mail.in_reply_to, *reversed(mail.references)))
        item = Item(
            channel=Channel.MAIL,
            external_id=external_id,
            raw_sha256=raw_sha256,
            text_sha256=change.content(mail.text.encode()),
            message_id=mail.message_id or None,
            thread_key=thread,
            sender_name=mail.sender_name,
            sender_address=mail.sender_address,
            subject=mail.subject,
            sent_at=mail.sent_at,
            received_at=received,
            attachments=len(mail.attachments),
        )
        change.add(item, texts=one.texts)
        for attachment in mail.attachments:
            self._attach(change, item, attachment, received)
        if mail.message_id and thread != mail.message_id:
            self._adopt(change, mail.message_id, thread)

    @staticmethod
    def _attach(change: Change, item: Item, attachment: Attachment, at: int) -> None:
        if attachment.packed:
            change.packed_content(attachment.sha256, attachment.size, attachment.data)
        else:
            change.content(attachment.data)
        change.add(
            Document(
                item_id=item.id,
                name=attachment.name,
                media_type=attachment.media_type,
                content_sha256=attachment.sha256,
                size=attachment.size,
                created_at=at,
            )
        )

    def _thread(self, own: str, parents: tuple[str, ...]) -> str:
        """The thread of the nearest mail it answers that is here, else the one it names itself."""
        for parent in parents:
            if parent and (thread := mails.thread_of(self._db, parent)) is not None:
                return thread
        return own

    def _adopt(self, change: Change, message_id: str, thread: str) -> None:
        """Answers that came before this mail and took it for the root join its thread."""
        for item_id in mails.ids_in_thread(self._db, message_id):
            change.set(change.get(Item, item_id), thread_key=thread)

    def remember(self, source: Source, last: Raw) -> None:
        """Where to go on in a mailbox next time."""
        import json

        name, _colon, _rest = last.external_id.rpartition(":")
        self._store.set_local(f"intake:{name}", json.dumps(dict(source.resume(last))))
