"""The loop of synchronisation: whatever wakes it, it looks again at everything.

It is woken by the shared store (LISTEN), by this workstation (a byte: something was committed) and
by a timer, and then sends what waits and fetches what is new, so that a wake that was lost costs
seconds and never an entry. What cannot be reached is tried again, later each time and not by all
workstations at once; what is refused is recorded and passed.
"""

import os
import random
import select
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import psycopg

from storage import driver
from storage.driver import DatabaseError
from storage.errors import N_, StoreError
from storage.hub import calls
from storage.hub.connect import in_words
from storage.inquiries import is_asked
from storage.schema import SCHEMA
from storage.sync import contents, handshake
from storage.sync.answering import answer_all, fail_all
from storage.sync.bootstrap import bootstrap
from storage.sync.carry import Progress
from storage.sync.forgetting import forget_sent
from storage.sync.handshake import Verdict
from storage.sync.leasing import lease_ahead
from storage.sync.link import Connect, Link
from storage.sync.past import fetch_past
from storage.sync.pauses import Pauses
from storage.sync.presence import exchange as exchange_presence
from storage.sync.pull import cursors, fetch_wanted, pull_news
from storage.sync.push import push_pending
from storage.sync.readlog import send_reads
from storage.sync.scopes import purge, tidy
from storage.sync.state import State
from storage.sync.wire import CONTENTS
from storage.sync.workingset import let_old_leave

if TYPE_CHECKING:
    from storage.hub.calls import Hello
    from storage.store import Store
    from storage.sync.bringing import Bringing

TICK_S = (1.0, 2.0)
_HELLO_EVERY_S = 60.0
_SLOW_EVERY_S = 10.0
_LONGEST_REST_S = 0.05
_OLD_EVERY_S = 600.0
_FAULT = N_("Synchronising failed. Your IT should know.")
_REFILL = ("hub.gap", "sync.hole", "sync.diverged")


@dataclass(slots=True)
class Wishes:
    """What a workstation wants of synchronisation. ``numbers`` tells the names of its ranges."""

    keep_days: int = 90
    numbers: Callable[[], Iterable[str]] = tuple
    bringing: "Bringing | None" = None
    progress: Progress = lambda *_: None
    program: str = "clerk"
    tried: set[tuple[str, str, str]] = field(default_factory=set)


class Sync:
    """Synchronisation of one store, on one thread; :meth:`once` or :meth:`run`."""

    def __init__(
        self,
        store: "Store",
        connect: Connect,
        wishes: Wishes,
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        """``connect`` opens a connection; ``changed`` is told that rows look different now."""
        self._store = store
        self._connect = connect
        self._wishes = wishes
        self._changed = changed
        self._link: Link | None = None
        self._where = ""
        self._ahead = 0
        self._due: dict[str, float] = {}
        self.state = State(store)
        # What is lost with the machine's power is fetched again, and sent again without doubling.
        store.db.execute("PRAGMA synchronous = NORMAL")

    def once(self) -> bool:
        """Send and fetch everything that there is; whether rows look different now.

        Raises StoreError in words where the shared store cannot be reached or refuses this
        workstation; what was done before that stays done. Then the next time begins with a
        handshake.
        """
        with self._said_in_words():
            try:
                return self._round(self._reached())
            except StoreError as error:
                if error.code not in _REFILL:
                    raise
                self._fill(self._reached(), None)
                return self._round(self._reached()) or True

    def send_contents(self) -> None:
        """Send what follows in the background, to its end. Raises StoreError as :meth:`once`."""
        with self._said_in_words():
            left = self._contents_left()
            while left:
                self._wishes.progress("content", left)
                contents.send_later(self._store, self._reached())
                left = self._contents_left()

    def _contents_left(self) -> int:
        return int(self._store.db.execute("SELECT count(*) FROM content_out").fetchone()[0])

    @contextmanager
    def _said_in_words(self) -> Iterator[None]:
        try:
            yield
        except psycopg.Error as error:
            self.close()
            raise in_words(error, self._where) from error
        except (OSError, DatabaseError) as error:  # beneath a transaction of the store
            self.close()
            raise driver.in_words(error) from error
        except BaseException:
            self.close()
            raise

    def answer(self) -> None:
        """Answer what was asked beyond the working set, and nothing else.

        Raises StoreError in words where the shared store cannot be reached.
        """
        with self._said_in_words():
            answer_all(self._store, self._reached(), self._wishes.keep_days)

    def run(self, wake: int, *, stop: Callable[[], bool]) -> None:
        """Until ``stop``: ``wake`` is a file descriptor with a byte for every local commit."""
        pauses = Pauses()
        while not stop():
            begun = time.monotonic()
            try:
                self.once()
                self.state.reached()
                pauses.over()
                took = time.monotonic() - begun
                self._sleep(wake, random.uniform(*TICK_S), min(took, _LONGEST_REST_S))  # noqa: S311
            except StoreError as error:
                self._tell(error)
                self._drain(wake, pauses.after(error.code), stop)
            except Exception:
                self._tell(StoreError("sync.fault", _FAULT))
                raise
        self.close()

    def _tell(self, error: StoreError) -> None:
        """Say why nothing is sent or fetched, to whoever looks and to whoever waits."""
        with suppress(StoreError):  # a full disk keeps this from being written as well
            self.state.failed(error)
            if fail_all(self._store, error.code):
                self._changed()

    def close(self) -> None:
        """Let go of the connection."""
        if self._link is not None:
            self._link.close()
            self._link = None

    def _reached(self) -> Link:
        """The connection, made and compared with the shared store if it is new."""
        if self._link is not None and self._link.is_open:
            return self._link
        link = Link(self._connect())
        self._where = link.where
        self._due.clear()
        self._wishes.tried.clear()
        try:
            self._greet(link)
        except BaseException:
            link.close()
            raise
        self._link = link
        return link

    def _say_hello(self, db: "psycopg.Connection") -> "Hello":
        return calls.hello(db, self._store.device, SCHEMA, self._wishes.program)

    def _greet(self, link: Link) -> None:
        with link.watched() as db:
            hello = self._say_hello(db)
        self._ahead = handshake.clock_off(hello, self._store.clock())
        self.state.clock(self._ahead)
        verdict = handshake.compare(self._store, link, hello)
        if verdict is Verdict.FILL:
            self._fill(link, hello)
        elif verdict is Verdict.LOST_SCOPES:
            push_pending(self._store, link)
            if pull_news(self._store, link).access:  # something may have been given meanwhile
                self._greet(link)
                return
            purge(self._store, hello.scopes)
            self._changed()
        tidy(self._store)
        scopes = (*hello.scopes, handshake.device_scope(self._store.device))
        link.listen(scopes)
        self._is_due("hello", _HELLO_EVERY_S)

    def _fill(self, link: Link, hello: "Hello | None") -> None:
        if hello is None:
            with link.watched() as db:
                hello = self._say_hello(db)
        bootstrap(
            self._store,
            link,
            hello,
            self._say_hello,
            keep_days=self._wishes.keep_days,
            bringing=self._wishes.bringing,
            progress=self._wishes.progress,
        )
        self._store.db.execute("PRAGMA synchronous = NORMAL")
        self._changed()

    def _round(self, link: Link) -> bool:
        """One look at everything; somebody waits for what was asked."""
        if self._is_due("hello", _HELLO_EVERY_S):
            self._greet(link)
        if answer_all(self._store, link, self._wishes.keep_days):
            self._changed()
        push_pending(self._store, link)
        news = pull_news(self._store, link)
        if news.rows or news.refused:
            self._changed()
        if news.access:  # memberships or absences: what we may see may be another thing now
            self._greet(link)
        came = fetch_wanted(self._store, link)
        came += contents.fetch(self._store, link, self._wishes.tried)
        came += fetch_past(self._store, link, self._wishes.tried)
        contents.send_later(self._store, link)
        if self._is_due("slow", _SLOW_EVERY_S):
            lease_ahead(self._store, link, self._wishes.numbers())
            came += exchange_presence(self._store, link)
            send_reads(self._store, link)
            self._ask_again()
        if self._is_due("old", _OLD_EVERY_S):
            now = self._store.clock() - self._ahead
            came += let_old_leave(self._store, self._wishes.keep_days, now)
            forget_sent(self._store, link)
        if came:
            self._changed()
        return bool(news.rows or news.refused or came)

    def _ask_again(self) -> None:
        """What was not there yet may have come: it follows its entry in the background."""
        tried = self._wishes.tried
        tried -= {key for key in tried if key[2] in CONTENTS}

    def _is_due(self, what: str, every: float) -> bool:
        now = time.monotonic()
        if now < self._due.get(what, 0.0):
            return False
        self._due[what] = now + every
        return True

    def _sleep(self, wake: int, seconds: float, rest: float) -> None:
        """Until a commit here, news there, or the time is over.

        ``rest``: for so long news are left to come together, so that a workstation that is told of
        many spends no more than half of its time on looking.
        """
        link = self._link
        if link is None or self._has_more():
            return
        now = time.monotonic()
        end, rested = now + seconds, now + rest
        try:
            while not self._is_behind(link.notified()):
                ready, _w, _x = select.select(
                    [wake, link.db.fileno()], [], [], max(end - time.monotonic(), 0)
                )
                if not ready or wake in ready:
                    break
            else:
                select.select([wake], [], [], max(rested - time.monotonic(), 0))
            if select.select([wake], [], [], 0)[0]:
                os.read(wake, 65_536)
        except (psycopg.Error, OSError, ValueError):
            self.close()

    def _is_behind(self, grown: Mapping[str, int]) -> bool:
        """Whether one of these streams goes further than what was applied; one's own entries have
        come already when they are told of."""
        if not grown:
            return False
        here = cursors(self._store)
        return any(number > here.get(scope, 0) for scope, number in grown.items())

    def _has_more(self) -> bool:
        """Whether content waits that a round only does a little of."""
        db = self._store.db
        if db.execute("SELECT 1 FROM content_out LIMIT 1").fetchone():
            return True
        wanted = db.execute("SELECT count(*) FROM wanted").fetchone()[0]
        return bool(wanted > len(self._wishes.tried))

    def _drain(self, wake: int, seconds: float, stop: Callable[[], bool]) -> None:
        """Wait, or until ``stop``; local commits wake nothing while the shared store cannot be
        reached, but a question does: somebody waits for the answer."""
        end = time.monotonic() + seconds
        while not stop() and (left := end - time.monotonic()) > 0:
            ready, _w, _x = select.select([wake], [], [], left)
            if ready and not os.read(wake, 65_536):  # nobody is left to wake us
                time.sleep(min(left, TICK_S[0]))
            elif ready and is_asked(self._store.db):
                return
