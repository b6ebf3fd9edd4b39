"""``clerk verify``: sound stores, and rows that were changed behind the journal's back."""

from functools import partial

from clerk.session import Session
from storage import driver
from storage.store import FILE_NAME
from tests import support
from tests.commands import Commands


def test_a_sound_store_is_said_to_be_one(
    session: Session, add_item: "partial[str]", clerk: Commands
) -> None:
    clerk.done("inbox", "take", add_item())
    clerk.done("undo")
    document = clerk.done("verify")
    assert (document["ok"], document["difference"]) == (True, None)
    assert clerk("verify").out.endswith("The store is what its journal says.\n")


def test_a_row_changed_behind_the_journal_is_named(
    session: Session, add_item: "partial[str]", clerk: Commands
) -> None:
    item = add_item("Vorher")
    db = driver.connect(session.home / FILE_NAME, support.make_key(session.home))
    db.execute("UPDATE items SET subject = 'Nach\x1bher' WHERE id = ?", (item,))
    db.close()
    said = clerk.refused("verify", code="verify.difference")
    assert f"items {item}, field subject" in said
    answer = clerk("verify", "--json")
    assert answer.code == 1
    assert answer.document["ok"] is False
    assert item in str(answer.document["difference"])


def test_a_damaged_clerk_does_not_keep_verify_from_looking(
    session: Session, clerk: Commands
) -> None:
    db = driver.connect(session.home / FILE_NAME, support.make_key(session.home))
    db.execute("UPDATE clerks SET active = 0")
    db.close()
    clerk.refused("inbox", "list", code="clerk.unknown")
    assert "field active" in clerk.refused("verify", code="verify.difference")
