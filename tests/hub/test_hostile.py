"""A client that lies, and a clerk with psql: refused, noted, and nothing changes."""

from collections.abc import Callable

import psycopg
import pytest
from psycopg.types.json import Jsonb

from storage.errors import StoreError
from storage.hub import admin, calls
from storage.hub.calls import Found
from storage.ids import uuid7
from storage.schema import SCHEMA
from tests.hub.conftest import Desk, Hub, case, changed, item, person


def _world(hub: Hub) -> tuple[Desk, Desk, str]:
    """Meier of the Bürgeramt, Yilmaz of the Ordnungsamt, and a case that is Yilmaz's alone."""
    hub.clerk("meier", buergeramt="clerk")
    hub.clerk("yilmaz", ordnungsamt="officer")
    meier, yilmaz = hub.desk("meier"), hub.desk("yilmaz")
    foreign = uuid7()
    assert yilmaz.act("case.open", case(foreign, office_id="ordnungsamt")).outcome == "ok"
    return meier, yilmaz, foreign


def _state(hub: Hub) -> list[tuple[object, ...]]:
    return hub.owner.execute(
        "SELECT tbl, id, scope, data::text, gone FROM clerk.record ORDER BY tbl, id, scope"
    ).fetchall()


Lie = Callable[[Desk, Desk, str], dict[str, object]]
LIES: dict[str, tuple[str, Lie]] = {
    "another's name": (
        "actor.forged",
        lambda m, y, _f: m.entry("item.receive", item(uuid7()), clerk_id=y.clerk_id),
    ),
    "on behalf of somebody who is here": (
        "actor.forged",
        lambda m, y, _f: m.entry("item.receive", item(uuid7()), on_behalf_of=y.clerk_id),
    ),
    "intake for another": (
        "actor.forged",
        lambda m, y, _f: m.entry(
            "item.receive", item(uuid7()), clerk_id="intake", on_behalf_of=y.clerk_id
        ),
    ),
    "another office's case": (
        "record.gone",
        lambda m, _y, f: m.entry("case.note", changed("cases", f, subject=("Sache", "Meins"))),
    ),
    "a note on another office's case": (
        "role.missing",
        lambda m, _y, f: m.entry(
            "case.note",
            ["notes", uuid7(), "add", {"case_id": f, "clerk_id": m.clerk_id, "at": 1, "text": "x",
             "audience": "internal"}, {}, [], []],
        ),
    ),
    "a role for oneself": (
        "action.elsewhere",
        lambda m, _y, _f: m.entry(
            "item.note",
            ["memberships", uuid7(), "add", {"clerk_id": m.clerk_id, "office_id": "ordnungsamt",
             "role": "supervisor"}, {}, [], []],
        ),
    ),
    "an action that is the administrator's": (
        "action.unknown",
        lambda m, _y, _f: m.entry(
            "clerk.grant",
            ["memberships", uuid7(), "add", {"clerk_id": m.clerk_id, "office_id": "ordnungsamt",
             "role": "supervisor"}, {}, [], []],
        ),
    ),
    "closing without the right": (
        "role.missing",
        lambda m, _y, _f: m.entry(
            "case.close", changed("cases", _own(m), state=("open", "closed"), closed_at=(None, 1))
        ),
    ),
    "a state that the action does not lead to": (
        "state.refused",
        lambda m, _y, _f: m.entry("case.note", changed("cases", _own(m), state=("open", "closed"))),
    ),
    "a state that is none": (
        "value.invalid",
        lambda m, _y, _f: m.entry("item.receive", item(uuid7(), state="offen")),
    ),
    "a number that is none": (
        "value.invalid",
        lambda m, _y, _f: m.entry("item.receive", item(uuid7(), priority=1.5)),
    ),
    "a text where a number belongs": (
        "value.invalid",
        lambda m, _y, _f: m.entry("item.receive", item(uuid7(), received_at="gestern")),
    ),
    "an object for a text": (
        "value.invalid",
        lambda m, _y, _f: m.entry("item.receive", item(uuid7(), subject={"a": 1})),
    ),
    "a text of a million characters": (
        "value.invalid",
        lambda m, _y, _f: m.entry("item.receive", item(uuid7(), subject="x" * 1_000_000)),
    ),
    "an office that is none": (
        "reference.gone",
        lambda m, _y, _f: m.entry("item.receive", item(uuid7(), office_id="nirgends")),
    ),
    "a person of another office": (
        "reference.gone",
        lambda m, y, _f: m.entry("case.open", case(uuid7(), person_id=_person(y))),
    ),
    "a schema of tomorrow": (
        "schema.unknown",
        lambda m, _y, _f: m.entry("item.receive", item(uuid7()), schema=SCHEMA + 1),
    ),
    "an undo of what another did": (
        "undo.foreign",
        lambda m, _y, _f: m.entry(
            "case.open",
            changed("cases", _own(m), subject=("Sache", "")),
            kind="undo",
            undoes=uuid7(),
        ),
    ),
    "a number that is given already": (
        "value.taken",
        lambda m, _y, f: m.entry("case.open", case(uuid7(), number=f"32.1-2026-{f[-6:]}")),
    ),
    "a field left out": (
        "value.missing",
        lambda m, _y, _f: m.entry(
            "item.receive", ["items", uuid7(), "add", {"channel": "mail"}, {}, [], []]
        ),
    ),
}  # fmt: skip


def _money(office: str) -> list[object]:
    """A payment that is nobody's yet."""
    return ["payments", uuid7(), "add", {"office_id": office, "external_id": uuid7(),
            "kind": "bank", "state": "clarify", "booked_on": "2026-07-20", "amount": 100,
            "currency": "EUR", "payer": "", "payer_iban": "", "purpose": "", "reference": "",
            "reason": "none", "created_at": 1}, {}, [], []]  # fmt: skip


def _offence(office: str) -> list[object]:
    return ["offences", uuid7(), "add", {"office_id": office, "code": "X1", "area": "municipal",
            "subject": "x", "title": "x", "charge": "x", "provisions": "x", "rate": 100,
            "maximum": 1000, "limitation": "by_maximum", "words": "", "valid_from": "2026-01-01"},
            {}, [], []]  # fmt: skip


def test_money_and_catalogues_are_their_offices_alone(hub: Hub) -> None:
    """Nobody puts a payment into another office's books, or an offence into its catalogue; who
    runs the program may do the latter."""
    hub.clerk("meier", buergeramt="supervisor")
    hub.clerk("admin", buergeramt="admin")
    meier, runs = hub.desk("meier"), hub.desk("admin")
    assert meier.act("payment.import", _money("ordnungsamt")).code == "role.missing"
    assert meier.act("payment.import", _money("buergeramt")).outcome == "ok"
    assert meier.act("fine.catalogue", _offence("ordnungsamt")).code == "role.missing"
    assert meier.act("fine.catalogue", _offence("buergeramt")).outcome == "ok"
    assert runs.act("fine.catalogue", _offence("ordnungsamt")).outcome == "ok"
    assert runs.act("payment.import", _money("buergeramt")).code == "role.missing"


def _own(desk: Desk) -> str:
    """A case of the clerk's own office."""
    row = uuid7()
    assert desk.act("case.open", case(row)).outcome == "ok"
    return row


def _searched(desk: Desk, *words: str) -> list[Found]:
    areas = ("cases", "items", "persons")
    return calls.search(desk.db, desk.device, words, areas=areas, before=1 << 60)


def _person(desk: Desk) -> str:
    """A person whom only the desk's office knows."""
    citizen = uuid7()
    opened = desk.act(
        "case.open",
        person(citizen),
        case(uuid7(), office_id="ordnungsamt", person_id=citizen),
    )
    assert opened.outcome == "ok"
    return citizen


@pytest.mark.parametrize("name", LIES)
def test_a_lie_is_rejected_recorded_and_changes_nothing(hub: Hub, name: str) -> None:
    meier, yilmaz, foreign = _world(hub)
    code, lie = LIES[name]
    entry = lie(meier, yilmaz, foreign)
    before = _state(hub)
    (judged,) = meier.push(entry)
    assert (judged.outcome, judged.code) == ("rejected", code)
    assert _state(hub) == before
    assert hub.count("refusal") == 1
    assert meier.act("item.receive", item(uuid7())).outcome == "ok"  # it blocks nothing


@pytest.mark.parametrize(
    "entries",
    [
        None,
        {},
        "x",
        [1],
        [{"dseq": 1}],
        [{"dseq": 1, "patches": "x"}],
        [[]],
    ],
)
def test_what_is_no_batch_is_refused_whole(hub: Hub, entries: object) -> None:
    hub.clerk("meier", buergeramt="clerk")
    desk = hub.desk("meier")
    with pytest.raises(psycopg.Error):
        desk.db.execute("SELECT * FROM clerk.push(%s, %s)", (desk.device, Jsonb(entries)))
    assert hub.count("entry WHERE device <> 'hub'") == 0
    assert desk.act("item.receive", item(uuid7())).outcome == "ok"


def test_a_device_belongs_to_one_clerk(hub: Hub) -> None:
    meier, yilmaz, _foreign = _world(hub)
    with pytest.raises(StoreError) as error:
        calls.hello(meier.db, yilmaz.device, SCHEMA, "test")
    assert error.value.code == "hub.device"
    with pytest.raises(StoreError):
        calls.push(meier.db, yilmaz.device, [])
    with pytest.raises(StoreError):
        calls.lease(meier.db, yilmaz.device, "case:1-2026", 5)
    assert hub.count("incident") == 1


def test_sql_and_markup_in_values_are_only_text(hub: Hub) -> None:
    hub.clerk("meier", buergeramt="clerk")
    desk = hub.desk("meier")
    nasty = "'; DROP TABLE clerk.record; -- $$ \\ %s {} [/nope] \u202e"
    row = uuid7()
    assert desk.act("item.receive", item(row, subject=nasty)).outcome == "ok"
    assert calls.matter(desk.db, "items", row)[0].data["subject"] == nasty
    assert _searched(desk, nasty, "' | '", "a:* & b") == []


def test_nobody_pulls_or_proves_what_is_not_theirs(hub: Hub) -> None:
    meier, yilmaz, foreign = _world(hub)
    assert meier.pull("ordnungsamt", f"device:{yilmaz.device}") == []
    assert calls.compare(meier.db, meier.device, {"ordnungsamt": 1}) == []
    assert calls.matter(meier.db, "cases", foreign) == []
    assert calls.history(meier.db, meier.device, "cases", foreign) == []
    assert calls.digest_rows(meier.db, "cases", "id", [foreign]) == (0, 0)
    assert calls.find_numbers(meier.db, meier.device, [f"32.1-2026-{foreign[-6:]}"]) == []
    assert _searched(meier, "sache") == []
    assert calls.look_up(meier.db, meier.device, "cases", foreign, way="number") == []
    assert calls.present(meier.db, meier.device, [foreign]) == []
    assert list(calls.snapshot(meier.db, "cases", ["ordnungsamt"], 0)) == []


def test_bytes_are_given_only_by_a_record_of_ones_own(hub: Hub) -> None:
    meier, yilmaz, _foreign = _world(hub)
    sha256 = calls.content_put(yilmaz.db, b"vertraulich")
    row = uuid7()
    yilmaz.act("item.receive", item(row, office_id="ordnungsamt", text_sha256=sha256))
    assert calls.content_get(yilmaz.db, "items", [row], "text_sha256") == [
        (row, sha256, b"vertraulich")
    ]
    assert calls.content_get(meier.db, "items", [row], "text_sha256") == []
    assert calls.content_get(yilmaz.db, "items", [row], "subject") == []


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO clerk.record VALUES ('items', 'x', 'inbox', '{}', 1)",
        "UPDATE clerk.record SET gone = true",
        "DELETE FROM clerk.record",
        "TRUNCATE clerk.stream",
        "UPDATE clerk.device SET last = 0",
        "INSERT INTO clerk.member VALUES ('x', 'y', 'ordnungsamt', 'supervisor')",
        "SELECT * FROM clerk.content",
        "SELECT * FROM clerk.account",
        "SELECT * FROM clerk.refusal",
        "SELECT * FROM clerk.read_log",
        "SELECT clerk.write_wave('x', 'y', true, NULL, NULL)",
        "SELECT clerk.administer('x', '[]')",
        "SELECT clerk.add_office('neu', 'Neu', '9', 0)",
        "SELECT clerk.grant_role('meier', 'ordnungsamt', 'supervisor')",
        "SELECT clerk.new_epoch()",
        "CREATE TABLE clerk.mine (x int)",
        "ALTER TABLE clerk.record DISABLE ROW LEVEL SECURITY",
        "SET ROLE postgres",
        "SET SESSION AUTHORIZATION postgres",
    ],
)
def test_with_psql_a_clerk_changes_nothing(hub: Hub, statement: str) -> None:
    meier, _yilmaz, _foreign = _world(hub)
    before = _state(hub)
    with pytest.raises(psycopg.Error):
        meier.db.execute(statement.encode())
    assert _state(hub) == before


def test_with_psql_a_clerk_reads_the_rows_of_their_offices(hub: Hub) -> None:
    meier, yilmaz, foreign = _world(hub)
    own = _own(meier)
    seen = "SELECT id FROM clerk.record WHERE tbl = 'cases'"
    assert meier.db.execute(seen).fetchall() == [(own,)]
    assert yilmaz.db.execute(seen).fetchall() == [(foreign,)]
    scopes = meier.db.execute("SELECT DISTINCT scope FROM clerk.stream")
    assert {row[0] for row in scopes} == {"town", "buergeramt"}
    actions = meier.db.execute("SELECT count(*) FROM clerk.entry WHERE action = 'case.open'")
    assert actions.fetchone() == (1,)
    assert meier.db.execute("SELECT * FROM clerk.grant_log").fetchall() == []


def test_a_table_of_ones_own_does_not_stand_in_for_the_servers(hub: Hub) -> None:
    meier, _yilmaz, foreign = _world(hub)
    meier.db.execute("CREATE TEMP TABLE member (clerk_id text, office_id text, role text,"
                     " since date, until date)")  # fmt: skip
    meier.db.execute(
        "INSERT INTO pg_temp.member VALUES (%s, 'ordnungsamt', 'clerk')", (meier.clerk_id,)
    )
    meier.db.execute("SET search_path = pg_temp, clerk")
    assert calls.matter(meier.db, "cases", foreign) == []


def test_an_administrator_sees_the_journal_of_grants_and_no_matters(hub: Hub) -> None:
    _meier, _yilmaz, foreign = _world(hub)
    hub.clerk("leitung", buergeramt="admin")
    chief = hub.desk("leitung")
    granted = chief.db.execute("SELECT what, role FROM clerk.grant_log ORDER BY no").fetchall()
    assert granted[-1] == ("grant", "admin")
    assert calls.matter(chief.db, "cases", foreign) == []
    admin.grant(chief.db, "meier", "ordnungsamt", "clerk")
    assert chief.db.execute("SELECT count(*) FROM clerk.record WHERE tbl = 'items'").fetchone() == (
        0,
    )


def test_a_deputys_rights_end_with_the_absence(hub: Hub) -> None:
    meier, yilmaz, foreign = _world(hub)
    absence = uuid7()
    hub.owner.execute("SET search_path = clerk")
    fields = {"clerk_id": yilmaz.clerk_id, "deputy_id": meier.clerk_id, "may": "act",
              "starts_on": "2020-01-01", "ends_on": "2099-12-31"}  # fmt: skip
    patch = [["absences", absence, "add", fields, {}, [], []]]
    hub.owner.execute("SELECT clerk.administer('absence.set', %s)", (Jsonb(patch),))
    assert len(calls.matter(meier.db, "cases", foreign)) == 1
    acted = meier.act(
        "case.note",
        changed("cases", foreign, subject=("Sache", "Vertretung")),
        on_behalf_of=yilmaz.clerk_id,
    )
    assert acted.outcome == "ok"
    over = [changed("absences", absence, ends_on=("2099-12-31", "2020-01-02"))]
    hub.owner.execute("SELECT clerk.administer('absence.set', %s)", (Jsonb(over),))
    assert calls.matter(meier.db, "cases", foreign) == []
    late = changed("cases", foreign, subject=("Vertretung", "Zu spät"))
    assert meier.act("case.note", late).code == "record.gone"
