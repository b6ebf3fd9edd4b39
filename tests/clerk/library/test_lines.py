"""Every value of a TOML source has its line."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from clerk.library import load
from clerk.library.lines import Path as Where
from clerk.library.lines import line_table

SOURCE = '''\
# a comment with [brackets] = and "quotes"
id = "a"   # 2
title = { de = "Ä # [x]", en = 'b = "c"' }
dotted.key . "with space" = 1

many = [   # 6
  "one",
  # not "two"
  { word = "two", weight = 2 }, [3,
    4],
  """five
  = [six]
  ""quoted\\" """, 'seven',
]
long = \'\'\'
[not.a.table]
key = "no"\'\'\'
after = 1979-05-27 07:32:00  # 18
empty = []
nothing = {}
float = 1e3

[table.sub]   # 23
"a.b" = 1
'c\\d' = 2
"\\u00e4" = 3

[table]       # 28
x = true

[[rows]]      # 31
id = 1
[rows.inner]  # 33
y = 1
[[rows.deep]]
z = 1
[[rows]]      # 37
id = 2
  [[rows.deep]]
  z = 2
  [[ rows . deep ]]
  z = 3'''

EXPECTED: dict[Where, int] = {
    ("id",): 2,
    ("title",): 3,
    ("title", "en"): 3,
    ("dotted",): 4,
    ("dotted", "key", "with space"): 4,
    ("many",): 6,
    ("many", 0): 7,
    ("many", 1): 9,
    ("many", 1, "weight"): 9,
    ("many", 2, 1): 10,
    ("many", 3): 11,
    ("many", 4): 13,
    ("long",): 15,
    ("after",): 18,
    ("empty",): 19,
    ("nothing",): 20,
    ("float",): 21,
    ("table", "sub"): 23,
    ("table", "sub", "a.b"): 24,
    ("table", "sub", "c\\d"): 25,
    ("table", "sub", "ä"): 26,
    ("table",): 28,
    ("table", "x"): 29,
    ("rows",): 31,
    ("rows", 0): 31,
    ("rows", 0, "id"): 32,
    ("rows", 0, "inner"): 33,
    ("rows", 0, "deep", 0, "z"): 36,
    ("rows", 1): 37,
    ("rows", 1, "id"): 38,
    ("rows", 1, "deep", 0, "z"): 40,
    ("rows", 1, "deep", 1): 41,
    ("rows", 1, "deep", 1, "z"): 42,
}


def places(value: object, path: Where = ()) -> Iterator[Where]:
    """The place of each value that tomllib finds."""
    yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from places(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from places(inner, (*path, index))


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_each_value_has_its_line(end: str) -> None:
    found = line_table(SOURCE.replace("\n", end))
    assert {where: found.get(where) for where in EXPECTED} == EXPECTED


def test_exactly_what_tomllib_finds() -> None:
    assert set(line_table(SOURCE)) == set(places(tomllib.loads(SOURCE)))


@pytest.mark.parametrize(
    "path", [load.OFFICES, *sorted(load.SERVICES.glob("*.toml"))], ids=lambda path: path.name
)
def test_shipped_files_are_walked_whole(path: Path) -> None:
    source = path.read_text("utf-8")
    found = line_table(source)
    assert set(found) == set(places(tomllib.loads(source)))
    lines = source.splitlines()
    for where, line in found.items():
        if where and isinstance(where[-1], str):
            assert where[-1] in lines[line - 1]


@pytest.mark.parametrize("source", ["", "\n\n", "# only a comment", "a=1", "a=[]", "a={}#x"])
def test_short_sources(source: str) -> None:
    assert set(line_table(source)) == set(places(tomllib.loads(source)))
