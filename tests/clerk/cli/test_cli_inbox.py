"""``clerk inbox``: lists and their pages, reading, every act, what is refused and to whom."""

from datetime import date, timedelta
from functools import partial

import pytest

from clerk import clock
from clerk.session import Session
from storage.pages import cases, follow_ups, items
from storage.terms import ItemState, Role
from tests import support
from tests.commands import Commands

AddItem = partial[str]


def state(session: Session, item_id: str) -> str:
    return items.by_ids(session.store.db, [item_id])[0].state


def test_the_list_shows_the_newest_first_and_says_the_number(
    session: Session, add_item: AddItem, clerk: Commands
) -> None:
    now = clock.now()
    old, new = add_item("Alt", received_at=now - 60_000), add_item("Neu", received_at=now)
    answer = clerk("inbox", "list")
    assert answer.code == 0
    lines = answer.out.splitlines()
    assert lines[0].split() == ["Id", "Received", "From", "Subject", "Office", "With"]
    assert "Neu" in lines[1]
    assert "Erika Beispiel" in lines[1]
    assert "Alt" in lines[2]
    assert lines[3] == "2 of 2"
    # What stands in the first column can be typed again.
    assert clerk.done("inbox", "show", lines[2].split()[0])["id"] == old
    assert clerk.done("inbox", "show", lines[1].split()[0])["id"] == new


def test_pages_go_on_behind_the_last_row(
    session: Session, add_item: AddItem, clerk: Commands
) -> None:
    now = clock.now()
    ids = [add_item(f"Mail {n}", received_at=now - n * 1000) for n in range(5)]
    seen: list[object] = []
    after: list[str] = []
    while True:
        page = clerk("inbox", "list", "--limit", "2", *after, "--json")
        seen += [row["id"] for row in page.rows("items")]
        assert page.document["total"] == 5
        if not page.document["more"]:
            break
        after = ["--after", str(page.document["after"])]
    assert seen == ids


def test_each_split_shows_its_own(session: Session, add_item: AddItem, clerk: Commands) -> None:
    mine = add_item("Meins", claimed_by=session.actor.clerk_id)
    nobodys = add_item("Niemands", office_id=None)
    office = add_item("Amt", office_id="tiefbau")
    spam = add_item("Werbung", state=ItemState.SPAM)

    def shown(*options: str) -> tuple[set[object], object]:
        answer = clerk("inbox", "list", *options, "--json")
        return {row["id"] for row in answer.rows("items")}, answer.document["total"]

    assert shown("--split", "mine") == ({mine}, 1)
    assert shown("--split", "unassigned") == ({nobodys}, 1)
    assert shown("--split", "office") == ({mine, office}, 2)
    assert shown() == ({mine, office}, 2)
    assert shown("--split", "all") == ({mine, nobodys, office}, 3)
    assert shown("--state", "spam") == ({spam}, 1)


def test_an_item_is_shown_with_its_text_and_what_hangs_on_it(
    session: Session, add_item: AddItem, clerk: Commands
) -> None:
    item = add_item("Laterne", "Guten Tag,\n\tsie flackert.\n")
    clerk.done("inbox", "note", item, "Angerufen")
    clerk.done("inbox", "follow-up", item, "--on", "2w", "--text", "nachsehen")
    document = clerk.done("inbox", "show", item)
    assert document["text"] == "Guten Tag,\n\tsie flackert.\n"
    assert document["office"] == "Bürgerbüro"
    assert str(document["received_at"]).endswith("Z")
    said = clerk("inbox", "show", item).out
    assert "Erika Beispiel <erika@example.org>" in said
    assert "Angerufen" in said
    assert "nachsehen" in said
    assert "    sie flackert." in said


def test_take_and_put_back(session: Session, add_item: AddItem, clerk: Commands) -> None:
    item = add_item()
    document = clerk.done("inbox", "take", item)
    assert document == {"action": "item.take", "done": [item], "refused": []}
    assert clerk.refused("inbox", "take", item, code="item.yours")
    assert clerk("inbox", "release", item).out == "Put back: 1 record\n"
    assert clerk.refused("inbox", "release", item, code="item.nobodys")


@pytest.mark.parametrize("office", ["tiefbau", "66", "TIEFBAUAMT"])
def test_hand_over_names_the_office_as_people_do(
    session: Session, add_item: AddItem, clerk: Commands, office: str
) -> None:
    from storage.pages.offices import offices

    found = next(one for one in offices(session.store.db) if one.id == "tiefbau")
    typed = {"66": found.prefix, "TIEFBAUAMT": found.name.upper()}.get(office, office)
    item = add_item()
    clerk.done("inbox", "hand-over", item, "--to", typed)
    assert items.by_ids(session.store.db, [item])[0].office_id == "tiefbau"


def test_an_unknown_office_is_refused(session: Session, add_item: AddItem, clerk: Commands) -> None:
    item = add_item()
    clerk.refused("inbox", "hand-over", item, "--to", "nirgends", code="office.unknown")


def test_file_into_a_new_and_into_an_existing_case(
    session: Session, add_item: AddItem, clerk: Commands
) -> None:
    first, second = add_item("Laterne kaputt"), add_item("Noch einmal")
    made = clerk.done("inbox", "file", first, "--new", "--service", "maengelmeldung")
    case = cases.by_number(session.store.db, str(made["number"]))
    assert case is not None
    assert (case.id, case.subject, case.service_id) == (
        made["case_id"],
        "Laterne kaputt",
        "maengelmeldung",
    )
    clerk.done("inbox", "file", second, "--case", case.number)
    filed = items.of_case(session.store.db, case.id)
    assert {row.id for row in filed} == {first, second}
    assert case.number in clerk("inbox", "show", second).out


def test_filing_says_where_to(session: Session, add_item: AddItem, clerk: Commands) -> None:
    item = add_item()
    for options in ([], ["--new", "--case", "x"], ["--case", "x", "--service", "kita"]):
        answer = clerk("inbox", "file", item, *options)
        assert answer.code == 2
        assert answer.err.endswith("[usage]\n")
    assert state(session, item) == ItemState.OPEN


@pytest.mark.parametrize(
    ("verb", "expected"),
    [
        ("done", ItemState.DONE),
        ("aside", ItemState.ASIDE),
        ("spam", ItemState.SPAM),
        ("duplicate", ItemState.DUPLICATE),
    ],
)
def test_finish_with_a_reason_and_reopen(
    session: Session, add_item: AddItem, clerk: Commands, verb: str, expected: ItemState
) -> None:
    item = add_item()
    clerk.done("inbox", verb, item, "--reason", "steht schon im anderen")
    row = items.by_ids(session.store.db, [item])[0]
    assert (row.state, row.reason) == (expected, "steht schon im anderen")
    clerk.done("inbox", "reopen", item)
    assert state(session, item) == ItemState.OPEN


def test_many_items_are_one_action_and_one_undo(
    session: Session, add_item: AddItem, clerk: Commands
) -> None:
    ids = [add_item(f"Mail {n}") for n in range(3)]
    assert clerk("inbox", "done", *ids, ids[0]).out == "Done: 3 records\n"
    clerk.done("undo")
    assert {state(session, one) for one in ids} == {ItemState.OPEN}


def test_where_some_are_refused_the_others_are_done_and_the_exit_code_says_so(
    session: Session, add_item: AddItem, clerk: Commands
) -> None:
    open_, spam = add_item("Offen"), add_item("Werbung", state=ItemState.SPAM)
    answer = clerk("inbox", "done", open_, spam, "--json")
    assert answer.code == 1
    assert answer.document["done"] == [open_]
    assert [one["code"] for one in answer.rows("refused")] == ["item.state"]
    assert answer.err.startswith(f"clerk: {spam}: ")
    assert answer.err.endswith("[item.state]\n")
    assert state(session, open_) == ItemState.DONE


def test_a_note_may_come_from_stdin(session: Session, add_item: AddItem, clerk: Commands) -> None:
    item = add_item()
    clerk.done("inbox", "note", item, "-", stdin="Größe: 3 m²\nzweite Zeile\n".encode())
    clerk.done("inbox", "note", item, "-", stdin="Straße".encode("cp1252"))
    notes = cases.notes(session.store.db, item_id=item)
    assert {one.text for one in notes} == {"Größe: 3 m²\nzweite Zeile", "Straße"}


def test_an_empty_note_is_not_understood(
    session: Session, add_item: AddItem, clerk: Commands
) -> None:
    item = add_item()
    assert clerk("inbox", "note", item, "-", stdin=b" \n").code == 2
    assert cases.notes(session.store.db, item_id=item) == []


def test_follow_up_takes_the_dates_that_clerks_type(
    session: Session, add_item: AddItem, clerk: Commands
) -> None:
    item = add_item()
    document = clerk.done("inbox", "follow-up", item, "--on", "3t")
    due = (clock.today() + timedelta(days=3)).isoformat()
    assert document["due_on"] == due
    assert [row.due_on for row in follow_ups.about(session.store.db, item_id=item)] == [due]
    answer = clerk("inbox", "follow-up", item, "--on", "irgendwann")
    assert answer.code == 2
    assert "3t, 2w, mo" in answer.err


def test_a_day_of_the_month_is_the_coming_one(
    session: Session, add_item: AddItem, clerk: Commands
) -> None:
    yesterday = clock.today() - timedelta(days=1)
    typed = f"{yesterday.day}.{yesterday.month}."
    found = clerk.done("inbox", "follow-up", add_item(), "--on", typed)["due_on"]
    assert date.fromisoformat(str(found)) > clock.today()


def test_priority_goes_both_ways_and_has_ends(
    session: Session, add_item: AddItem, clerk: Commands
) -> None:
    item = add_item()
    for _n in range(5):
        clerk("inbox", "priority", item, "--up")
    assert items.by_ids(session.store.db, [item])[0].priority == 2
    clerk.done("inbox", "priority", item, "--down")
    assert items.by_ids(session.store.db, [item])[0].priority == 1
    assert clerk("inbox", "priority", item).code == 2


def test_the_finder_says_which_words_spoke(
    session: Session, add_item: AddItem, clerk: Commands
) -> None:
    item = add_item("Straßenlaterne defekt", "Die Laterne vor Nr. 7 ist aus.")
    found = clerk("inbox", "suggest", item, "--json").rows("suggestions")
    assert found[0]["office_id"] == "tiefbau"
    assert "Straßenlaterne" in str(found[0]["words"])
    assert "Straßenlaterne" in clerk("inbox", "suggest", item).out


def test_a_clerk_of_another_office_is_refused_everywhere(
    session: Session, add_item: AddItem, clerk: Commands
) -> None:
    support.add_clerk(session, "tief", {"tiefbau": Role.CLERK})
    item = add_item(office_id="buergerbuero")
    acts = [
        ("take",),
        ("release",),
        ("hand-over", "--to", "tiefbau"),
        ("file", "--new"),
        ("done",),
        ("aside",),
        ("spam",),
        ("duplicate",),
        ("reopen",),
        ("follow-up", "--on", "3t"),
        ("priority", "--up"),
    ]
    for verb, *options in acts:
        clerk.refused("--as", "tief", "inbox", verb, item, *options, code="item.not_yours")
    clerk.refused("--as", "tief", "inbox", "note", item, "Text", code="item.not_yours")
    assert state(session, item) == ItemState.OPEN


def test_what_a_colleague_has_taken_is_theirs(
    session: Session, add_item: AddItem, clerk: Commands
) -> None:
    for login in ("eins", "zwei"):
        support.add_clerk(session, login, {"buergerbuero": Role.CLERK})
    item = add_item()
    assert clerk("inbox", "take", item, "--as", "eins").code == 0
    clerk.refused("inbox", "done", item, "--as", "zwei", code="item.taken")
    assert clerk("inbox", "done", item).code == 0  # the supervisor may
