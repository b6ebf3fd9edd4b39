"""The inbox by its keys: decide, then next."""

from clerk.session import Session
from storage.pages import items
from tests.driver import workstation


async def test_take_makes_it_mine_and_goes_on(session: Session, lamps: list[str]) -> None:
    async with workstation(session) as clerk:
        await clerk.select("Straßenlaterne")
        await clerk.do("Take")
        assert "Take: Straßenlaterne defekt" in clerk.toast
        assert "Schlagloch" in clerk.cursor
        assert "Mine 1" in clerk.header
    [row] = items.by_ids(session.store.db, lamps[:1])
    assert row.claimed_by == session.actor.clerk_id
