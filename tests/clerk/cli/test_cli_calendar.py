"""``clerk calendar free``: a file in, free times out, and what is wrong with the file in words."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.commands import Commands

RULE: Mapping[str, object] = {
    "id": 7,
    "start_date": "2026-01-01",
    "end_date": "2026-12-31",
    "start_time": "08:00",
    "end_time": "10:00",
    "weekdays": ["monday", "tuesday"],
    "repeat": {"after_weeks": 1, "week_of_month": 0},
    "slot_minutes": 30,
    "workstations": {"public": 1, "staff": 2},
    "bookable": {"start_days": 0, "end_days": 7},
    "multiple_slots": True,
}
LINE = ("--now", "2026-11-22T12:00", "--from", "2026-11-22", "--to", "2026-11-24")


def _file(folder: Path, **said: object) -> str:
    path = folder / "opening.json"
    document = {"opening_hours": [RULE], "closures": [], "bookings": [], **said}
    path.write_text(json.dumps(document))
    return str(path)


def _days(clerk: Commands, *line: str) -> object:
    answer = clerk(*line, "--json")
    assert (answer.code, answer.err) == (0, "")
    return json.loads(answer.out)


def test_each_day_with_capacity_and_free_times(clerk: Commands, tmp_path: Path) -> None:
    file = _file(
        tmp_path,
        closures=["2026-11-24"],
        bookings=[
            {"start": "2026-11-23T08:30:00+01:00", "slots": 2},
            {"start": "2026-11-23T09:30"},
        ],
    )
    free = ("calendar", "free", "--opening", file, *LINE)
    assert _days(clerk, *free, "--for", "staff") == [
        {"day": "2026-11-22", "capacity": 0, "free": {}},
        {
            "day": "2026-11-23",
            "capacity": 8,
            "free": {"08:00": 2, "08:30": 1, "09:00": 1, "09:30": 1},
        },
        {"day": "2026-11-24", "capacity": 0, "free": {}},
    ]
    assert _days(clerk, *free, "--slots", "2") == [
        {"day": "2026-11-22", "capacity": 0, "free": {}},
        {"day": "2026-11-23", "capacity": 4, "free": {}},
        {"day": "2026-11-24", "capacity": 0, "free": {}},
    ]
    assert "08:00(2)" in clerk(*free, "--for", "staff").out
    assert not (clerk.home / "replica.db").exists()


def test_contradictions_are_shown_beside_the_result(clerk: Commands, tmp_path: Path) -> None:
    file = _file(
        tmp_path,
        opening_hours=[RULE, {**RULE, "id": "spät", "start_time": "09:00", "end_time": "11:00"}],
        bookings=[{"start": "2026-11-23T13:00", "slots": 1}],
    )
    answer = clerk("calendar", "free", "--opening", file, *LINE, "--json")
    assert answer.code == 0
    assert json.loads(answer.out)[1]["free"]["09:00"] == 2
    assert "2026-11-23: 7" in answer.err
    assert "spät" in answer.err
    assert "2026-11-23 13:00" in answer.err


@pytest.mark.parametrize(
    ("change", "code", "says"),
    [
        ({"slot_minutes": 35}, "opening.slot_fit", "opening_hours[0] (7)"),
        ({"end_time": "07:00"}, "opening.times", "opening_hours[0]"),
        ({"workstations": {"public": 3, "staff": 2}}, "opening.workstations", "3"),
        ({"start_time": "8"}, "calendar.moment", "opening_hours[0].start_time"),
        ({"start_time": "08:00:30"}, "calendar.moment", "opening_hours[0].start_time"),
        ({"start_date": "2026-02-30"}, "calendar.file", "start_date"),
        ({"weekdays": ["montag"]}, "calendar.file", "weekdays"),
        ({"slot_minuets": 5}, "calendar.file", "slot_minuets"),
        ({"slot_minutes": "15"}, "calendar.file", "slot_minutes"),
    ],
)
def test_what_is_wrong_with_a_rule(
    clerk: Commands, tmp_path: Path, change: dict[str, object], code: str, says: str
) -> None:
    file = _file(tmp_path, opening_hours=[{**RULE, **change}])
    assert says in clerk.refused("calendar", "free", "--opening", file, *LINE, code=code)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"bookings": [{"start": "gestern", "slots": 1}]}, "calendar.moment"),
        ({"bookings": [{"start": "2026-11-23T08:00", "slots": 0}]}, "calendar.file"),
        ({"closures": ["nie"]}, "calendar.file"),
        ({"opening_hours": None}, "calendar.file"),
    ],
)
def test_what_is_wrong_with_the_file(
    clerk: Commands, tmp_path: Path, said: dict[str, object], code: str
) -> None:
    clerk.refused("calendar", "free", "--opening", _file(tmp_path, **said), *LINE, code=code)


@pytest.mark.parametrize("content", [b"", b"[]", b"\xff\xfe", b"{" * 100_000, b"\x1b[2J"])
def test_what_is_no_such_file(clerk: Commands, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(content)
    clerk.refused("calendar", "free", "--opening", str(path), *LINE, code="calendar.file")
    clerk.refused("calendar", "free", "--opening", str(tmp_path), *LINE, code="calendar.file")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (("--from", "2026-11-24", "--to", "2026-11-23"), "--to"),
        (("--from", "2026-11-24", "--to", "2036-11-23"), "--to"),
        (("--from", "24.11.", "--to", "2026-11-25"), "--from"),
        (("--from", "2026-11-24", "--to", "2026-11-24", "--now", "jetzt"), "--now"),
        (("--from", "2026-11-24", "--to", "2026-11-24", "--slots", "0"), "--slots"),
        (("--from", "2026-11-24", "--to", "2026-11-24", "--for", "alle"), "--for"),
    ],
)
def test_what_is_wrong_in_the_line(
    clerk: Commands, tmp_path: Path, line: tuple[str, ...], says: str
) -> None:
    answer = clerk("calendar", "free", "--opening", _file(tmp_path), *line)
    assert answer.code == 2
    assert says in answer.err
