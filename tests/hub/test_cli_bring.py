"""A workstation that was used alone joins with its work: from the command line, a real server."""

import shutil
from pathlib import Path

import pytest

from clerk.catalogue.read import SHIPPED
from storage.hub import admin
from storage.terms import Role
from tests import support
from tests.commands import Commands
from tests.hub import alone
from tests.hub.alone import join, joining, mbox, sound, there, work
from tests.hub.conftest import Hub
from tests.hub.server import Given, Server
from tests.hub.test_cli_sync import Line
from tests.hub.test_cli_sync import line as line
from tests.hub.test_stations import alone as beside

MANY = 1_000


def refused(desk: Commands, hub: Hub, login: str, code: str) -> str:
    """Joining is refused with this code, and nothing has happened anywhere; what was said."""
    before = desk.done("history", "--limit", "500")
    url = f"postgresql://{hub.address.shown}"
    secret = f"geheim-{login}\n".encode()
    answer = desk("join", url, "--clerk", login, "--password-stdin", stdin=secret)
    assert (answer.code, f"[{code}]" in answer.err) == (1, True), answer.err
    assert desk.done("sync", "status") == {
        "shared": False, "url": None, "offline_since": None, "reason": None,
        "waiting": 0, "refused": 0, "given_up": False, "sentence": None,
    }  # fmt: skip
    assert desk.done("history", "--limit", "500") == before
    assert desk.done("verify")["ok"] is True
    assert (there(hub, "items"), hub.count("device"), hub.count("lease")) == (0, 0, 0)
    return answer.err


@pytest.fixture
def town(hub: Hub) -> Hub:
    """A shared store with the offices that a workstation founds; meier leads them all."""
    alone.offices_of(hub)
    alone.supervisor(hub, "meier")
    return hub


def test_a_workstation_brings_its_work(town: Hub, line: Line, tmp_path: Path) -> None:
    meier, yilmaz = line("meier"), line("yilmaz")
    town.clerk("yilmaz", buergerbuero="officer", tiefbau="officer", abfall="officer")
    alone.found(meier)
    numbers = work(meier, mbox(tmp_path / "in.mbox", (f"Sache {n}" for n in range(MANY))))
    before = {number: meier.done("case", "show", number) for number in numbers}
    past = meier.done("case", "history", numbers[1])

    told = join(meier, town, "meier")
    assert told["brought"] == {"items": MANY, "cases": 3, "there": 0, "twice": 0, "numbers": []}
    assert told["refused"] == 0
    sound(meier)
    assert (there(town, "items"), there(town, "cases")) == (MANY, 3)
    assert town.count("content") == 2 * MANY + MANY // 10  # texts, mails as they came, attachments
    for number in numbers:
        now = meier.done("case", "show", number)
        for name in ("notes", "items", "follow_ups", "documents", "person"):
            assert _ids(now.get(name)) == _ids(before[number].get(name)), (number, name)
    assert _acts(meier.done("case", "history", numbers[1])) == _acts(past)

    join(yilmaz, town, "yilmaz")
    assert len(alone.items(yilmaz)) == len(alone.items(meier))
    assert "Am Schalter." in yilmaz("case", "show", numbers[1]).out
    sound(meier, yilmaz)
    # What was done alone is taken back and done again like anything else.
    assert meier.done("undo")["undone"] == "case.close"
    sound(meier, yilmaz)
    assert meier.done("redo")["redone"] == "case.close"
    sound(meier, yilmaz)
    closed = yilmaz.done("case", "show", numbers[2])
    assert _of(closed, "state") == "closed"


def _ids(value: object) -> object:
    return [_of(one, "id") for one in value] if isinstance(value, list) else value


def _of(value: object, name: str) -> object:
    assert isinstance(value, dict)
    return value[name]


def _acts(history: dict[str, object]) -> list[tuple[object, ...]]:
    """What was done and when, whoever is said to have done it."""
    entries = history["entries"]
    assert isinstance(entries, list)
    return [(one["id"], one["at"], one["action"], one["kind"]) for one in entries]


def test_two_workstations_bring_the_same_mails_and_numbers(
    town: Hub, line: Line, tmp_path: Path
) -> None:
    alone.supervisor(town, "yilmaz")
    desks = {"meier": line("meier"), "yilmaz": line("yilmaz")}
    own = {"meier": range(60), "yilmaz": range(40, 90)}  # twenty are in both mailboxes
    numbers = {}
    for login, desk in desks.items():
        alone.found(desk)
        box = mbox(tmp_path / f"{login}.mbox", (f"Sache {n}" for n in own[login]))
        numbers[login] = work(desk, box)
    assert numbers["meier"] == numbers["yilmaz"]
    meier, yilmaz = desks.values()
    join(meier, town, "meier")
    told = join(yilmaz, town, "yilmaz")

    brought = told["brought"]
    # Nobody touched those that are in both, the newest of yilmaz' apart.
    assert brought == {
        "items": 30, "cases": 3, "there": 20, "twice": 0, "numbers": _of(brought, "numbers"),
    }  # fmt: skip
    changed = _of(brought, "numbers")
    assert isinstance(changed, list)
    assert [one["old"] for one in changed] == sorted(numbers["yilmaz"])
    sound(meier, yilmaz)
    assert (there(town, "items"), there(town, "cases")) == (90, 6)
    # Who has a letter with the old number finds both cases.
    by_old = meier("search", numbers["meier"][1]).out
    new = next(one["new"] for one in changed if one["old"] == numbers["meier"][1])
    assert numbers["meier"][1] in by_old
    assert new in meier("search", str(new)).out
    assert numbers["meier"][1] in meier("case", "show", str(new)).out
    assert "Lena Leitung, brought along by Yilmaz" in meier("case", "history", str(new)).out
    # What is opened from now on has a number that nobody has.
    for desk in desks.values():
        desk.done("case", "new", "--subject", "Neu", "--office", "buergerbuero")
    sound(meier, yilmaz)


def test_a_mail_that_was_worked_on_in_both_stays_twice(
    town: Hub, line: Line, tmp_path: Path
) -> None:
    alone.supervisor(town, "yilmaz")
    box = mbox(tmp_path / "same.mbox", ["Hund", "Katze", "Maus", "Igel", "Wal"])
    meier, yilmaz = line("meier"), line("yilmaz")
    for desk in (meier, yilmaz):
        alone.found(desk)
        work(desk, box)
    join(meier, town, "meier")
    brought = join(yilmaz, town, "yilmaz")["brought"]
    assert (_of(brought, "items"), _of(brought, "there"), _of(brought, "twice")) == (3, 2, 3)
    sound(meier, yilmaz)
    assert there(town, "items") == 8
    said = town.count("record WHERE tbl = 'notes' AND data ->> 'text' LIKE 'This mail was in%'")
    assert said == 3
    # Collecting the same mailbox once more brings nothing.
    assert yilmaz.done("intake", "mail", str(box), "--once")["stored"] == 0


def test_both_at_once(town: Hub, line: Line, tmp_path: Path) -> None:
    alone.supervisor(town, "yilmaz")
    box = mbox(tmp_path / "same.mbox", (f"Sache {n}" for n in range(40)))
    desks = {"meier": line("meier"), "yilmaz": line("yilmaz")}
    for desk in desks.values():
        alone.found(desk)
        work(desk, box)
    running = [joining(desk, town, login) for login, desk in desks.items()]
    said = [one.communicate(timeout=120)[1] for one in running]
    assert [one.returncode for one in running] == [0, 0], said
    sound(*desks.values())
    assert (there(town, "items"), there(town, "cases")) == (43, 6)


def test_colleagues_of_the_same_store_keep_their_names(
    town: Hub, line: Line, tmp_path: Path
) -> None:
    ben_there = town.clerk("ben", buergerbuero="officer")
    meier = line("meier")
    session = support.make_session(meier.home)
    offices = {"buergerbuero": Role.SUPERVISOR}
    support.add_clerk(session, "ben", offices, "Ben Büro")
    support.add_clerk(session, "eva", offices, "Eva Ehemals")
    session.store.close()
    work(meier, mbox(tmp_path / "in.mbox", ["Hund", "Katze", "Maus", "Igel", "Wal"]))
    fourth, fifth = (str(row["id"]) for row in alone.items(meier)[-2:])
    shared = str(meier.done("case", "new", "--subject", "Baum", "--as", "ben")["number"])
    meier.done("case", "take", shared, "--as", "eva")
    for login, item in (("ben", fourth), ("eva", fifth)):
        meier.done("inbox", "take", item, "--as", login)
        meier.done("inbox", "note", item, f"Von {login}.", "--as", login)
    join(meier, town, "meier")
    sound(meier)
    ben, eva = (meier.done("inbox", "show", one) for one in (fourth, fifth))
    assert (_of(ben, "claimed_by"), _of(eva, "claimed_by_name")) == (ben_there, "Meier")
    assert "Eva Ehemals: Von eva." in meier("inbox", "show", fifth).out
    assert "Eva Ehemals, brought along by Meier" in meier("history", fifth).out
    assert [one["action"] for one in meier.rows_of("case", "history", shared)] == [
        "case.take", "case.open",
    ]  # fmt: skip
    # Nobody is said to have done what only another store says of them.
    assert town.count(f"entry WHERE clerk_id = '{ben_there}'") == 0
    meier.done("undo")  # her own last act, not Eva's
    assert "Eva" not in meier("history", "--limit", "1").out


# What stands in the way


def test_an_office_that_is_not_there_is_named(hub: Hub, line: Line, tmp_path: Path) -> None:
    hub.clerk("meier", buergeramt="supervisor")
    meier = line("meier")
    alone.found(meier)
    work(meier, mbox(tmp_path / "in.mbox", ["Hund", "Katze", "Maus"]))
    said = refused(meier, hub, "meier", "join.offices")
    assert "Bürgerbüro" in said
    assert "clerk hub add-office" in said


def test_an_office_of_another_id_and_the_same_name_is_the_same(
    hub: Hub, line: Line, tmp_path: Path
) -> None:
    hub.clerk("meier", ordnungsamt="supervisor")
    for office_id, name in (("bb", "Bürgerbüro"), ("ab", "Abfallwirtschaft")):
        admin.add_office(hub.owner, office_id, name, "99", intake=False)
        admin.grant(hub.owner, "meier", office_id, "supervisor")
    meier = line("meier")
    alone.found(meier)
    box = mbox(tmp_path / "in.mbox", ["Hund", "Katze", "Maus"])
    meier.done("intake", "mail", str(box), "--once")
    meier.done("case", "new", "--subject", "Hund", "--office", "buergerbuero")
    join(meier, hub, "meier")
    sound(meier)
    assert [row["office_id"] for row in meier.rows_of("case", "list")] == ["bb"]


def test_a_service_that_is_not_there_is_named(town: Hub, line: Line) -> None:
    meier, first = line("meier"), line("first")
    alone.found(meier)
    meier.done("case", "new", "--subject", "Ausweis", "--service", "parkausweis")
    said = refused(meier, town, "meier", "join.services")
    assert "parkausweis" in said
    assert "clerk services import" in said
    # Done as it says
    alone.supervisor(town, "leitung")
    join(first, town, "leitung")
    first.done("services", "import", str(alone.LIBRARY))
    first.done("sync", "--once")
    join(meier, town, "meier")
    sound(meier, first)
    assert there(town, "cases") == 1


def test_bringing_is_no_way_around_a_role(town: Hub, line: Line, tmp_path: Path) -> None:
    town.clerk("neu")
    meier = line("meier")
    alone.found(meier)
    work(meier, mbox(tmp_path / "in.mbox", ["Hund", "Katze", "Maus"]))
    assert "clerk hub grant" in refused(meier, town, "neu", "join.roles")
    for office in ("buergerbuero", "abfall"):
        admin.grant(town.owner, "neu", office, "clerk")
    said = refused(meier, town, "neu", "join.roles")
    assert "Bürgerbüro (buergerbuero): officer" in said  # a case was closed there
    admin.grant(town.owner, "neu", "buergerbuero", "officer")
    join(meier, town, "neu")
    sound(meier)


def test_an_open_workstation_is_closed_first(town: Hub, line: Line, tmp_path: Path) -> None:
    from clerk.locks import workstation_lock

    meier = line("meier")
    alone.found(meier)
    work(meier, mbox(tmp_path / "in.mbox", ["Hund", "Katze", "Maus"]))
    with workstation_lock(meier.home):
        refused(meier, town, "meier", "store.in_use")


def test_a_demo_brings_nothing(town: Hub, line: Line) -> None:
    meier = line("meier")
    (meier.home / "key.json").unlink()
    meier.done("demo", "--size", "1", "--no-open")
    url = f"postgresql://{town.address.shown}"
    answer = meier("join", url, "--clerk", "meier", "--password-stdin", stdin=b"geheim-meier\n")
    assert "[join.demo]" in answer.err
    assert there(town, "items") == 0


def test_a_copy_from_before_brings_nothing_twice(town: Hub, line: Line, tmp_path: Path) -> None:
    meier, copy = line("meier"), line("copy")
    alone.found(meier)
    work(meier, mbox(tmp_path / "in.mbox", ["Hund", "Katze", "Maus"]))
    shutil.copytree(meier.home, copy.home, dirs_exist_ok=True)
    join(meier, town, "meier")
    url = f"postgresql://{town.address.shown}"
    answer = copy("join", url, "--clerk", "meier", "--password-stdin", stdin=b"geheim-meier\n")
    assert "[join.before]" in answer.err
    assert copy.done("verify")["ok"] is True
    sound(meier)
    assert (there(town, "items"), there(town, "cases")) == (3, 3)


def test_a_town_that_was_only_founded_brings_nothing_of_it(town: Hub, line: Line) -> None:
    meier = line("meier")
    alone.found(meier)
    told = join(meier, town, "meier")["brought"]
    assert (_of(told, "items"), _of(told, "cases")) == (0, 0)
    sound(meier)
    assert meier.done("clerks", "list") == meier.done("clerks", "list")
    logins = {row["login"] for row in meier.rows_of("clerks", "list")}
    assert logins == {"meier"}


def test_a_shared_store_from_before_gets_it_again(
    server: Server | Given, town: Hub, line: Line, tmp_path: Path
) -> None:
    name = town.owner.info.dbname
    with beside(server, name) as db:
        db.execute(f"CREATE DATABASE {name}_backup TEMPLATE {name}".encode())
    meier = line("meier")
    alone.found(meier)
    box = mbox(tmp_path / "in.mbox", (f"Sache {n}" for n in range(20)))
    numbers = work(meier, box)
    join(meier, town, "meier")
    meier.done("case", "note", numbers[1], "Danach.")
    sound(meier)
    with beside(server, name) as db:
        db.execute(f"DROP DATABASE {name}".encode())
        db.execute(f"ALTER DATABASE {name}_backup RENAME TO {name}".encode())
    sound(meier)
    with server.connect(name) as db:
        told = "SELECT d.last - d.brought FROM clerk.device d"
        assert db.execute(told).fetchall() == [(1,)]
        counted = "SELECT tbl, count(*) FROM clerk.record WHERE tbl = ANY (%s) GROUP BY 1"
        found: dict[str, int] = dict(db.execute(counted, (["items", "cases"],)).fetchall())
        assert found == {"items": 20, "cases": 4}  # with the one taken back
        late = "SELECT count(*) FROM clerk.entry WHERE outcome <> 'ok'"
        assert db.execute(late).fetchone() == (0,)
    assert "Danach." in meier("case", "show", numbers[1]).out


def test_what_was_erased_alone_does_not_come_along(town: Hub, line: Line) -> None:
    """Its number, its vouchers and who erased it do, and nobody's name."""
    meier = line("meier")
    alone.found(meier)
    meier.done("fine", "catalogue", "import", str(SHIPPED), "--office", "ordnungsamt")
    made = meier.done(
        "fine", "new", "--offence", "141312", "--place", "Marktplatz", "--plate", "XY-Z 9",
        "--offender", "Zita Unverwechselbar", "--office", "ordnungsamt",
    )  # fmt: skip
    number = str(made["number"])
    meier.done("fine", "act", number, "offer-warning")
    meier.done("fine", "act", number, "accept-warning", "--on", "heute")
    assert meier.done("fine", "retention", "list")["total"] == 1
    meier.done("fine", "retention", "erase", number, "--reason", "Frist abgelaufen")
    told = join(meier, town, "meier")
    assert told["refused"] == 0
    assert (there(town, "cases"), there(town, "claims"), there(town, "persons")) == (1, 1, 0)
    rows = town.owner.execute("SELECT data::text FROM clerk.record").fetchall()
    entries = town.owner.execute("SELECT patches::text FROM clerk.stream").fetchall()
    assert "Unverwechselbar" not in str([*rows, *entries])
    sound(meier)
