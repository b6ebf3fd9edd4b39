"""The fixtures themselves: a founded store that opens by passphrase and verifies."""

from functools import partial

from clerk.session import Session, open_session, passphrase_source
from storage.pages import items
from storage.verify import verify
from tests import support


def test_a_founded_store_opens_by_its_passphrase_and_verifies(
    session: Session, add_item: "partial[str]"
) -> None:
    item_id = add_item(support.HOSTILE, "Text", office_id=None)
    support.add_case(session)
    assert [row.id for row in items.unassigned().page(session.store.db, limit=5)] == [item_id]
    ask = passphrase_source(session.home, str(session.home / support.PASSPHRASE_FILE))
    again = open_session(session.home, ask=ask)
    assert again.actor.name == "Lena Leitung"
    assert verify(again.store.db).difference is None
    again.store.close()
