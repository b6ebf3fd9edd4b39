"""``clerk services`` over the packaged library, and the way of files into the store."""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from clerk.cli.services import import_files, list_services, show_service
from clerk.desks.services import import_services
from clerk.library.definition import ServiceDefinition
from clerk.library.load import SERVICES, load_services
from clerk.refusal import Refused
from clerk.session import Session
from storage.pages import offices as office_pages
from storage.pages import services as pages

TODAY = date(2026, 11, 22)
Output = pytest.CaptureFixture[str]


def test_list(capsys: Output) -> None:
    list_services(load_services(), as_json=False, today=TODAY)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["Id", "Version", "Valid", "Office", "Title"]
    assert len(lines) == 17
    assert any(line.startswith("kita\t") and "Day-care place" in line for line in lines)


def test_list_as_json(capsys: Output) -> None:
    list_services(load_services(), as_json=True, today=TODAY)
    rows = json.loads(capsys.readouterr().out)
    cards = [row for row in rows if row["id"] == "personalausweis"]
    assert [(row["version"], row["in_force"]) for row in cards] == [(1, False), (2, True)]
    assert cards[0]["valid_to"] == "2026-02-06"
    assert cards[0]["title"] == {"de": "Personalausweis", "en": "Identity card"}


def test_show_names_everything(capsys: Output) -> None:
    show_service(load_services(), "kita", as_json=False, today=TODAY)
    shown = capsys.readouterr().out
    for part in (
        "Day-care place",
        "kita@1",
        "Jugendamt, Kindertagesbetreuung (jugend)",
        "4 slots of 5 minutes",
        "Bedarfsanzeige bestätigen",
        "§ 5 Abs. 3 KiBiz (NRW)",
        "legal, citizen",
        "· 45",
        "Kein Platz vermittelt",
        "Tagesmutter",
    ):
        assert part in shown


def test_show_takes_the_version_in_force_or_the_one_asked_for(capsys: Output) -> None:
    for asked, shown in ((None, 2), (1, 1)):
        show_service(load_services(), "personalausweis", as_json=True, today=TODAY, version=asked)
        assert json.loads(capsys.readouterr().out)["version"] == shown
    show_service(load_services(), "personalausweis", as_json=True, today=date(2025, 1, 1))
    assert json.loads(capsys.readouterr().out)["version"] == 1


@pytest.mark.parametrize(
    ("asked", "version", "sentence"),
    [
        ("kitta", None, "There is no service “kitta”; “kita” perhaps?"),
        ("", None, "There is no service “”."),
        ("kita", 7, "“kita” has no version 7."),
    ],
)
def test_what_is_not_there(asked: str, version: int | None, sentence: str) -> None:
    with pytest.raises(Refused) as caught:
        show_service(load_services(), asked, as_json=False, today=TODAY, version=version)
    assert caught.value.refusal.code == "service.unknown"
    assert caught.value.refusal.sentence == sentence


def test_a_bad_lot_is_named_and_nothing_is_kept(tmp_path: Path, capsys: Output) -> None:
    good = (SERVICES / "kita.toml").read_text("utf-8")
    (tmp_path / "good.toml").write_text(good, "utf-8")
    bad = good.replace('"kita"', '"hort"').replace("slots = 4", 'slots = -4\n"\\u001b[2J" = 1')
    (tmp_path / "bad.toml").write_text(bad.replace('"1M"', '"bald"'), "utf-8")
    kept: list[ServiceDefinition] = []

    def keep(found: Sequence[ServiceDefinition]) -> tuple[str, ...]:
        kept.extend(found)
        return ()

    with pytest.raises(Refused, match="3 problems; nothing was imported") as caught:
        import_files(tmp_path, offices={"jugend"}, keep=keep, as_json=True)
    assert caught.value.refusal.code == "library.file"
    assert kept == []
    out, err = capsys.readouterr()
    assert out == ""
    assert [line.split(": ")[0] for line in err.splitlines()] == [
        f"{tmp_path / 'bad.toml'}:{line}" for line in (7, 8, 38)
    ]
    assert "\x1b" not in err


def test_new_versions_reach_the_store_once(
    session: Session, tmp_path: Path, capsys: Output
) -> None:
    text = (SERVICES / "kita.toml").read_text("utf-8").replace('"kita"', '"hort"', 1)
    path = tmp_path / "hort.toml"
    path.write_text(text, "utf-8")
    offices = {office.id for office in office_pages.offices(session.store.db)}
    for expected in (["hort@1"], []):
        import_files(
            path,
            offices=offices,
            keep=lambda found: import_services(session.store, session.actor, found),
            as_json=True,
        )
        assert json.loads(capsys.readouterr().out) == {"read": 1, "new": expected}
    assert [one.version for one in pages.versions(session.store.db, "hort")] == [1]
