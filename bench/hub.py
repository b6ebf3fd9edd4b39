"""Group ``hub``: what the shared PostgreSQL takes and gives, on a server of its own.

A floor writes the same rows into the same tables, by one plain statement for each batch, and judges
nothing. What a batch costs is the CPU time of its backend, which other work on the machine bends
less than the clock does; of a single call also the time that the caller waits.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from random import Random
from time import perf_counter_ns

from psycopg import Connection
from psycopg.types.json import Jsonb

from bench.figures import Allowed, Figure, Measured
from clerk.rules.shared import ACTIONS, STATES
from storage.hub import admin, calls
from storage.hub.connect import connect, parse
from storage.hub.rules import Rules
from storage.ids import uuid7
from storage.schema import SCHEMA
from tests.hub.server import Server, binaries

BATCH = 500
Entry = dict[str, object]
Call = Callable[[Sequence[Entry]], object]
Side = tuple[Connection, Call]

_ADD = """
WITH e AS MATERIALIZED (
    SELECT v, v -> 'patches' -> 0 AS p, (v ->> 'dseq')::bigint AS no
    FROM jsonb_array_elements(%s) v
), r AS (
    INSERT INTO clerk.record (tbl, id, scope, data, no, made, words)
    SELECT p ->> 0, p ->> 1, 'buergeramt', p -> 3, no, no, clerk.words_of(p ->> 0, p -> 3) FROM e
)"""
_EDIT = """
WITH e AS MATERIALIZED (
    SELECT v, v -> 'patches' -> 0 AS p, (v ->> 'dseq')::bigint AS no
    FROM jsonb_array_elements(%s) v
), r AS (
    UPDATE clerk.record r SET data = r.data || (p -> 3), no = e.no
    FROM e WHERE r.tbl = p ->> 0 AND r.id = p ->> 1 AND r.scope = 'buergeramt'
)"""
_JOURNAL = """, j AS (
    INSERT INTO clerk.entry (no, id, device, dseq, role_name, clerk_id, action, kind, undoable,
                             claim, schema, device_at, at, outcome)
    SELECT no, v ->> 'id', 'a-device-of-thirty-six-characters', no, session_user,
           v ->> 'clerk_id', v ->> 'action', 'do', 1, 0, (v ->> 'schema')::integer,
           (v ->> 'at')::bigint, 1, 'ok' FROM e
)
INSERT INTO clerk.stream (scope, n, no, digest, patches, before)
SELECT 'buergeramt', no, no, 0, v -> 'patches', '{0}' FROM e
"""


class Workstation:
    """A clerk's device: its entries in their order."""

    def __init__(self, clerk_id: str, office_id: str = "buergeramt") -> None:
        self.device, self.clerk_id, self.office_id = uuid7(), clerk_id, office_id
        self.sent = 0

    def entry(self, action: str, patch: list[object]) -> Entry:
        self.sent += 1
        return {
            "id": uuid7(), "dseq": self.sent, "wave": 0, "at": 1, "clerk_id": self.clerk_id,
            "action": action, "kind": "do", "undoable": 1, "claim": 0, "schema": SCHEMA,
            "patches": [patch],
        }  # fmt: skip

    def added(self, item_id: str) -> Entry:
        return self.entry("item.receive", ["items", item_id, "add", {
            "channel": "mail", "external_id": f"x:{item_id}", "thread_key": "t",
            "sender_name": "Erika Musterfrau", "sender_address": "erika@example.org",
            "subject": "Straßenlaterne vor der Schule", "received_at": 5, "attachments": 0,
            "state": "open", "priority": 0, "office_id": self.office_id,
        }, {}, [], []])  # fmt: skip

    def edited(self, item_id: str, nth: int = 1) -> Entry:
        """The ``nth`` edit of an item: its priority goes up and down."""
        new, old = nth % 2, (nth - 1) % 2
        return self.entry(
            "item.raise", ["items", item_id, "set", {"priority": new}, {"priority": old}, [], []]
        )


def figures(quick: bool) -> Iterator[Figure]:
    """Items added, then some of them edited, each batch here and at the floor in turn."""
    batches, singles = (8, 50) if quick else (60, 500)
    with ExitStack() as stack:
        server = stack.enter_context(Server(binaries()[-1]))
        name, plain = (stack.enter_context(server.database()) for _ in range(2))
        owner, floor = (stack.enter_context(closing(server.connect(n))) for n in (name, plain))
        for db in (owner, floor):
            admin.init(db, Rules(ACTIONS, STATES))
        floor.execute(
            "SET search_path = clerk; SET jit = off; SET enable_seqscan = off;"
            "SET enable_mergejoin = off; SET enable_hashjoin = off"
        )
        admin.add_office(owner, "buergeramt", "Bürgeramt", "32.1", intake=True)
        clerk_id = admin.add_clerk(owner, "meier", "Meier", "geheim")
        admin.grant(owner, "meier", "buergeramt", "officer")
        login = parse(server.url(name)).as_user(admin.login_of(owner, "meier"))
        db = stack.enter_context(closing(connect(login, "geheim")))
        station = Workstation(clerk_id)
        calls.hello(db, station.device, SCHEMA, "bench")

        def push(entries: Sequence[Entry]) -> None:
            outcomes = {judged.outcome for judged in calls.push(db, station.device, entries)}
            if outcomes != {"ok"}:
                raise RuntimeError(f"pushed: {outcomes}")

        def write(rows: str) -> Call:
            statement = (rows + _JOURNAL).encode()
            return lambda entries: floor.execute(statement, (Jsonb(entries),))

        ids = [uuid7() for _ in range(batches * BATCH)]
        added = [[station.added(i) for i in ids[n : n + BATCH]] for n in range(0, len(ids), BATCH)]
        yield _pushed("items pushed", 100, (db, push), (floor, write(_ADD)), added)
        for each in (owner, floor):
            each.execute("VACUUM ANALYZE")
        chosen = Random(4).sample(ids, len(ids) // 5)
        edited = [
            [station.edited(i) for i in chosen[n : n + BATCH]] for n in range(0, len(chosen), BATCH)
        ]
        yield _pushed("edits pushed", 50, (db, push), (floor, write(_EDIT)), edited)

        fresh = iter(sorted(set(ids) - set(chosen)))
        one = [[station.edited(next(fresh))] for _ in range(singles)]
        yield _calls("one edit pushed", [_ms(push, entries) for entries in one])
        yield _calls(
            "one edit pushed: CPU",
            [_cpu(db, push, [station.edited(next(fresh))]) / 1e3 for _ in range(singles)],
        )

        def pull(most: int) -> Call:
            cursors = {"buergeramt": station.sent - most}
            return lambda _entries: calls.pull(db, station.device, cursors, 5_000)

        for most, times in ((1, singles), (min(5_000, station.sent), 10)):
            name = f"{most:,} {'entry' if most == 1 else 'entries'} pulled"
            yield _calls(name, [_ms(pull(most), []) for _ in range(times)])
            yield _calls(f"{name}: CPU", [_cpu(db, pull(most), []) / 1e3 for _ in range(times)])


def _pushed(
    name: str, most: float, ours: Side, floor: Side, batches: Sequence[Sequence[Entry]]
) -> Figure:
    times: tuple[list[float], list[float]] = ([], [])
    for entries in batches:
        for side, values in zip((ours, floor), times, strict=True):
            values.append(_cpu(*side, entries) / len(entries))
    return Figure(
        name=f"{name}, batches of {BATCH}: CPU of the server for each",
        ours=Measured.each(times[0]),
        floor=Measured.each(times[1]),
        allowed=Allowed(most=most),
        floor_name="the rows alone, written by one statement",
        unit="µs",
    )


def _calls(name: str, values: list[float]) -> Figure:
    return Figure(name, Measured.each(values), None, Allowed(), by="p95")


def _ms(call: Call, entries: Sequence[Entry]) -> float:
    begun = perf_counter_ns()
    call(entries)
    return (perf_counter_ns() - begun) / 1e6


def _cpu(db: Connection, call: Call, entries: Sequence[Entry]) -> float:
    """The CPU time in µs that the connection's backend spends in a call (Linux)."""
    spent = Path(f"/proc/{db.info.backend_pid}/schedstat")
    before = int(spent.read_text().split()[0])
    call(entries)
    return (int(spent.read_text().split()[0]) - before) / 1e3
