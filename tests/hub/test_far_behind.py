"""Who lacks much is filled anew, who lacks little reads it: nothing of their own is lost."""

import pytest

from storage.hub.calls import Hello
from storage.sync import handshake
from storage.sync.link import Link
from storage.sync.loop import Sync
from tests.hub.conftest import Hub
from tests.hub.stations import At


@pytest.mark.parametrize(("lacks", "filled"), [(3, False), (4, True)])
def test_who_is_far_behind_is_filled_anew_and_keeps_own_work(
    hub: Hub, at: At, monkeypatch: pytest.MonkeyPatch, lacks: int, filled: bool
) -> None:
    monkeypatch.setattr(handshake, "FAR_BEHIND", 3)
    hub.clerk("meier", buergeramt="officer")
    hub.clerk("yilmaz", buergeramt="officer")
    meier, yilmaz = at("meier"), at("yilmaz")
    case = meier.open_case("32.1-2026-000001")
    meier.sync.once()
    yilmaz.sync.once()
    yilmaz.sync.close()
    fillings: list[str] = []
    real = Sync._fill

    def counted(sync: Sync, link: Link, hello: Hello | None) -> None:
        fillings.append(sync._store.device)
        real(sync, link, hello)

    monkeypatch.setattr(Sync, "_fill", counted)
    yilmaz.note(case, "unterwegs")
    yilmaz.set(case, subject="unterwegs geändert")
    for number in range(lacks):
        meier.note(case, f"{number}")
        meier.sync.once()
    for one in (yilmaz, meier, yilmaz):
        one.sync.once()
    assert fillings == ([yilmaz.store.device] if filled else [])
    assert meier.is_sound()
    assert yilmaz.is_sound()
    assert meier.rows() == yilmaz.rows()
    assert meier.one("SELECT count(*) FROM notes") == lacks + 1
    assert meier.one("SELECT subject FROM cases") == "unterwegs geändert"
    assert yilmaz.one("SELECT count(*) FROM outbox") == 0
    there = "entry WHERE dseq IS NOT NULL AND outcome = 'ok'"
    assert hub.count(there) == lacks + 3
