"""Work from before joining, as the server judges it: what is let in as such, and every lie."""

from collections.abc import Callable

import pytest

from storage.errors import StoreError
from storage.hub import bringing, calls
from storage.ids import uuid7
from tests.hub.conftest import Desk, Hub, case, changed, item, person
from tests.hub.test_letters import DETAILS, WORDING

Entry = dict[str, object]


def brought(desk: Desk, action: str, *patches: list[object], **more: object) -> Entry:
    """An entry of the desk's own clerk from before joining."""
    named = {"brought": 1, "on_behalf_of": "brought:Clara Meier"}
    return desk.entry(action, *patches, **(named | more))


def by_another(desk: Desk, action: str, *patches: list[object], **more: object) -> Entry:
    """An entry of somebody else who worked in the same store."""
    named = {"clerk_id": "brought:Ben Büro", "on_behalf_of": desk.clerk_id}
    return brought(desk, action, *patches, **(named | more))


def note(author: str, **on: str) -> list[object]:
    fields = {"clerk_id": author, "at": 1, "text": "n", "audience": "internal", **on}
    return ["notes", uuid7(), "add", fields, {}, [], []]


@pytest.fixture
def two(hub: Hub) -> tuple[Desk, Desk]:
    """Two colleagues of one office, each of whom may see and change what the other one has."""
    hub.clerk("meier", buergeramt="officer")
    hub.clerk("yilmaz", buergeramt="officer")
    return hub.desk("meier"), hub.desk("yilmaz")


def state(hub: Hub) -> list[tuple[object, ...]]:
    return hub.owner.execute(
        "SELECT tbl, id, scope, data::text, gone FROM clerk.record ORDER BY tbl, id, scope"
    ).fetchall()


def test_it_comes_in_with_the_names_that_its_store_had(two: tuple[Desk, Desk], hub: Hub) -> None:
    meier, yilmaz = two
    matter, mail, citizen = uuid7(), uuid7(), uuid7()
    told = meier.push(
        by_another(meier, "item.receive", item(mail, office_id="buergeramt"), at=1_000),
        by_another(
            meier, "item.take", changed("items", mail, claimed_by=(None, yilmaz.clerk_id)), wave=1
        ),
        brought(
            meier,
            "item.file",
            person(citizen),
            case(matter, person_id=citizen),
            changed("items", mail, state=("open", "filed"), case_id=(None, matter),
                    claimed_by=(yilmaz.clerk_id, None)),
            wave=2,
        ),
        by_another(meier, "case.note", note("brought:Ben Büro", case_id=matter), wave=3, at=2_000),
        brought(meier, "case.note", note(meier.clerk_id, case_id=matter), wave=4),
    )  # fmt: skip
    assert [(one.outcome, one.code) for one in told] == [("ok", "")] * 5
    rows = yilmaz.pull("buergeramt")
    assert [(row.clerk_id, row.on_behalf_of) for row in rows] == [
        ("brought:Ben Büro", meier.clerk_id),
        ("brought:Ben Büro", meier.clerk_id),
        (meier.clerk_id, "brought:Clara Meier"),
        ("brought:Ben Büro", meier.clerk_id),
        (meier.clerk_id, "brought:Clara Meier"),
    ]
    assert [row.device_at for row in rows[:4:3]] == [1_000, 2_000]
    by = hub.owner.execute(
        "SELECT DISTINCT e.device, e.role_name, d.brought FROM clerk.entry e JOIN clerk.device d"
        " ON d.id = e.device WHERE e.dseq IS NOT NULL"
    ).fetchall()
    assert by == [(meier.device, f"{hub.owner.info.dbname}_meier", 5)]
    # From then on the device works like any other, and its own acts can be taken back.
    after = changed("cases", matter, subject=("Sache", "Neu"))
    assert meier.act("case.note", after).outcome == "ok"


Lie = Callable[[Desk, Desk, str], Entry]


def _theirs(desk: Desk) -> str:
    """A case that the colleague has opened."""
    row = uuid7()
    assert desk.act("case.open", case(row)).outcome == "ok"
    return row


def _unnamed(entry: Entry) -> Entry:
    return {name: value for name, value in entry.items() if name != "brought"}


LIES: dict[str, tuple[str, Lie]] = {
    "in a colleague's name": (
        "actor.forged",
        lambda m, y, _t: by_another(m, "item.receive", item(uuid7()), clerk_id=y.clerk_id),
    ),
    "for a colleague": (
        "actor.forged",
        lambda m, y, _t: brought(m, "item.receive", item(uuid7()), on_behalf_of=y.clerk_id),
    ),
    "somebody unknown for a colleague": (
        "actor.forged",
        lambda m, y, _t: by_another(m, "item.receive", item(uuid7()), on_behalf_of=y.clerk_id),
    ),
    "nobody said to have done it": (
        "actor.forged",
        lambda m, _y, _t: brought(m, "item.receive", item(uuid7()), on_behalf_of=None),
    ),
    "oneself for oneself": (
        "actor.forged",
        lambda m, _y, _t: brought(m, "item.receive", item(uuid7()), on_behalf_of=m.clerk_id),
    ),
    "a name without end": (
        "actor.forged",
        lambda m, _y, _t: by_another(
            m, "item.receive", item(uuid7()), clerk_id="brought:" + "x" * 10_000
        ),
    ),
    "another name, but not said to be brought": (
        "actor.forged",
        lambda m, _y, _t: _unnamed(by_another(m, "item.receive", item(uuid7()))),
    ),
    "for another name, but not said to be brought": (
        "actor.forged",
        lambda m, _y, _t: _unnamed(brought(m, "item.receive", item(uuid7()))),
    ),
    "a note that a colleague is said to have written": (
        "actor.forged",
        lambda m, y, _t: brought(m, "case.open", *_with_note(y.clerk_id)),
    ),
    "the same, not brought": (
        "actor.forged",
        lambda m, y, _t: m.entry("case.open", *_with_note(y.clerk_id)),
    ),
    "a colleague's case changed": (
        "brought.foreign",
        lambda m, _y, t: brought(m, "case.note", changed("cases", t, subject=("Sache", "Meins"))),
    ),
    "a colleague's case taken away": (
        "brought.foreign",
        lambda m, _y, t: brought(m, "case.open", ["cases", t, "drop", {}, {}, [], []]),
    ),
    "a note of long ago to a colleague's case": (
        "brought.foreign",
        lambda m, _y, t: brought(m, "case.note", note(m.clerk_id, case_id=t)),
    ),
    "the same by somebody unknown": (
        "brought.foreign",
        lambda m, _y, t: by_another(m, "case.note", note("brought:Ben Büro", case_id=t)),
    ),
    "a case that follows a colleague's": (
        "brought.foreign",
        lambda m, _y, t: brought(m, "case.open", *_related(t)),
    ),
    "a mail into a colleague's case": (
        "brought.foreign",
        lambda m, _y, t: brought(m, "item.file", item(uuid7(), case_id=t, state="filed")),
    ),
    "a number that is given already": (
        "value.taken",
        lambda m, _y, t: brought(m, "case.open", case(uuid7(), number=f"32.1-2026-{t[-6:]}")),
    ),
    "an undo of what a colleague did": (
        "undo.foreign",
        lambda m, y, _t: brought(m, "case.open", kind="undo", undoes=str(y.entry("x")["id"])),
    ),
}


def _with_note(author: str) -> list[list[object]]:
    row = uuid7()
    return [case(row), note(author, case_id=row)]


def _related(other: str) -> list[list[object]]:
    row = uuid7()
    fields = {"case_id": row, "other_id": other, "kind": "follows"}
    return [case(row), ["relations", uuid7(), "add", fields, {}, [], []]]


@pytest.mark.parametrize("name", LIES)
def test_a_lie_is_rejected_recorded_and_changes_nothing(
    two: tuple[Desk, Desk], hub: Hub, name: str
) -> None:
    meier, yilmaz = two
    theirs = _theirs(yilmaz)
    code, lie = LIES[name]
    entry = lie(meier, yilmaz, theirs)
    before = state(hub)
    (judged,) = meier.push(entry)
    assert (judged.outcome, judged.code) == ("rejected", code)
    assert state(hub) == before
    assert hub.count("refusal") == 1
    assert meier.act("item.receive", item(uuid7())).outcome == "ok"  # it blocks nothing


def test_a_letter_comes_with_ones_own_signature_alone(two: tuple[Desk, Desk]) -> None:
    meier, yilmaz = two
    matter, letter, page = uuid7(), uuid7(), uuid7()
    draft: list[object] = ["letters", letter, "add", {
        "case_id": matter, "office_id": "buergeramt", "template": "plain", "subject": "S",
        "state": "draft", "way": "print", "details": DETAILS, "drafted_by": meier.clerk_id,
        "created_at": 1, "signatures": 1,
    }, {}, [], []]  # fmt: skip
    paper: list[object] = ["documents", page, "add", {
        "case_id": matter, "name": "x.pdf", "media_type": "application/pdf",
        "content_sha256": "0" * 64, "size": 1, "created_at": 1,
    }, {}, [], []]  # fmt: skip

    def signed(by: str) -> list[object]:
        return changed(
            "letters", letter, state=("draft", "final"), signed_by=(None, by),
            signed_at=(None, 5), wording=(None, WORDING), document_id=(None, page),
        )  # fmt: skip

    told = meier.push(
        brought(meier, "case.open", case(matter)),
        brought(meier, "letter.draft", draft, wave=1),
        brought(meier, "letter.sign", paper, signed(yilmaz.clerk_id), wave=2),
        by_another(meier, "letter.sign", paper, signed(meier.clerk_id), wave=3),
        brought(meier, "letter.sign", paper, signed(meier.clerk_id), wave=4),
    )
    assert [one.code for one in told] == ["", "", "letter.forged", "letter.forged", ""]


def test_bringing_gives_no_role_and_no_office(hub: Hub) -> None:
    hub.clerk("meier", buergeramt="clerk")
    meier, mine, elsewhere = hub.desk("meier"), uuid7(), uuid7()
    close = changed("cases", mine, state=("open", "closed"), closed_at=(None, 9))
    told = meier.push(
        brought(meier, "case.open", case(mine)),
        brought(meier, "case.open", case(elsewhere, office_id="ordnungsamt")),
        brought(meier, "case.close", close, wave=1),
        brought(meier, "case.note", note(meier.clerk_id, case_id=elsewhere), wave=1),
    )
    assert [one.code for one in told] == ["", "", "role.missing", "role.missing"]


def test_after_its_first_own_work_a_device_brings_nothing_more(two: tuple[Desk, Desk]) -> None:
    meier, _yilmaz = two
    mine = uuid7()
    first = brought(meier, "item.receive", item(uuid7()))
    own = meier.entry("case.open", case(mine), wave=1)
    late = brought(meier, "item.receive", item(uuid7()), wave=2)
    told = meier.push(first, own, late)
    assert [one.code for one in told] == ["", "", "brought.foreign"]
    assert meier.push(brought(meier, "item.receive", item(uuid7())))[0].code == "brought.foreign"
    onto = brought(meier, "case.note", note(meier.clerk_id, case_id=mine))
    assert meier.push(onto)[0].code == "brought.foreign"


def test_another_device_of_the_same_clerk_does_not_touch_it(
    two: tuple[Desk, Desk], hub: Hub
) -> None:
    meier, _yilmaz = two
    mine = uuid7()
    assert meier.push(brought(meier, "case.open", case(mine)))[0].outcome == "ok"
    second = hub.desk("meier")
    onto = brought(second, "case.note", note(second.clerk_id, case_id=mine))
    assert second.push(onto)[0].code == "brought.foreign"


def test_a_row_that_a_colleague_dropped_is_not_brought_back(two: tuple[Desk, Desk]) -> None:
    meier, yilmaz = two
    theirs = uuid7()
    opened = yilmaz.entry("case.open", case(theirs))
    yilmaz.push(opened)
    was = case(theirs)[3]
    gone = yilmaz.act(
        "case.open", ["cases", theirs, "drop", {}, was, [], []], kind="undo", undoes=opened["id"]
    )
    assert gone.outcome == "ok"
    assert meier.push(brought(meier, "case.open", case(theirs)))[0].code == "brought.foreign"


def test_a_batch_sent_twice_counts_once_and_goes_on(two: tuple[Desk, Desk], hub: Hub) -> None:
    meier, _yilmaz = two
    some = [brought(meier, "item.receive", item(uuid7())) for _ in range(3)]
    assert [one.outcome for one in meier.push(*some)] == ["ok"] * 3
    more = brought(meier, "item.receive", item(uuid7()))
    assert [one.outcome for one in meier.push(*some, more)] == ["dup"] * 3 + ["ok"]
    assert hub.count("record WHERE tbl = 'items'") == 4


def test_a_mark_of_the_servers_own_is_not_taken_from_a_client(two: tuple[Desk, Desk]) -> None:
    meier, _yilmaz = two
    own = meier.entry("item.receive", item(uuid7()), unfit="x}{")
    said = brought(meier, "item.receive", item(uuid7()), unfit="x}{")
    assert meier.push(said | {"dseq": 1}, own | {"dseq": 2})[0].outcome == "ok"


# Numbers


def test_numbers_that_nobody_was_given_stay(two: tuple[Desk, Desk]) -> None:
    meier, yilmaz = two
    name = "case:32.1-2026"
    assert bringing.adopt(meier.db, meier.device, name, [1, 2, 7]) == {1, 2, 7}
    assert bringing.adopt(meier.db, meier.device, name, [1, 2, 7]) == {1, 2, 7}  # cut off, again
    assert bringing.adopt(yilmaz.db, yilmaz.device, name, [2, 7, 9, 12]) == {9, 12}
    assert calls.lease(yilmaz.db, yilmaz.device, name, 5) == (13, 17)


def test_numbers_are_nobody_elses_to_keep(two: tuple[Desk, Desk], hub: Hub) -> None:
    meier, yilmaz = two
    with pytest.raises(StoreError):
        bringing.adopt(meier.db, yilmaz.device, "case:32.1-2026", [1])
    for name, numbers in (("'; DROP", [1]), ("case:1-2026", [0]), ("case:1-2026", [1_000_000])):
        with pytest.raises(StoreError):
            bringing.adopt(meier.db, meier.device, name, numbers)
    assert (hub.count("lease"), hub.count("number_range")) == (0, 0)


def test_what_is_taken_is_told_to_clerks_alone(two: tuple[Desk, Desk], hub: Hub) -> None:
    meier, yilmaz = two
    sha256 = "a" * 64
    yilmaz.act("item.receive", item(uuid7(), external_id="imap:1", raw_sha256=sha256))
    assert bringing.taken(meier.db, "items", ["imap:1", "imap:2"]) == {"imap:1"}
    assert bringing.taken(meier.db, "cases", ["imap:1"]) == set()
    assert bringing.known_mails(meier.db, [sha256, "b" * 64]) == {sha256}
    hub.owner.execute("DELETE FROM clerk.account WHERE clerk_id = %s", (meier.clerk_id,))
    assert bringing.taken(meier.db, "items", ["imap:1"]) == set()
    assert bringing.known_mails(meier.db, [sha256]) == set()
