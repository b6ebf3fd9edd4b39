"""Group ``fill``: an empty replica until it has everything, beside the tools that every server has.

The floor is ``psql`` with COPY of a plain typed table, piped into the ``sqlite3`` shell's import,
then the same indexes and the same full-text index: no key, no journal, no streams, no counters.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from bench.figures import Allowed, Figure, Measured
from bench.sync_desk import KEY
from bench.sync_town import Clerk, Town, town
from storage.record import columns
from storage.records import RECORDS
from storage.store import open_store
from storage.sync.loop import Sync, Wishes
from tests.hub.server import PASSWORD

_NUMBERS = ("opened_at", "closed_at")
_FIELDS = columns(RECORDS["cases"])
_SPREAD = (
    "SELECT r.id, {fields} FROM clerk.record r, jsonb_to_record(r.data) AS x ({typed})"
    " WHERE r.tbl = 'cases'"
).format(
    fields=", ".join(f"x.{name}" for name in _FIELDS[1:]),
    typed=", ".join(f"{n} {'bigint' if n in _NUMBERS else 'text'}" for n in _FIELDS[1:]),
)
_AFTER = """
CREATE UNIQUE INDEX one ON cases (id);
CREATE UNIQUE INDEX two ON cases (number);
CREATE INDEX three ON cases (person_id);
CREATE INDEX four ON cases (state, office_id, opened_at, id);
CREATE INDEX five ON cases (state, assignee_id, opened_at, id);
CREATE VIRTUAL TABLE found USING fts5 (number, subject, detail=none, columnsize=0, content='cases');
INSERT INTO found (found) VALUES ('rebuild');
"""


def figures(quick: bool) -> Iterator[Figure]:
    """Fillings and imports in turn; then what it costs that rows lie in the server as JSON."""
    cases, runs = (2_000, 2) if quick else (100_000, 3)
    with town(1) as shared, TemporaryDirectory(prefix="clerk-bench-") as home:
        shared.stock("cases", cases)
        shared.owner.execute(f"CREATE TABLE public.cases AS {_SPREAD}".encode())
        shared.owner.execute("VACUUM ANALYZE")
        shell = shutil.which("sqlite3")
        ours, floor, spread, typed = [], [], [], []
        for run in range(runs):
            ours.append(_filled(shared.clerks[0], Path(home) / str(run), cases))
            if shell:
                floor.append(_imported(shared, shell, Path(home) / f"{run}.sqlite", cases))
            spread.append(_copied(shared, f"COPY ({_SPREAD}) TO STDOUT"))
            typed.append(_copied(shared, "COPY public.cases TO STDOUT"))
    yield Figure(
        name=f"{cases:,} cases into an empty replica",
        ours=Measured.each(ours),
        floor=Measured.each(floor) if floor else None,
        allowed=Allowed(ratio=1.5),
        floor_name="psql COPY | sqlite3 .import",
        unit="s",
        why="" if shell else "no sqlite3 shell is installed: no floor",
    )
    yield Figure(
        name=f"COPY of {cases:,} records, which lie there as JSON",
        ours=Measured.each(spread),
        floor=Measured.each(typed),
        allowed=Allowed(),
        floor_name="COPY of a typed table",
        unit="s",
    )


def _filled(clerk: Clerk, home: Path, cases: int) -> float:
    """Seconds from the first connection to the last row in a replica with its indexes."""
    with closing(open_store(home, KEY, create=True)) as store:
        sync = Sync(store, clerk.connect, Wishes())
        begun = perf_counter()
        sync.once()
        spent = perf_counter() - begun
        (there,) = store.db.execute("SELECT count(*) FROM cases").fetchone()
        sync.close()
    if there != cases:
        raise RuntimeError(f"{there} of {cases} cases came")
    return spent


def _imported(shared: Town, shell: str, path: Path, cases: int) -> float:
    begun = perf_counter()
    with subprocess.Popen(
        [shared.server.bin / "psql", "-q", "-c", "COPY public.cases TO STDOUT (FORMAT csv)"],
        stdout=subprocess.PIPE,
        env={"PATH": os.environ["PATH"], **shared.environment, "PGPASSWORD": PASSWORD},
    ) as psql:
        _shell(
            [shell, path, "-cmd", f"CREATE TABLE cases ({', '.join(_FIELDS)})",
             ".import --csv /dev/stdin cases"],
            stdin=psql.stdout,
        )  # fmt: skip
    _shell([shell, path, _AFTER])
    spent = perf_counter() - begun
    there = int(_shell([shell, path, "SELECT count(*) FROM cases"]))
    if there != cases:
        raise RuntimeError(f"{there} of {cases} cases were imported")
    return spent


def _shell(command: list[str | Path], stdin: object = None) -> bytes:
    source = stdin if stdin is not None else subprocess.DEVNULL
    return subprocess.run(command, stdin=source, stdout=subprocess.PIPE, check=True).stdout  # type: ignore[call-overload, no-any-return]


def _copied(shared: Town, query: str) -> float:
    begun = perf_counter()
    with shared.owner.cursor() as cursor, cursor.copy(query.encode()) as copy:
        for _ in copy:
            pass
    return perf_counter() - begun
