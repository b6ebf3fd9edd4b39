"""What must hold when all faults have ended and nobody writes any more."""

from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import suppress
from sqlite3 import Connection

import psycopg

from storage.driver import DatabaseError
from storage.errors import StoreError
from storage.hub import admin
from storage.hub.connect import connect
from storage.overlay import PENDING, stripped
from storage.record import columns
from storage.records import RECORDS
from storage.sync import compare
from storage.verify import verify
from tests.chaos.town import BrokenError, Desk, Town, until


def is_quiet(town: Town) -> bool:
    """Whether every replica has said and heard everything."""
    return not any(unrest(town))


def unrest(town: Town) -> Iterator[str]:
    """What is still to be said or heard."""
    streams = {
        scope: (last, digest)
        for scope, last, digest in town.hub.owner.execute(
            "SELECT id, last, digest FROM clerk.scope"
        )
    }
    for desk in town.desks:
        try:
            with desk.reading() as db:
                for what in _open_in(db, streams, town.offices_of(desk)):
                    yield f"{desk.login}: {what}"
        except (StoreError, DatabaseError) as error:  # it is just being exchanged for another file
            yield f"{desk.login}: {error}"


def _open_in(
    db: Connection, streams: dict[str, tuple[int, int]], offices: Collection[str]
) -> Iterator[str]:
    counts = {
        "entries wait": f"SELECT count(*) FROM outbox WHERE seq > {PENDING}",
        "entries are not back": f"SELECT count(*) FROM entries WHERE seq > {PENDING}",
        "rows have a shadow": "SELECT count(*) FROM shadow",
        "rows or texts are wanted, {wanted}": "SELECT count(*) FROM wanted",
        "contents are to be sent": "SELECT count(*) FROM content_out",
    }
    for what, sql in counts.items():
        if n := db.execute(sql).fetchone()[0]:
            wanted = db.execute("SELECT tbl, row_id, field, sha256 FROM wanted LIMIT 3").fetchall()
            yield f"{n} {what.format(wanted=wanted)}"
    local = dict(db.execute("SELECT name, value FROM local").fetchall())
    if local.get("sync_state") != "online":
        yield f"it is {local.get('sync_state')}: {local.get('sync_reason')}"
    here = {s: (n, d) for s, n, d in db.execute("SELECT scope, cursor, digest FROM streams")}
    due = {"town", f"device:{local['device']}", *offices, *(["inbox"] if offices else [])}
    if here.keys() != due:
        yield f"it has the streams {sorted(here)} and should have {sorted(due)}"
    for scope, at in here.items():
        if at != streams.get(scope, (0, 0)):
            yield f"{scope} is at {at}, there it is at {streams.get(scope)}"


def come_to_rest(town: Town, seconds: float) -> float:
    """Wait until all is quiet, with no further writes; returns how long it took."""
    last: list[str] = []

    def quiet() -> bool:
        with suppress(psycopg.Error):
            last[:] = unrest(town)
            return not last
        return False

    try:
        return until("quiet", quiet, seconds)
    except BrokenError as error:
        raise BrokenError(f"{error}: {'; '.join(last)}") from None


def judge(town: Town) -> None:
    """Everything that must hold. BrokenError says what does not."""
    if faults := admin.faults(town.hub.owner):
        raise BrokenError(f"the shared store: {faults}")
    _each_entry_once(town)
    for desk in town.desks:
        _sound(town, desk)


def _each_entry_once(town: Town) -> None:
    """Every local commit stands exactly once in the journal there, and no other entry does."""
    # What another entry's id had already is kept there under a longer one.
    there = Counter(
        str(row[0]).partition("#")[0]
        for row in town.hub.owner.execute("SELECT id FROM clerk.entry WHERE dseq IS NOT NULL")
    )
    if twice := [one for one, n in there.items() if n > 1]:
        raise BrokenError(f"{len(twice)} entries stand there twice: {twice[:3]}")
    begun: set[str] = set()
    done: set[str] = set()
    known: set[str] = set()
    for desk in town.desks:
        lines = [line.split() for line in desk.log.read_text().splitlines()]
        begun |= {line[1] for line in lines if line[0] == "begun"}
        done |= {line[1] for line in lines if line[0] == "done"}
        if town.was_restored:  # what was refused before is not sent again: its author knows it
            with desk.reading() as db:
                known |= {row[0] for row in db.execute("SELECT entry_id FROM refusals")}
    if lost := done - there.keys() - known:
        raise BrokenError(f"{len(lost)} of {len(done)} entries are lost: {sorted(lost)[:3]}")
    if foreign := there.keys() - begun:
        raise BrokenError(f"{len(foreign)} entries that nobody made: {sorted(foreign)[:3]}")


def _sound(town: Town, desk: Desk) -> None:
    """The replica is whole, holds what its clerk may see, and holds it as it is there."""
    if crashes := list((desk.home / "crashes").glob("*")):
        raise BrokenError(f"{desk.login} has crashed: {crashes[0].read_text()}")
    address = town.hub.address.as_user(admin.login_of(town.hub.owner, desk.login))
    with desk.reading() as db, connect(address, f"geheim-{desk.login}") as hub:
        if difference := verify(db).difference:
            raise BrokenError(f"{desk.login}: verify: {difference}")
        if difference := compare.compare(db, hub).difference:
            raise BrokenError(f"{desk.login}: verify --hub: {difference}")
        here = {
            (table, str(row[0])): stripped(dict(zip(columns(record), row, strict=True)))
            for table, record in RECORDS.items()
            for row in db.execute(f"SELECT {', '.join(columns(record))} FROM {table}")
        }
        rows = hub.execute("SELECT tbl, id, data FROM clerk.record WHERE NOT gone").fetchall()
    there = {(table, row_id): data for table, row_id, data in rows if table in RECORDS}
    for key in here.keys() | there.keys():
        if key not in there:
            raise BrokenError(f"{desk.login} holds what is not theirs to see: {key}")
        if key not in here:
            raise BrokenError(f"{desk.login} does not hold {key}")
        if here[key] != there[key]:
            raise BrokenError(f"{desk.login}: {key} is {here[key]}, there it is {there[key]}")
