"""An office's own settings: read with line and reason, kept in the store, shown and set by CLI."""

from datetime import date
from pathlib import Path

import pytest

from clerk import office_settings
from clerk.desks import office_settings as desk
from clerk.desks.undoing import take_back
from clerk.library.problems import LibraryError
from clerk.office_settings import OfficeSettings, as_toml
from clerk.refusal import Refused
from clerk.rules.holidays import Land
from clerk.rules.references import ReferenceMethod
from clerk.session import Session
from storage.actor import Actor
from tests.commands import Commands

OFFICE = "ordnungsamt"
TEXT = """\
[seat]
land = "BY"
catholic = true
extra_holidays = [2026-08-08]
municipality = "09761000"

[letterhead]
authority = "Stadt Musterstadt"
street = "Rathausplatz 1"

[bank]
holder = "Stadtkasse Musterstadt"
iban = "DE02 1203 0000 0000 2020 51"

[reference]
method = "rf"
prefix = "2026"

[fines]
four_eyes_above = 250
grace_periods = 2

[online_payment]
url = "https://bezahlen.example/api"
"""


def read(text: str) -> OfficeSettings:
    found, kept = office_settings.read(Path("amt.toml"), text.encode())
    assert kept == text
    return found


def test_all_of_it_is_read() -> None:
    found = read(TEXT)
    assert (found.seat.land, found.seat.catholic) == (Land.BY, True)
    assert found.seat.extra_holidays == (date(2026, 8, 8),)
    assert found.bank.iban == "DE02120300000000202051"
    assert found.reference.method is ReferenceMethod.RF
    assert found.fines.four_eyes_above == 25_000
    assert found.fines.warning_days == 7  # not said: the default
    assert found.online_payment.url == "https://bezahlen.example/api"


def test_what_is_written_is_read_again() -> None:
    assert read(as_toml(read(TEXT))) == read(TEXT)
    assert read(as_toml(OfficeSettings())) == OfficeSettings()


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ('[seat]\nland = "XX"', 2, "land"),
        ('[seat]\nmunicipality = "1"', 2, "municipality"),
        ("[seat]\nextra_holidays = [2026]", 2, "extra_holidays"),
        ('[bank]\niban = "DE02120300000000202052"', 2, "iban"),
        ('[bank]\nholder = "' + "x" * 71 + '"', 2, "holder"),
        ('[reference]\nprefix = "A1"', 2, "prefix"),
        ("[fines]\n\nwarning_days = 0", 3, "warning_days"),
        ('[online_payment]\nurl = "http://x"', 2, "https://"),
        ("[fines]\nwarning_day = 7", 2, "warning_days"),
        ("[bnk]", 1, "bank"),
        ("[seat", 1, "TOML"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(text: str, line: int, word: str) -> None:
    with pytest.raises(LibraryError) as raised:
        read(text)
    assert raised.value.line == line
    assert word in raised.value.reason


def test_an_office_without_settings_has_the_defaults(session: Session) -> None:
    assert desk.settings_of(session.store.db, OFFICE) == OfficeSettings()
    assert desk.settings_of(session.store.db, "no-such-office") == OfficeSettings()


def test_they_are_kept_journaled_and_can_be_taken_back(session: Session) -> None:
    admin = Actor(session.actor.clerk_id, "A", {OFFICE: "admin"})
    desk.set_settings(session.store, admin, OFFICE, Path("amt.toml"), TEXT.encode())
    assert desk.settings_of(session.store.db, OFFICE) == read(TEXT)
    take_back(session.store, admin, again=False)
    assert desk.settings_of(session.store.db, OFFICE) == OfficeSettings()


def test_a_wrong_file_changes_nothing(session: Session) -> None:
    admin = Actor(session.actor.clerk_id, "A", {OFFICE: "admin"})
    with pytest.raises(LibraryError):
        desk.set_settings(session.store, admin, OFFICE, Path("amt.toml"), b"[seat]\nland = 3")
    assert desk.text_of(session.store.db, OFFICE) is None


def test_who_leads_another_office_may_not(session: Session) -> None:
    other = Actor(session.actor.clerk_id, "B", {"buergerbuero": "supervisor"})
    with pytest.raises(Refused) as raised:
        desk.set_settings(session.store, other, OFFICE, Path("amt.toml"), TEXT.encode())
    assert raised.value.refusal.code == "office.not_yours"


def test_the_command_shows_and_sets_them(session: Session, clerk: Commands, tmp_path: Path) -> None:
    file = tmp_path / "amt.toml"
    file.write_text(clerk("offices", "settings", OFFICE).out, encoding="utf-8")
    assert read(file.read_text(encoding="utf-8")) == OfficeSettings()  # a file to begin with
    file.write_text(TEXT, encoding="utf-8")
    said = clerk.done("offices", "settings", OFFICE, "--import", str(file))
    assert said["settings"] == office_settings.as_values(read(TEXT))
    assert clerk("offices", "settings", OFFICE).out == TEXT
    file.write_text("[seat]\nland = 3\n", encoding="utf-8")
    answer = clerk("offices", "settings", OFFICE, "--import", str(file))
    assert answer.code == 1
    assert "amt.toml:2" in answer.err


def test_the_shared_store_is_told_the_limit_of_four_eyes(session: Session) -> None:
    """It reads no TOML: what the text says of it stands beside it, also when it is taken away."""
    for text, cents in (("[fines]\nfour_eyes_above = 250", 250_00), ("[fines]", None)):
        desk.set_settings(session.store, session.actor, OFFICE, Path("amt.toml"), text.encode())
        row = session.store.db.execute(
            "SELECT four_eyes_above FROM offices WHERE id = ?", (OFFICE,)
        ).fetchone()
        assert row == (cents,)
