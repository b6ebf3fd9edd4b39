"""The settings file: what holds, what is refused with its line, what a change leaves alone."""

import stat
from dataclasses import fields
from pathlib import Path

import pytest

from clerk import settings_page
from clerk.actions import ACTIONS
from clerk.refusal import Refused
from clerk.settings import (
    FILE_NAME,
    IntakeSettings,
    Language,
    Settings,
    SettingsError,
    StartList,
    Theme,
    load_settings,
    read_settings,
)
from clerk.settings_file import save_setting

WHOLE = """\
# Meine Einstellungen
language = "en"
theme = "kontrast"  # gut lesbar
idle_lock_minutes = 5
split = "mine"
preview = "off"
refresh_seconds = 30

# Die Post
[intake]
every_minutes = 15

[keys]
"item.take" = ["t", "F7"]
case.take = "ü"
"""


def read(text: str) -> Settings:
    return read_settings(text.encode(), Path("settings.toml"))


def reasons(text: str | bytes) -> list[tuple[int, str]]:
    data = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(SettingsError) as error:
        read_settings(data, Path("settings.toml"))
    return [(problem.line, problem.reason) for problem in error.value.problems]


def test_without_a_file_the_defaults_hold(home: Path) -> None:
    assert load_settings(home) == Settings() == read("")


def test_a_whole_file_is_read() -> None:
    assert read(WHOLE) == Settings(
        language=Language.EN,
        theme=Theme.KONTRAST,
        idle_lock_minutes=5,
        split=StartList.MINE,
        preview=read('preview = "off"').preview,
        refresh_seconds=30,
        intake=IntakeSettings(every_minutes=15),
        keys={"item.take": "t,f7", "case.take": "ü"},
    )


def test_every_problem_has_its_line() -> None:
    found = reasons(
        'them = "hell"\nlanguage = "fr"\nidle_lock_minutes = 61\nrefresh_seconds = "2"\n'
        "[intake]\nevery_minutes = true\nworker = 1\n"
        '[keys]\n"item.take" = "@"\ncase.tke = "t"\n"item.note" = 3\n'
    )
    assert [line for line, _reason in found] == [1, 2, 3, 4, 6, 7, 9, 10, 11]
    said = dict(found)
    assert "“theme” perhaps?" in said[1]
    assert "de, en" in said[2]
    assert "from 1 to 60" in said[3]
    assert "AltGr" in said[9]
    assert "“case.take” perhaps?" in said[10]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("theme = \n", 1),
        ('a = 1\ntheme = "hell', 2),
        ("keys = 3", 1),
        ("intake = 3", 1),
        ("theme = ['hell']", 1),
        ("idle_lock_minutes = 1.5", 1),
        (b"# gut\ntheme = \xff\n", 2),
        ("a = " + "[" * 10_000, 1),
        ("x = 1\n" * 2, 2),
        ("#" * 300_000, 1),
    ],
)
def test_what_is_no_settings_file_is_refused(text: str | bytes, line: int) -> None:
    assert reasons(text)[0][0] == line


def test_a_folder_in_its_place_is_a_sentence(home: Path) -> None:
    (home / FILE_NAME).mkdir(parents=True)
    with pytest.raises(SettingsError, match="cannot be read"):
        load_settings(home)


def test_a_change_keeps_comments_and_order(home: Path) -> None:
    home.mkdir()
    path = home / FILE_NAME
    path.write_text(WHOLE)
    assert save_setting(home, "theme", "hell").theme is Theme.HELL
    save_setting(home, "intake.every_minutes", 60)
    save_setting(home, "keys.item.take", "ß")
    assert path.read_text() == (
        WHOLE.replace('theme = "kontrast"', 'theme = "hell"')
        .replace("every_minutes = 15", "every_minutes = 60")
        .replace('["t", "F7"]', '"ß"')
    )
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_is_new_gets_its_place(home: Path) -> None:
    save_setting(home, "theme", "hell")
    save_setting(home, "keys.item.take", "t")
    save_setting(home, "keys.item.note", "ö")
    save_setting(home, "intake.every_minutes", 7)
    save_setting(home, "language", "de")
    found = load_settings(home)
    assert (found.theme, found.language, found.intake.every_minutes) == ("hell", "de", 7)
    assert found.keys == {"item.take": "t", "item.note": "ö"}


def test_a_new_setting_goes_before_the_comment_of_the_first_table(home: Path) -> None:
    home.mkdir()
    (home / FILE_NAME).write_text("# Die Post\n[intake]\nevery_minutes = 3")
    save_setting(home, "theme", "hell")
    save_setting(home, "keys.item.take", "t")
    assert (home / FILE_NAME).read_text() == (
        'theme = "hell"\n# Die Post\n[intake]\nevery_minutes = 3\n\n[keys]\n"item.take" = "t"\n'
    )


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('keys = { "item.take" = "t" }\n', "keys.item.take"),
        ('[keys]\n"item.take" = [\n  "t",\n]\n', "keys.item.take"),
        ('[keys]\nitem.take = "t"\n', "keys.item.take"),
        ("intake = {every_minutes = 3}\n", "intake.every_minutes"),
        ("intake.every_minutes = 3\n", "intake.every_minutes"),
    ],
)
def test_what_only_its_owner_can_change_stays_as_it_is(home: Path, text: str, name: str) -> None:
    home.mkdir()
    (home / FILE_NAME).write_text(text)
    with pytest.raises(Refused) as refused:
        save_setting(home, name, 5 if name.startswith("intake") else "ö")
    assert refused.value.refusal.code == "settings.by_hand"
    assert (home / FILE_NAME).read_text() == text


def test_a_wrong_value_or_a_wrong_file_is_not_written(home: Path) -> None:
    home.mkdir()
    path = home / FILE_NAME
    path.write_text('theme = "hell"\n')
    for name, value in (("theme", "rosa"), ("idle_lock_minutes", 0), ("keys.item.take", "z")):
        with pytest.raises(SettingsError):
            save_setting(home, name, value)
    assert path.read_text() == 'theme = "hell"\n'
    path.write_text("theme = 1\n")
    with pytest.raises(SettingsError):
        save_setting(home, "theme", "hell")
    assert path.read_text() == "theme = 1\n"


def test_hostile_values_are_written_as_text(home: Path) -> None:
    for value in ('"', "\\", "\n", "\x7f", "#", "\x00"):
        with pytest.raises(SettingsError):
            save_setting(home, "theme", value)
    assert not (home / FILE_NAME).exists()


def test_the_page_is_fresh_and_names_everything() -> None:
    page = settings_page.page()
    assert settings_page.PAGE.read_text(encoding="utf-8") == page, (
        "run: python -m clerk.settings_page"
    )
    for one in fields(Settings):
        assert f"`{one.name}`" in page or f"[{one.name}]" in page
    for action in ACTIONS:
        assert f"`{action.id}`" in page
