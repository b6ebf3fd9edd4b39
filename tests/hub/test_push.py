"""Entries of devices: exactly once, each wholly or not at all, merged by field."""

import pytest

from storage.errors import StoreError
from storage.hub import calls
from storage.ids import uuid7
from tests.hub.conftest import Hub, case, changed, item, person


def test_an_entry_is_numbered_densely_in_its_stream(hub: Hub) -> None:
    hub.clerk("meier", buergeramt="clerk")
    desk = hub.desk("meier")
    desk.push(
        *(desk.entry("item.receive", item(uuid7(), office_id="buergeramt")) for _ in range(5))
    )
    rows = desk.pull("buergeramt")
    assert [row.n for row in rows] == [1, 2, 3, 4, 5]
    assert [row.dseq for row in rows] == [1, 2, 3, 4, 5]


def test_a_repeated_batch_is_a_duplicate(hub: Hub) -> None:
    hub.clerk("meier", buergeramt="clerk")
    desk = hub.desk("meier")
    batch = [desk.entry("item.receive", item(uuid7())) for _ in range(3)]
    assert [j.outcome for j in desk.push(*batch)] == ["ok"] * 3
    assert [j.outcome for j in desk.push(*batch)] == ["dup"] * 3
    assert len(desk.pull("inbox")) == 3


def test_a_gap_is_an_error_that_names_what_is_expected(hub: Hub) -> None:
    hub.clerk("meier", buergeramt="clerk")
    desk = hub.desk("meier")
    desk.entry("item.receive", item(uuid7()))
    with pytest.raises(StoreError, match="expects") as error:
        desk.act("item.receive", item(uuid7()))
    assert error.value.params["expected"] == "1"


def test_edits_of_different_fields_merge(hub: Hub) -> None:
    hub.clerk("meier", buergeramt="clerk")
    hub.clerk("yilmaz", buergeramt="clerk")
    meier, yilmaz = hub.desk("meier"), hub.desk("yilmaz")
    row = uuid7()
    meier.act("item.receive", item(row, office_id="buergeramt"))
    assert meier.act("item.raise", changed("items", row, priority=(0, 1))).outcome == "ok"
    done = yilmaz.act("item.note", changed("items", row, subject=("Betreff", "Anders")))
    assert done.outcome == "ok"
    last = meier.pull("buergeramt")[-1]
    as_sent: object = [["items", row, "set", {"subject": "Anders"}, {"subject": "Betreff"}, [], []]]
    assert last.patches == as_sent


def test_edits_of_one_field_conflict_and_nothing_of_the_entry_is_applied(hub: Hub) -> None:
    hub.clerk("meier", buergeramt="officer")
    hub.clerk("yilmaz", buergeramt="officer")
    meier, yilmaz = hub.desk("meier"), hub.desk("yilmaz")
    row = uuid7()
    meier.act("case.open", case(row))
    meier.act("case.note", changed("cases", row, subject=("Sache", "Meiers")))
    fields = {
        "case_id": row,
        "clerk_id": yilmaz.clerk_id,
        "at": 1,
        "text": "n",
        "audience": "internal",
    }
    note: list[object] = ["notes", uuid7(), "add", fields, {}, [], []]
    judged = yilmaz.act("case.note", changed("cases", row, subject=("Sache", "Yilmaz")), note)
    assert (judged.outcome, judged.code) == ("conflict", "conflict")
    (refusal,) = yilmaz.pull(f"device:{yilmaz.device}")
    assert refusal.patches[0][0] == "refusal"
    assert refusal.patches[0][3] == {
        "code": "conflict",
        "detail": {"tbl": "cases", "id": row, "by": None},
        "theirs": {f"cases/{row}": {"subject": "Meiers"}},
    }
    assert [r.action for r in yilmaz.pull("buergeramt")] == ["case.open", "case.note"]


def test_of_two_claims_the_first_wins_and_the_second_hears_whose_it_is(hub: Hub) -> None:
    hub.clerk("meier", buergeramt="clerk")
    hub.clerk("yilmaz", buergeramt="clerk")
    meier, yilmaz = hub.desk("meier"), hub.desk("yilmaz")
    row = uuid7()
    meier.act("item.receive", item(row, office_id="buergeramt"))
    take = changed("items", row, claimed_by=(None, meier.clerk_id))
    assert meier.act("item.take", take, claim=1).outcome == "ok"
    take = changed("items", row, claimed_by=(None, yilmaz.clerk_id))
    lost = yilmaz.act("item.take", take, claim=1)
    assert (lost.outcome, lost.code) == ("rejected", "claim.lost")
    assert lost.detail is not None
    assert lost.detail["by"] == meier.clerk_id


def test_a_case_that_is_handed_over_takes_everything_along(hub: Hub) -> None:
    hub.clerk("meier", buergeramt="clerk")
    hub.clerk("yilmaz", ordnungsamt="clerk")
    meier, yilmaz = hub.desk("meier"), hub.desk("yilmaz")
    row, mail, citizen = uuid7(), uuid7(), uuid7()
    meier.act("item.receive", item(mail, office_id="buergeramt"))
    meier.act(
        "item.file",
        person(citizen),
        case(row, person_id=citizen),
        changed("items", mail, state=("open", "filed"), case_id=(None, row)),
    )
    assert calls.matter(yilmaz.db, "cases", row) == []
    meier.act("case.hand_over", changed("cases", row, office_id=("buergeramt", "ordnungsamt")))
    entered = yilmaz.pull("ordnungsamt")[0].patches
    assert {(p[0], p[2]) for p in entered} == {
        ("persons", "enter"), ("cases", "enter"), ("items", "enter"),
    }  # fmt: skip
    left = meier.pull("buergeramt")[-1].patches
    assert {p[0] for p in left if p[2] == "leave"} == {"persons", "cases", "items"}
    assert calls.matter(meier.db, "cases", row) == []
    assert {r.tbl for r in calls.matter(yilmaz.db, "cases", row)} == {"cases", "items", "persons"}
    assert len(calls.history(yilmaz.db, yilmaz.device, "cases", row)) == 3


def test_a_history_goes_back_behind_a_move_and_what_was_dropped_and_taken_back(hub: Hub) -> None:
    hub.clerk("meier", buergeramt="clerk", ordnungsamt="clerk")
    desk = hub.desk("meier")
    row, mail, remark = uuid7(), uuid7(), uuid7()
    desk.act("item.receive", item(mail, office_id="buergeramt"))
    filed = changed("items", mail, state=("open", "filed"), case_id=(None, row))
    desk.act("item.file", case(row), filed)
    note = {"case_id": row, "clerk_id": desk.clerk_id, "at": 1, "text": "x", "audience": "internal"}
    added = desk.entry("case.note", ["notes", remark, "add", note, {}, [], []])
    dropped: list[object] = ["notes", remark, "drop", {}, note, [], []]
    undone = desk.entry("case.note", dropped, kind="undo", undoes=added["id"])
    again: list[object] = ["notes", remark, "add", note, {}, [], []]
    redone = desk.entry("case.note", again, kind="redo", undoes=undone["id"])
    for entry in (added, undone, redone):
        assert desk.push(entry)[0].outcome == "ok"
    desk.act("case.hand_over", changed("cases", row, office_id=("buergeramt", "ordnungsamt")))
    assert desk.act("item.raise", changed("items", mail, priority=(0, 1))).outcome == "ok"

    def history(table: str, row_id: str, most: int = 500) -> list[str]:
        return [e.action for e in calls.history(desk.db, desk.device, table, row_id, most)]

    of_item = ["item.receive", "item.file", "case.hand_over", "item.raise"]
    assert history("items", mail) == of_item
    assert history("cases", row) == [*of_item[:2], *["case.note"] * 3, *of_item[2:]]
    assert history("cases", row, 2) == of_item[2:]


def test_waves_that_are_none_are_refused_whole(hub: Hub) -> None:
    hub.clerk("meier", buergeramt="clerk")
    desk = hub.desk("meier")
    row = uuid7()
    twice = [
        desk.entry("item.receive", item(row)),
        desk.entry("item.raise", changed("items", row, priority=(0, 1))),
    ]
    with pytest.raises(StoreError):
        desk.push(*twice)
    assert hub.count("record WHERE tbl = 'items'") == 0
    twice[1]["wave"] = 1
    assert [j.outcome for j in desk.push(*twice)] == ["ok", "ok"]


def test_in_a_wave_only_one_row_can_get_what_only_one_can_have(hub: Hub) -> None:
    hub.clerk("meier", buergeramt="clerk")
    desk = hub.desk("meier")
    both = [desk.entry("case.open", case(uuid7(), number="32.1-2026-000007")) for _ in range(2)]
    with pytest.raises(StoreError):
        desk.push(*both)
    both[1]["wave"] = 1
    assert [(j.outcome, j.code) for j in desk.push(*both)] == [
        ("ok", ""), ("rejected", "value.taken"),
    ]  # fmt: skip


def test_numbers_are_leased_once(hub: Hub) -> None:
    hub.clerk("meier", buergeramt="clerk")
    hub.clerk("yilmaz", buergeramt="clerk")
    meier, yilmaz = hub.desk("meier"), hub.desk("yilmaz")
    name = "case:32.1-2026"
    assert calls.lease(meier.db, meier.device, name, 50) == (1, 50)
    assert calls.lease(yilmaz.db, yilmaz.device, name, 20) == (51, 70)


def test_what_was_revoked_in_the_middle_is_rejected_and_recorded(hub: Hub) -> None:
    from storage.hub import admin

    hub.clerk("meier", buergeramt="clerk", ordnungsamt="clerk")
    desk = hub.desk("meier")
    row = uuid7()
    desk.act("item.receive", item(row, office_id="buergeramt"))
    admin.revoke(hub.owner, "meier", "buergeramt")
    assert desk.act("item.raise", changed("items", row, priority=(0, 1))).code == "record.gone"
    assert desk.act("item.receive", item(uuid7())).outcome == "ok"
    assert len(desk.pull(f"device:{desk.device}")) == 1
    assert desk.pull("buergeramt") == []


def test_who_opens_a_case_for_another_office_hears_that_it_is_there(hub: Hub) -> None:
    hub.clerk("meier", buergeramt="clerk")
    desk = hub.desk("meier")
    entry = desk.entry("case.open", case(uuid7(), office_id="ordnungsamt"))
    assert [j.outcome for j in desk.push(entry)] == ["ok"]
    assert desk.pull("buergeramt", "inbox") == []
    (told,) = desk.pull(f"device:{desk.device}")
    as_sent: object = [["elsewhere", entry["id"], "ok", {}]]
    assert told.patches == as_sent
