"""``clerk fine catalogue``: in, out, and found again."""

from pathlib import Path

import pytest

from clerk.catalogue.read import shipped
from clerk.catalogue.write import as_csv
from clerk.session import Session
from tests.commands import Commands

OFFICE = ("--office", "ordnungsamt")


@pytest.fixture
def filled(session: Session, clerk: Commands) -> Commands:
    clerk.done("fine", "catalogue", "import", *OFFICE)
    return clerk


def test_the_shipped_catalogue_comes_in_and_out(filled: Commands, tmp_path: Path) -> None:
    again = filled.done("fine", "catalogue", "import", *OFFICE)
    assert (again["seen"], again["added"], again["unchanged"]) == (60, 0, 60)
    for name, options, encoding in (("a.csv", (), "utf-8"), ("b.csv", ("--excel",), "cp1252")):
        path = tmp_path / name
        assert filled("fine", "catalogue", "export", str(path), *options, *OFFICE).code == 0
        assert path.read_bytes().decode(encoding).count("\n") == 61
        done = filled.done("fine", "catalogue", "import", str(path), *OFFICE)
        assert (done["seen"], done["changed"]) == (60, 0)
    assert filled("fine", "catalogue", "export", *OFFICE).out.startswith("Tatbestandsnummer;")


def test_wrong_lines_are_named_and_nothing_is_kept(
    session: Session, clerk: Commands, tmp_path: Path
) -> None:
    path = tmp_path / "k.csv"
    path.write_bytes(as_csv(shipped()) + b"WIN99;kommunal\r\nWIN98;Mond\r\n")
    answer = clerk("fine", "catalogue", "import", str(path), *OFFICE)
    assert answer.code == 1
    lines = answer.err.splitlines()
    assert f"{path}:62: " in lines[0]
    assert any(f"{path}:63: " in line and "Mond" in line for line in lines)
    assert all(line.endswith("[file.wrong]") for line in lines)
    assert clerk.rows_of("fine", "catalogue", "list", *OFFICE) == []


def test_offences_are_found(filled: Commands) -> None:
    def codes(*words: str) -> list[object]:
        found = filled.rows_of("fine", "catalogue", "list", *words, *OFFICE)
        return [one["code"] for one in found]

    assert codes("hund", "leine")[0] == "HUN01"
    assert codes("1413")[0] == "141312"
    assert len(codes()) == 60
    assert codes("--on", "2021-11-08") == []
    assert "WIN01" not in codes("--on", "1.12.2023")
    assert "141312" in codes("--on", "1.12.2023")
    out = filled("fine", "catalogue", "list", "schnee", *OFFICE, lang="de").out
    assert "50,00 €" in out


def test_the_office_must_be_one_and_the_file_be_there(session: Session, clerk: Commands) -> None:
    clerk.refused("fine", "catalogue", "list", "--office", "nirgends", code="office.unknown")
    clerk.refused("fine", "catalogue", "import", "/nicht/da.csv", *OFFICE, code="os.enoent")
