"""The crash report: where it happened, and not a word of anybody's data."""

import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from clerk import crash

SECRET = "Erika Beispiel, Passwort geheim"


def failing(text: str) -> None:
    local = f"{text} in einer Variable"
    try:
        raise ValueError(local)
    except ValueError as error:
        raise LookupError(text) from error


def caught() -> BaseException:
    with pytest.raises(LookupError) as raised:
        failing(SECRET)
    return raised.value


def test_a_report_names_types_and_frames_only() -> None:
    text = crash.report(
        caught(), "20261123-081405-abc", datetime(2026, 11, 23, 8, 14, 5, tzinfo=UTC)
    )
    lines = text.splitlines()
    assert lines[0] == "clerk crash report 20261123-081405-abc"
    assert lines[1] == "at 2026-11-23T08:14:05Z"
    assert lines[2].startswith("clerk ")
    assert "builtins.LookupError" in lines
    assert "builtins.ValueError" in lines
    assert any(line.startswith("  tests/clerk/test_crash.py:") for line in lines)
    assert all(line.endswith((":failing", ":caught")) for line in lines if line.startswith("  "))
    assert "Erika" not in text
    assert "/" + str(Path(__file__).parent.parent.parent).strip("/") not in text


def test_it_is_written_for_its_owner_only(home: Path) -> None:
    report_id = crash.write_report(caught(), home)
    path = home / crash.FOLDER / f"{report_id}.txt"
    assert SECRET not in path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_where_it_cannot_be_written_there_is_still_an_id(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    assert crash.write_report(caught(), blocked)


def test_only_the_newest_reports_are_kept(home: Path) -> None:
    folder = home / crash.FOLDER
    folder.mkdir(parents=True)
    for n in range(60):
        (folder / f"20200101-0000{n:02}-x.txt").touch()
    newest = crash.write_report(caught(), home)
    kept = sorted(path.stem for path in folder.iterdir())
    assert len(kept) == 50
    assert kept[-1] == newest


def test_an_endless_recursion_and_a_ring_of_causes_end() -> None:
    def deeper(n: int) -> int:
        return deeper(n + 1)

    with pytest.raises(RecursionError) as raised:
        deeper(0)
    other = ValueError()
    raised.value.__cause__ = other
    other.__cause__ = raised.value
    text = crash.report(raised.value, "id", datetime.now(UTC))
    assert text.count("builtins.RecursionError") == 1
    assert "more …" in text
    assert len(text.splitlines()) < 300
