"""The chapter on the shared database in docs/operations.md does what it says: every command, every
setting and every query of it is run, in its order, on a real server."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from clerk import clock
from storage.errors import StoreError
from storage.hub import calls
from storage.hub.connect import connect, parse
from storage.ids import uuid7
from storage.schema import SCHEMA
from tests.hub.conftest import Desk, case, changed
from tests.hub.server import PASSWORD, Given, Server, binaries, speaks_tls

DOCUMENT = Path(__file__).parents[2] / "docs" / "operations.md"
DBA = "dba-geheim-im-test"
MEIER = "meier-geheim-im-test"


def chapter() -> str:
    text = DOCUMENT.read_text(encoding="utf-8")
    return text.split("\n## The shared database\n", 1)[1].split("\n## ", 1)[0]


def blocks(kind: str, heading: str = "") -> list[str]:
    """The chapter's blocks of code of a kind, of one of its sections or of all."""
    text = chapter()
    if heading:
        text = text.split(f"\n### {heading}\n", 1)[1].split("\n### ", 1)[0]
    return re.findall(rf"```{kind}\n(.*?)```", text, flags=re.DOTALL)


@dataclass
class Site:
    """The town of the chapter on a server of the test: the same commands with other names."""

    server: Server
    database: str
    folder: Path

    def put(self, text: str) -> str:
        """The chapter's names as they are here."""
        where = f"127.0.0.1:{self.server.port}/{self.database}"
        text = text.replace("db.example.org/stadt", where)
        text = text.replace("sudo -u postgres ", "PGUSER=postgres PGPASSWORD=$SUPER ")
        text = re.sub(r"\bdba\b", f"{self.database}_dba", text)
        text = re.sub(
            r"\bstadt(?=_)|(?<![./-])\bstadt(?=$|\s)", self.database, text, flags=re.MULTILINE
        )
        return text.replace("/backup/", f"{self.folder}/backup/").replace("< ", f"< {self.folder}/")

    def run(self, script: str, stdin: str = "", *, ends: tuple[int, ...] = (0,)) -> str:
        """Run a block; the address is defined by the first one of the chapter. ``ends``: how bash
        may end."""
        defined = next(line for line in blocks("sh")[1].splitlines() if line.startswith("DB="))
        programs = f"{Path(sys.executable).parent}:{self.server.bin}:{os.environ['PATH']}"
        done = subprocess.run(
            ["bash", "-euc", self.put(f"{defined}\n{script}")],
            env={
                "PATH": programs, "HOME": str(self.folder), "CLERK_HOME": str(self.folder),
                "LANG": "C.UTF-8", "PGHOST": "127.0.0.1", "PGPORT": str(self.server.port),
                "PGPASSWORD": DBA, "SUPER": PASSWORD,
            },
            input=stdin, capture_output=True, text=True, check=False,
            start_new_session=True,  # without a terminal passwords are read from stdin
        )  # fmt: skip
        assert done.returncode in ends, f"{script}\n{done.stdout}{done.stderr}"
        return done.stdout

    def query(self, statement: str) -> list[tuple[object, ...]]:
        """A query of the chapter, as the login of the IT."""
        user = f"{self.database}_dba"
        with psycopg.connect(
            self.server.url(self.database), user=user, password=DBA, autocommit=True
        ) as db:
            cursor = db.execute(self.put(statement).encode())
            return list(cursor.fetchall()) if cursor.description else []

    def desk(self) -> Desk:
        """The chapter's clerk at a workstation."""
        address = parse(self.server.url(self.database)).as_user(f"{self.database}_meier")
        db, device = connect(address, MEIER), uuid7()
        return Desk(db, device, calls.hello(db, device, SCHEMA, "clerk 1").clerk_id)


@pytest.fixture(scope="module")
def site(server: Server | Given, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The town after the section Set-up; one for all tests, which leave it whole."""
    if isinstance(server, Given):
        pytest.skip("needs the programs of a server of our own")
    tmp_path = tmp_path_factory.mktemp("site")
    with server.database() as name:
        with server.connect() as db:  # its name alone is wanted: the chapter makes it
            db.execute(f"DROP DATABASE {name}".encode())
        found = Site(server, name, tmp_path)
        (tmp_path / "backup" / "wal").mkdir(parents=True)
        (tmp_path / "init.secret").write_text(f"{DBA}\nverwaltung-geheim\n")
        (tmp_path / "meier.secret").write_text(f"{DBA}\n{MEIER}\n")
        (tmp_path / "verwaltung.secret").write_text("verwaltung-geheim\n")
        made, founded, *_rest = blocks("sh", "Set-up")
        found.run(made, stdin=f"{DBA}\n{DBA}\n")
        found.run(founded)
        yield found
        with server.connect() as db:  # the grantor of all memberships goes last, by the caller
            db.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
            for role in ("verwaltung", "meier", "clerks", "owner"):
                db.execute(f"DROP ROLE {name}_{role}".encode())


def test_the_set_up_makes_a_town_without_a_superuser(site: Site) -> None:
    status = site.run('clerk hub status "$DB" --lang en')
    assert re.search(r"Offices +3\n", status)
    desk = site.desk()
    scopes = calls.hello(desk.db, desk.device, SCHEMA, "clerk 1").scopes
    assert scopes == ("town", "buergeramt", "inbox")
    assert desk.act("case.open", case(uuid7())).outcome == "ok"
    desk.db.close()


def test_an_administrator_gives_roles_and_sees_no_matters(site: Site) -> None:
    for block in blocks("sh", "Who may what"):
        site.run(block)
    grants = [row for one in blocks("sql", "Who may what") for row in site.query(one)]
    assert (grants[0][2], grants[0][5]) == ("grant", "supervisor")
    assert grants[0][1] == f"{site.database}_verwaltung"
    where = parse(site.server.url(site.database)).as_user(f"{site.database}_verwaltung")
    with connect(where, "verwaltung-geheim") as db:
        assert calls.hello(db, uuid7(), SCHEMA, "clerk 1").scopes == ("town",)


def test_what_was_brought_along_shows_who_brought_it(site: Site) -> None:
    desk = site.desk()
    desk.act("case.open", case(uuid7()), brought=1, on_behalf_of="brought:Clara Meier")
    desk.act("case.open", case(uuid7()))
    (query,) = blocks("sql", "A workstation that was used alone")
    assert [row[:3] for row in site.query(query)] == [(f"{site.database}_meier", desk.device, 1)]
    desk.db.close()


def test_a_restored_backup_is_proved_and_workstations_learn_of_it(site: Site) -> None:
    desk, case_id = site.desk(), uuid7()
    desk.act("case.open", case(case_id))
    dumped, based, restored = blocks("sh", "Backup and restore")
    site.run(dumped)
    # Some wheels bring a pg_verifybackup that dies of SIGSEGV.
    site.run(based, ends=(0, -11))
    desk.act("case.note", changed("cases", case_id, subject=("Sache", "Nach der Sicherung")))
    before = calls.hello(desk.db, desk.device, SCHEMA, "clerk 1")
    desk.db.close()
    said = site.run(restored)
    assert "stimmen überein" in said
    address = parse(site.server.url(site.database)).as_user(f"{site.database}_meier")
    with connect(address, MEIER) as db:  # the role and its password survived
        after = calls.hello(db, desk.device, SCHEMA, "clerk 1")
    assert after.epoch != before.epoch
    assert (before.high_water, after.high_water) == (2, 1)


def test_an_upgrade_keeps_old_clients_until_the_door_is_closed(site: Site) -> None:
    desk = site.desk()
    for block in blocks("sh", "Upgrades with old clients still running"):
        site.run(block)
    (block,) = blocks("sql", "Upgrades with old clients still running")
    asked, closed, _rest = block.split(";")
    assert [row[0] for row in site.query(asked)] == [SCHEMA]
    site.query(closed)
    assert calls.hello(desk.db, desk.device, SCHEMA, "clerk 1").schema_min >= 6
    desk.db.close()


def test_the_monitoring_queries_show_what_they_say(site: Site) -> None:
    desk, case_id = site.desk(), uuid7()
    desk.act("case.open", case(case_id))
    desk.act("case.open", case(case_id))  # refused: it is there
    with pytest.raises(StoreError):
        desk.act("case.open", case(uuid7()), dseq=99)
    queries = blocks("sql", "Monitoring")
    found = [site.query(query) for query in queries]
    devices, connected, entries, refused, _incidents, locks, oldest, standbys, sizes = found
    assert devices[0][:2] == ("clerk 1", SCHEMA)
    assert min(int(str(connected[0][place])) for place in (0, 2)) >= 1
    assert int(str(entries[0][1])) >= 2
    assert refused[0][:2] == ("rejected", "record.exists")
    assert (locks, standbys, len(oldest)) == ([], [], 1)
    assert {"record", "entry", "stream"} <= {row[0] for row in sizes}
    desk.db.close()


def test_the_log_of_reads_is_forgotten_in_time(site: Site) -> None:
    desk, person = site.desk(), "01890000-0000-7000-8000-000000000000"
    read = {"id": person, "way": "number", "tbl": "persons", "at": clock.now()}
    calls.log_reads(desk.db, desk.device, [read, read])
    site.query("UPDATE clerk.read_log SET at = at - interval '3 years' WHERE no % 2 = 0")
    forget, who = blocks("sql", "Retention of the log of reads")
    assert len(site.query(who)) == 2
    assert site.query(forget) == [(1,)]
    assert len(site.query(who)) == 1
    desk.db.close()


def test_how_long_things_are_kept_is_set_and_done(site: Site) -> None:
    (backups,) = blocks("sql", "Backup and restore")
    forget, horizon = blocks("sql", "Tombstones")
    site.query(backups)
    site.query(horizon)
    found = site.query("SELECT backup_days, horizon_days FROM clerk.hub")
    assert found == [(60, 365)]
    assert site.query(forget) == [(0,)]


def test_every_query_and_command_belongs_to_a_section_that_is_run() -> None:
    run = {
        "sh": {"Set-up": 2, "Who may what": 1, "Backup and restore": 3,
               "Upgrades with old clients still running": 1},
        "sql": {"A workstation that was used alone": 1, "Who may what": 1,
                "Backup and restore": 1, "Monitoring": 9, "Tombstones": 2,
                "Upgrades with old clients still running": 1,
                "Retention of the log of reads": 2},
    }  # fmt: skip
    headings = re.findall(r"^### (.+)$", chapter(), flags=re.MULTILINE)
    for kind, sections in run.items():
        there = {name: len(blocks(kind, name)) for name in headings if blocks(kind, name)}
        assert there == sections
    assert set(re.findall(r"```(\w+)", chapter())) == {"sh", "sql", "ini", "hba", "cfg"}


def test_the_settings_are_settings_of_postgresql(tmp_path: Path) -> None:
    """The server reads its files and says what it would not take."""
    able = [folder for folder in binaries() if speaks_tls(folder)]
    if not able:
        pytest.skip("no PostgreSQL with TLS is installed (Debian: postgresql)")
    with Server(able[0]) as server, server.connect() as db:
        settings = "".join(blocks("ini"))
        access = "".join(blocks("hba"))
        with (server.data / "postgresql.conf").open("a") as file:
            file.write(settings)
        (server.data / "pg_hba.conf").write_text(access)
        wrong = db.execute(
            "SELECT name, error FROM pg_file_settings WHERE error IS NOT NULL"
            " AND error <> 'setting could not be applied'"
        )
        assert wrong.fetchall() == []
        named = set(re.findall(r"^(\w+) =", settings, flags=re.MULTILINE))
        known = db.execute("SELECT name FROM pg_settings WHERE name = ANY (%s)", (list(named),))
        assert {row[0] for row in known} == named
        rules = db.execute(
            "SELECT count(*), count(*) FILTER (WHERE error NOT LIKE '%SSL is disabled%')"
            " FROM pg_hba_file_rules"
        ).fetchone()
        assert rules == (2, 0)
