"""Simulated workstations: many connections in one process, which cost the server what real ones do.

Each LISTENs for its streams, pulls when it is told that they grew and looks by itself at the times
at which a real one does, proves that nothing was left out, and pushes an edit now and then. What it
does not do is keep a replica.
"""

import heapq
import json
import multiprocessing
import selectors
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from random import Random
from time import monotonic
from typing import TYPE_CHECKING, cast

from psycopg import pq

from bench.sync_town import Clerk
from storage.hub import calls
from storage.ids import uuid7
from storage.schema import SCHEMA
from storage.sync.handshake import device_scope
from storage.sync.loop import TICK_S
from storage.sync.streams import digest_after

if TYPE_CHECKING:
    from multiprocessing.connection import Connection as Pipes

    from psycopg import Connection

    Pipe = Pipes[object, object]

_PULL = b"SELECT scope, n, id, digest FROM clerk.pull($1, $2, 1000)"
_PUSH = b"SELECT outcome FROM clerk.push($1, $2)"


class Member:
    """One simulated workstation; it sends one thing at a time and never waits for an answer."""

    def __init__(self, clerk: Clerk, random: Random) -> None:
        self._random = random
        self._clerk = clerk
        self._device = uuid7()
        self._db: Connection = clerk.connect()
        hello = calls.hello(self._db, self._device, SCHEMA, "bench")
        calls.listen(self._db, (*hello.scopes, device_scope(self._device)))
        self._item = self._own_item()
        self._at = {m.scope: (m.last, m.digest or 0) for m in calls.marks(self._db, self._device)}
        self._pg = self._db.pgconn
        self._pg.prepare(b"pull", _PULL)
        self._pg.prepare(b"push", _PUSH)
        self._pg.nonblocking = 1
        self._busy = self._pulls = False
        self._wanted = True
        self._waiting: list[bytes] = []
        self.fileno = self._pg.socket
        self.pulled = self.pushed = 0

    def _own_item(self) -> str:
        item_id = uuid7()
        added = {
            "channel": "mail", "external_id": item_id, "thread_key": "t", "sender_name": "E. M.",
            "sender_address": "em@example.org", "subject": "Straßenlaterne", "received_at": 5,
            "attachments": 0, "state": "open", "priority": 0, "office_id": self._clerk.office,
        }  # fmt: skip
        self._sent, self._priority = 0, 0
        entry = self._entry("item.receive", [item_id, "add", added, {}])
        if calls.push(self._db, self._device, [entry])[0].outcome != "ok":
            raise RuntimeError("the shared store did not take the first item")
        return item_id

    def _entry(self, action: str, patch: Sequence[object]) -> dict[str, object]:
        self._sent += 1
        return {
            "id": uuid7(), "dseq": self._sent, "wave": 0, "at": 1, "clerk_id": self._clerk.id,
            "action": action, "kind": "do", "undoable": 1, "claim": 0, "schema": SCHEMA,
            "patches": [["items", *patch, [], []]],
        }  # fmt: skip

    def look(self) -> None:
        """The timer came round."""
        self._wanted = True
        self._go_on()

    def act(self) -> None:
        """Change something."""
        before, self._priority = self._priority, 1 - self._priority
        patch = [self._item, "set", {"priority": self._priority}, {"priority": before}]
        self._waiting.append(json.dumps([self._entry("item.raise", patch)]).encode())
        self._go_on()

    def hear(self) -> None:
        """Something came over the connection."""
        self._pg.consume_input()
        while not self._pg.is_busy():
            result = self._pg.get_result()
            if result is None:
                self._busy = False
                break
            self._take(result)
        while (told := self._pg.notifies()) is not None:
            scope, _, number = told.extra.decode().rpartition(":")
            self._wanted |= int(number) > self._at.get(scope, (0, 0))[0]
        self._go_on()

    def _take(self, result: pq.abc.PGresult) -> None:
        if result.status != pq.ExecStatus.TUPLES_OK:
            raise RuntimeError(result.error_message.decode())
        if not self._pulls:
            if result.get_value(0, 0) != b"ok":
                raise RuntimeError(f"pushed: {result.get_value(0, 0)!r}")
            self.pushed += 1
            return
        self.pulled += result.ntuples
        for row in range(result.ntuples):
            scope, number, entry_id, digest = (
                cast("bytes", result.get_value(row, column)).decode() for column in range(4)
            )
            last, before = self._at[scope]
            after = digest_after(before, entry_id, int(number))
            if (int(number), after) != (last + 1, int(digest)):
                raise RuntimeError(f"{scope}: {number} behind {last}, or another digest")
            self._at[scope] = (int(number), after)

    def _go_on(self) -> None:
        if self._busy or not (self._waiting or self._wanted):
            return
        device = self._device.encode()
        if self._waiting:
            self._pulls = False
            self._pg.send_query_prepared(b"push", [device, self._waiting.pop(0)])
        else:
            self._pulls, self._wanted = True, False
            cursors = json.dumps({scope: at for scope, (at, _digest) in self._at.items()})
            self._pg.send_query_prepared(b"pull", [device, cursors.encode()])
        self._pg.flush()
        self._busy = True


def _serve(pipe: "Pipe", clerks: Sequence[Clerk], rate: float, seed: int) -> None:
    random = Random(seed)
    members = [Member(clerk, random) for clerk in clerks]
    pipe.send(None)
    with selectors.DefaultSelector() as waiting:
        for member in members:
            waiting.register(member.fileno, selectors.EVENT_READ, member)
        now = monotonic()
        due: list[tuple[float, int, bool]] = []
        for number in range(len(members)):
            heapq.heappush(due, (now + random.uniform(0, TICK_S[1]), number, False))
            heapq.heappush(due, (now + random.expovariate(rate), number, True))
        while not pipe.poll():
            for key, _events in waiting.select(max(min(due[0][0] - monotonic(), 0.2), 0)):
                cast("Member", key.data).hear()
            now = monotonic()
            while due[0][0] <= now:
                _at, number, acts = heapq.heappop(due)
                if acts:
                    members[number].act()
                    after = random.expovariate(rate)
                else:
                    members[number].look()
                    after = random.uniform(*TICK_S)
                heapq.heappush(due, (now + after, number, acts))
    pipe.send((sum(m.pushed for m in members), sum(m.pulled for m in members)))


@contextmanager
def crowd(clerks: Sequence[Clerk], rate: float, seed: int = 1) -> Iterator[None]:
    """So many workstations at work in a process of their own while the block runs: each changes
    something ``rate`` times a second, at random moments. RuntimeError if anything was left out."""
    if not clerks:
        yield
        return
    fork = multiprocessing.get_context("fork")
    here, there = fork.Pipe()
    process = fork.Process(target=_serve, args=(there, clerks, rate, seed), daemon=True)
    process.start()
    there.close()
    try:
        here.recv()
        yield
        here.send(None)
        here.recv()
    except EOFError:
        raise RuntimeError("the simulated workstations ended early") from None
    finally:
        process.kill()
        process.join()
