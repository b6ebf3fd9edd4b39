"""Records by the beginning of their ids: as short as possible, never the wrong one."""

from functools import partial

import pytest

from clerk.cli import find
from clerk.refusal import Refused
from clerk.session import Session
from storage.pages.ids import SHORTEST, shortened
from tests import support
from tests.commands import Commands

AddItem = partial[str]


def code(typed: str, session: Session) -> str:
    with pytest.raises(Refused) as refused:
        find.record_id(session.store.db, "items", typed)
    return refused.value.refusal.code


def test_what_is_shown_is_enough_and_one_character_less_is_not(
    session: Session, add_item: AddItem
) -> None:
    db = session.store.db
    ids = [add_item(f"Mail {n}") for n in range(20)]
    for row_id, short in zip(ids, shortened(db, "items", ids), strict=True):
        assert row_id.startswith(short)
        assert find.record_id(db, "items", short) == row_id
        if len(short) > SHORTEST:
            assert code(short[:-1], session) == "id.ambiguous"


def test_a_single_item_is_known_by_six_characters(session: Session, add_item: AddItem) -> None:
    item = add_item()
    assert shortened(session.store.db, "items", [item]) == [item[:SHORTEST]]
    assert find.record_id(session.store.db, "items", item[:SHORTEST].upper()) == item
    assert code(item[: SHORTEST - 1], session) == "id.short"


@pytest.mark.parametrize("typed", ["", "zzzzzz", "%", "_" * 8, "'; DROP", "\x1b[31m", "ä" * 9])
def test_what_is_no_id_finds_nothing(session: Session, add_item: AddItem, typed: str) -> None:
    add_item()
    assert code(typed, session) == "id.unknown"


def test_an_ambiguous_beginning_changes_nothing(
    session: Session, add_item: AddItem, clerk: Commands
) -> None:
    first, _second = add_item("Eins"), add_item("Zwei")
    said = clerk.refused("inbox", "done", first[:8], code="id.ambiguous")
    assert first in said


def test_history_finds_any_kind_of_record(session: Session, clerk: Commands) -> None:
    case = support.add_case(session)
    for typed, table in (
        (case.number, "cases"),
        (case.id, "cases"),
        ("tiefbau", "offices"),
        (session.actor.clerk_id, "clerks"),
        ("parkausweis@1", "service_versions"),
    ):
        assert clerk.done("history", typed)["table"] == table
