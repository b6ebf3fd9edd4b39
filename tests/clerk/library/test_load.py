"""Files that are not right are refused with every reason and its line."""

# ruff: noqa: E501 - the table of bad files reads best in one line each

from pathlib import Path

import pytest

from clerk.library.definition import OfficeDefinition, Word, in_force
from clerk.library.load import OFFICES, load_offices, load_services, read_services
from clerk.library.problems import LibraryError

GOOD = """\
id = "lampe"
version = 1
state = "published"
valid_from = 2024-01-01
title = { de = "Lampe", en = "Lamp" }
office = "tiefbau"
slots = 2
quantity = 1
letters = ["antwort"]
words = ["Lampe", { word = "Laterne", weight = 2 }]

[[steps]]
id = "sehen"
title = "Ansehen"
norm_minutes = 5
checklist = ["Ort", "Nummer"]

[[terms]]
kind = "legal"
period = "3M"
rule = "ab Eingang"
source = "§ 75 VwGO"

[[form]]
id = "ort"
label = "Ort"
kind = "place"
required = true

[[form]]
id = "art"
label = "Art"
kind = "choice"
choices = ["aus", "flackert"]

[[results]]
id = "repariert"
title = "Repariert"
retention = "3J"
source = "§ 195 BGB"

[[fees]]
id = "keine"
title = "Keine"
cents = 0
source = "frei"
"""
KNOWN = {"tiefbau", "buergerbuero"}

# What is replaced by what, and the lines and parts of the reasons that must come of it.
BAD: list[tuple[str, str, str, list[tuple[int, str]]]] = [
    ("broken syntax", "version = 1", "version 1", [(2, "not valid TOML")]),
    ("key twice", "version = 1", "version = 1\nversion = 2", [(3, "not valid TOML")]),
    ("open string", 'source = "frei"', 'source = "frei', [(46, "not valid TOML")]),
    ("open array", "[[fees]]", "x = [", [(43, "not valid TOML")]),
    ("unknown key", "slots = 2", "slot = 2", [(1, "“slots” is missing"), (7, "“slots” perhaps")]),
    ("strange key", "slots = 2", "slots = 2\nzzz = 1", [(8, "unknown key “zzz”")]),
    ("unknown inner key", 'label = "Art"', 'lable = "Art"', [(30, "“label” is missing"), (32, "“label” perhaps")]),
    ("unknown key in inline table", "weight = 2", "wieght = 2", [(10, "“weight” perhaps")]),
    ("unknown key in title", 'en = "Lamp"', 'en = "Lamp", fr = "Lampe"', [(5, "unknown key “fr”")]),
    ("missing id", 'id = "lampe"\n', "", [(1, "“id” is missing")]),
    ("missing step title", 'title = "Ansehen"\n', "", [(12, "“title” is missing")]),
    ("missing title language", ', en = "Lamp"', "", [(5, "“en” is missing")]),
    ("missing title", 'title = { de = "Lampe", en = "Lamp" }\n', "", [(1, "“title” is missing")]),
    ("wrong type", "slots = 2", 'slots = "2"', [(7, "“slots” must be a whole number")]),
    ("true is no number", "slots = 2", "slots = true", [(7, "must be a whole number")]),
    ("a fraction of a version", "version = 1", "version = 1.5", [(2, "must be a whole number")]),
    ("text for a table", '{ de = "Lampe", en = "Lamp" }', '"Lampe"', [(5, "must be a table")]),
    ("text for an array", 'letters = ["antwort"]', 'letters = "antwort"', [(9, "must be an array")]),
    ("table for rows", "[[fees]]", "[fees]", [(42, "“fees” must be an array")]),
    ("texts for rows", "[[fees]]", "[[fee]]", [(42, "“fees” perhaps")]),
    ("number for a text", 'title = "Ansehen"', "title = 7", [(14, "must be a text in quotes")]),
    ("text for a flag", "required = true", 'required = "ja"', [(28, "must be true or false")]),
    ("date in quotes", "2024-01-01", '"2024-01-01"', [(4, "must be a date without quotes")]),
    ("date with time", "2024-01-01", "2024-01-01T00:00:00", [(4, "must be a date")]),
    ("empty text", 'title = "Ansehen"', 'title = "  "', [(14, "“title” is empty")]),
    ("unknown state", '"published"', '"publisched"', [(3, "draft, published, withdrawn")]),
    ("unknown kind", '"place"', '"ort"', [(27, "must be one of text")]),
    ("umlaut in id", 'id = "lampe"', 'id = "straßenlampe"', [(1, "“straßenlampe” is no id")]),
    ("upper case in id", 'id = "lampe"', 'id = "Lampe"', [(1, "is no id")]),
    ("id of a digit", 'id = "sehen"', 'id = "1"', [(13, "is no id")]),
    ("letter name", '["antwort"]', '["antwort", "Brief 2"]', [(9, "“Brief 2” is no id")]),
    ("unknown office", '"tiefbau"', '"tifbau"', [(6, "no office “tifbau”; “tiefbau” perhaps")]),
    ("far office", '"tiefbau"', '"zzz"', [(6, "no office “zzz”")]),
    ("bad period", '"3M"', '"3 Monate"', [(20, "“3 Monate” is no period")]),
    ("zero period", '"3M"', '"0T"', [(20, "“0T” is no period")]),
    ("bad retention", '"3J"', '"ewig"', [(39, "“ewig” is no period")]),
    ("duplicate field", 'id = "art"', 'id = "ort"', [(31, "“id” “ort” is there twice")]),
    ("duplicate check", '["Ort", "Nummer"]', '["Ort",\n  "Ort"]', [(17, "“Ort” is there twice")]),
    ("duplicate word", 'words = ["Lampe",', 'words = ["Lampe", "LAMPE",', [(10, "there already, as “Lampe”")]),
    ("words empty", 'words = ["Lampe", { word = "Laterne", weight = 2 }]', "words = []", [(10, "“words” is empty")]),
    ("word without letters", '["Lampe",', '["Lampe",\n  "!?",', [(11, "“!?” has no letters")]),
    ("word of a number", '["Lampe",', "[5,", [(10, "a word is a text")]),
    ("weight too big", "weight = 2", "weight = 99", [(10, "from 0.1 to 5.0, not 99")]),
    ("weight not a number", "weight = 2", "weight = nan", [(10, "not nan")]),
    ("weight of text", "weight = 2", 'weight = "2"', [(10, "“weight” must be a number")]),
    ("slots below zero", "slots = 2", "slots = -1", [(7, "from 0 to 96, not -1")]),
    ("no quantity", "quantity = 1", "quantity = 0", [(8, "from 1 to 100")]),
    ("negative fee", "cents = 0", "cents = -5", [(45, "from 0 to 10000000")]),
    ("valid_to first", "2024-01-01", "2024-01-01\nvalid_to = 2023-12-31", [(5, "before “valid_from”")]),
    ("no choices", 'choices = ["aus", "flackert"]', "", [(30, "“choices” is missing")]),
    ("choices of a text", 'kind = "place"', 'kind = "text"\nchoices = ["a"]', [(28, "only for kind “choice”")]),
    ("hostile key", "slots = 2", 'slots = 2\n"\\u001b[31m" = 1', [(8, "unknown key")]),
]  # fmt: skip


def refused(folder: Path, text: str | bytes) -> list[tuple[int, str]]:
    """Line and reason of each problem that one file has."""
    path = folder / "lampe.toml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(LibraryError) as caught:
        read_services([path], KNOWN)
    assert all(problem.path == path for problem in caught.value.problems)
    return [(problem.line, problem.reason) for problem in caught.value.problems]


def test_the_good_file_is_good(tmp_path: Path) -> None:
    path = tmp_path / "lampe.toml"
    path.write_text(GOOD, "utf-8")
    (service,) = read_services([path], KNOWN)
    assert service.words == (Word("Lampe"), Word("Laterne", 2.0))
    assert service.steps[0].checklist == ("Ort", "Nummer")
    assert str(service.results[0].retention) == "3Y"
    assert [field.required for field in service.form] == [True, False]


@pytest.mark.parametrize(
    ("old", "new", "expected"), [row[1:] for row in BAD], ids=[row[0] for row in BAD]
)
def test_bad_file(tmp_path: Path, old: str, new: str, expected: list[tuple[int, str]]) -> None:
    assert old in GOOD
    problems = refused(tmp_path, GOOD.replace(old, new, 1))
    assert [line for line, _reason in problems] == [line for line, _part in expected]
    for (_line, reason), (_same, part) in zip(problems, expected, strict=True):
        assert part in reason


def test_all_problems_at_once(tmp_path: Path) -> None:
    text = GOOD.replace("slots = 2", "slots = -2").replace('"3M"', '"bald"')
    text = text.replace('"tiefbau"', '"mond"').replace('retention = "3J"\n', "")
    assert [line for line, _reason in refused(tmp_path, text)] == [6, 7, 20, 36]


def test_wrong_bytes(tmp_path: Path) -> None:
    assert refused(tmp_path, GOOD.encode("latin-1")) == [(22, "is not UTF-8 here")]
    assert refused(tmp_path, b"a = 1\n\x00")[0][0] == 2
    assert refused(tmp_path, b"#" * 1_000_001)[0][1].startswith("is larger than")
    assert refused(tmp_path, "a = " + "[" * 50_000)[0][0] == 1
    assert refused(tmp_path, "a = " + "1" * 50_000)[0][0] == 1
    assert {line for line, _reason in refused(tmp_path, "")} == {1}


def test_a_file_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="cannot be read"):
        read_services([tmp_path / "gone.toml"], KNOWN)
    with pytest.raises(LibraryError, match="cannot be read"):
        read_services([tmp_path], KNOWN)
    with pytest.raises(LibraryError, match=r"no \.toml file"):
        load_services(tmp_path)


def two(folder: Path, second: str) -> list[tuple[str, int, str]]:
    """The problems of the good file and a second one beside it."""
    (folder / "a.toml").write_text(GOOD, "utf-8")
    (folder / "b.toml").write_text(second, "utf-8")
    with pytest.raises(LibraryError) as caught:
        load_services(folder, KNOWN)
    return [(p.path.name, p.line, p.reason) for p in caught.value.problems]


def test_a_version_twice(tmp_path: Path) -> None:
    assert two(tmp_path, GOOD) == [("b.toml", 2, "version 1 of “lampe” is already in a.toml")]


def test_a_version_twice_beside_another_problem(tmp_path: Path) -> None:
    problems = two(tmp_path, GOOD.replace("slots = 2", "slots = -2"))
    assert [(name, line) for name, line, _reason in problems] == [("b.toml", 2), ("b.toml", 7)]


def test_a_wrong_version_is_not_also_twice(tmp_path: Path) -> None:
    problems = two(tmp_path, GOOD.replace("version = 1", "version = 0"))
    assert [(name, line) for name, line, _reason in problems] == [("b.toml", 2)]


def test_two_versions_at_once(tmp_path: Path) -> None:
    second = GOOD.replace("version = 1", "version = 2").replace("2024-01-01", "2025-01-01")
    ((name, line, reason),) = two(tmp_path, second)
    assert (name, line) == ("b.toml", 4)
    assert "is valid twice from 2025-01-01" in reason


def test_versions_that_follow_each_other(tmp_path: Path) -> None:
    from datetime import date

    first = GOOD.replace("2024-01-01", "2024-01-01\nvalid_to = 2024-12-31")
    second = GOOD.replace("version = 1", "version = 2").replace("2024-01-01", "2025-01-01")
    draft = GOOD.replace("version = 1", "version = 3").replace('"published"', '"draft"')
    for name, text in (("c", first), ("b", second), ("a", draft)):
        (tmp_path / f"{name}.toml").write_text(text, "utf-8")
    services = load_services(tmp_path, KNOWN)
    assert [service.version for service in services] == [1, 2, 3]
    days = (date(2023, 12, 31), date(2024, 1, 1), date(2024, 12, 31), date(2025, 1, 1))
    versions = [[service.version for service in in_force(services, day)] for day in days]
    assert versions == [[], [1], [1], [2]]


def test_offices_beside_the_services_count(tmp_path: Path) -> None:
    (tmp_path / "lampe.toml").write_text(GOOD.replace("tiefbau", "lichtamt"), "utf-8")
    with pytest.raises(LibraryError, match="no office"):
        load_services(tmp_path)
    offices = (
        '[[offices]]\nid = "lichtamt"\nname = "Lichtamt"\nprefix = "66.1"\nwords = ["Licht"]\n'
    )
    (tmp_path / OFFICES.name).write_text(offices, "utf-8")
    assert [service.office for service in load_services(tmp_path)] == ["lichtamt"]
    assert load_offices(tmp_path / OFFICES.name) == (
        OfficeDefinition("lichtamt", "Lichtamt", "66.1", False, (Word("Licht"),)),
    )


OFFICE = '[[offices]]\nid = "{0}"\nname = "A"\nprefix = "{1}"\nwords = ["A"]\n{2}\n'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (OFFICE.format("a", "10", "") + OFFICE.format("a", "11", ""), [(8, "“a” is there twice")]),
        (
            OFFICE.format("a", "10", "") + OFFICE.format("b", "10", ""),
            [(10, "“10” is there twice")],
        ),
        (OFFICE.format("a", "Zehn", ""), [(4, "no office number")]),
        (OFFICE.format("ä", "10", ""), [(2, "is no id")]),
        (OFFICE.format("a", "10", "intake = 1"), [(6, "true or false")]),
        (OFFICE.format("a", "10", "intak = true"), [(6, "“intake” perhaps")]),
        (
            OFFICE.format("a", "10", "intake = true") + OFFICE.format("b", "11", "intake = true"),
            [(12, "there twice")],
        ),
        ("", [(1, "“offices” is missing")]),
        ("offices = []", [(1, "“offices” is empty")]),
        ("offices = [1]", [(1, "must be a table")]),
        ("x = ", [(1, "not valid TOML")]),
    ],
)
def test_bad_offices(tmp_path: Path, text: str, expected: list[tuple[int, str]]) -> None:
    path = tmp_path / "offices.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(LibraryError) as caught:
        load_offices(path)
    found = [(problem.line, problem.reason) for problem in caught.value.problems]
    assert [line for line, _reason in found] == [line for line, _part in expected]
    assert all(part in reason for (_, reason), (_, part) in zip(found, expected, strict=True))


def test_the_error_speaks_for_itself(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text(GOOD.replace("slots = 2", "slots = -2"), "utf-8")
    with pytest.raises(LibraryError) as caught:
        read_services([path], KNOWN)
    error = caught.value
    assert (error.path, error.line) == (path, 7)
    assert str(error) == f"{path}:7: {error.reason}"
