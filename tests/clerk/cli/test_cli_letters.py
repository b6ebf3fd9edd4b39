"""``clerk letters``: every verb, by exit code and JSON."""

import json
import stat
import sys
from pathlib import Path
from typing import Any

import pytest

from clerk.desks.office_settings import set_settings
from clerk.letters.details import to_json
from clerk.session import Session
from tests import support
from tests.clerk.letters.examples import EXAMPLES, SETTINGS
from tests.commands import Answer, Commands

OFFICE = "buergerbuero"


def said(answer: Answer) -> dict[str, Any]:
    """The JSON document that a command printed."""
    document: dict[str, Any] = json.loads(answer.out)
    return document


@pytest.fixture
def number(session: Session) -> str:
    """The number of a case in an office that is set up."""
    set_settings(session.store, session.actor, OFFICE, Path("amt.toml"), SETTINGS.encode())
    return support.add_case(session, "Laterne", office_id=OFFICE).number


@pytest.fixture
def notice(tmp_path: Path) -> str:
    """A file of details for a notice."""
    file = tmp_path / "notice.json"
    file.write_text(to_json(EXAMPLES["notice"]), "utf-8")
    return str(file)


def test_what_has_to_be_served_goes_no_other_way(clerk: Commands, number: str, notice: str) -> None:
    one = drafted(clerk, number, "--subject", "Laterne", "--text", "Sie brennt.", "--way", "mail")
    assert said(clerk("letters", "show", one, "--json"))["way"] == "mail"
    refused = clerk(
        "letters", "draft", "--case", number, "--template", "notice", "--details", notice,
        "--way", "mail",
    )  # fmt: skip
    assert (refused.code, "letter.formal" in refused.err) == (1, True)
    sent = clerk("letters", "sign", one)
    assert sent.code == 0
    nowhere = clerk("letters", "print", one)
    assert (nowhere.code, "mail.not_set_up" in nowhere.err) == (1, True)
    assert said(clerk("letters", "show", one, "--json"))["state"] == "final"


def drafted(clerk: Commands, number: str, *more: str) -> str:
    words = more or ("--subject", "Laterne", "--text", "Sie brennt wieder.")
    done = clerk("letters", "draft", "--case", number, *words, "--json")
    assert done.code == 0, done.err
    return str(said(done)["letter_id"])


def test_a_letter_from_the_draft_to_the_folder(
    clerk: Commands, number: str, tmp_path: Path
) -> None:
    one = drafted(clerk, number)
    listed = said(clerk("letters", "list", "--json"))
    assert (listed["total"], listed["letters"][0]["id"]) == (1, one)
    shown = said(clerk("letters", "show", one, "--json"))
    assert shown["state"] == "draft"
    assert "Sie brennt wieder." in shown["text"]
    assert shown["text"][0] == "ENTWURF"
    assert said(clerk("letters", "sign", one, "--json"))["done"] == [one]
    folder = tmp_path / "post"
    folder.mkdir()
    printed = clerk("letters", "print", "--all", "--to", str(folder), "--json")
    assert (printed.code, said(printed)["done"]) == (0, [one])
    (file,) = folder.iterdir()
    assert file.read_bytes().startswith(b"%PDF-1.7")
    assert said(clerk("letters", "list", "--split", "sent", "--json"))["total"] == 1
    again = clerk("letters", "withdraw", one)
    assert (again.code, "letter.left" in again.err) == (1, True)
    undone = clerk("undo")
    assert (undone.code, "undo.sent" in undone.err) == (1, True)
    assert clerk("verify").code == 0


def test_what_people_read(clerk: Commands, number: str) -> None:
    one = drafted(clerk, number)
    assert number in clerk("letters", "list").out
    shown = clerk("letters", "show", one).out
    assert "Written by" in shown
    assert "Sie brennt wieder." in shown
    assert "1 of 1" in clerk("letters", "list").out


@pytest.mark.parametrize("name", ["plain", "notice", "warning", "closing"])
def test_a_template_is_rendered_from_details(
    clerk: Commands, number: str, tmp_path: Path, name: str
) -> None:
    file, target = tmp_path / "d.json", tmp_path / "d.pdf"
    file.write_text(to_json(EXAMPLES[name]), "utf-8")
    done = clerk(
        "letters", "render", name, "--case", number, "--details", str(file), "--to", str(target),
        "--json",
    )  # fmt: skip
    assert done.code == 0, done.err
    assert said(done)["missing"] == []
    assert said(done)["details"] == json.loads(to_json(EXAMPLES[name]))
    assert target.read_bytes().startswith(b"%PDF")
    assert said(done)["bytes"] == target.stat().st_size
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


def test_render_names_what_is_missing_and_keeps_nothing(
    clerk: Commands, number: str, notice: str, tmp_path: Path
) -> None:
    values = json.loads(Path(notice).read_text("utf-8"))
    values["act"]["place"] = ""
    Path(notice).write_text(json.dumps(values), "utf-8")
    line = ("letters", "render", "notice", "--case", number, "--details", notice)
    done = clerk(*line, "--json")
    assert done.code == 0
    assert [one["paragraph"] for one in said(done)["missing"]] == ["§ 66 Abs. 1 Nr. 3 OWiG"]
    assert "place of the act" in done.err
    assert said(clerk("letters", "list", "--json"))["total"] == 0
    assert clerk(*line).code == 2
    target = tmp_path / "a.pdf"
    target.write_bytes(b"meins")
    refused = clerk(*line, "--to", str(target))
    assert (refused.code, "file.exists" in refused.err) == (1, True)
    assert target.read_bytes() == b"meins"


def test_render_of_a_case_takes_its_newest_letter(clerk: Commands, number: str) -> None:
    drafted(clerk, number)
    done = clerk("letters", "render", "plain", "--case", number, "--json")
    assert said(done)["details"]["text"] == "Sie brennt wieder."
    refused = clerk("letters", "render", "notice", "--case", number, "--json")
    assert (refused.code, "letter.no_details" in refused.err) == (1, True)
    unknown = clerk("letters", "render", "brief", "--case", number, "--json")
    assert (unknown.code, "letter.no_template" in unknown.err) == (1, True)


def test_an_incomplete_notice_is_not_signed(clerk: Commands, number: str, notice: str) -> None:
    one = drafted(clerk, number, "--template", "notice", "--details", notice)
    values = json.loads(Path(notice).read_text("utf-8"))
    values["fine"] = 1
    Path(notice).write_text(json.dumps(values), "utf-8")
    assert clerk("letters", "change", one, "--details", notice).code == 0
    refused = clerk("letters", "sign", one)
    assert refused.code == 1
    assert "the fine, of 5 € at least (§ 66 Abs. 1 Nr. 5 OWiG)" in refused.err
    assert "[letter.incomplete]" in refused.err


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "truncated"),
        ('{"numer": "1"}', "to"),
        ("[]", "object"),
        ('{"to":{"nme":"x"}}', "name"),
    ],
)
def test_wrong_details_are_named(
    clerk: Commands, number: str, tmp_path: Path, text: str, told: str
) -> None:
    file = tmp_path / "x.json"
    file.write_text(text, "utf-8")
    refused = clerk("letters", "draft", "--case", number, "--details", str(file))
    assert (refused.code, "letter.wrong_details" in refused.err) == (1, True)
    assert told in refused.err


def test_four_eyes_at_the_command_line(
    session: Session, clerk: Commands, number: str, notice: str
) -> None:
    for login in ("olga", "oskar"):
        support.add_clerk(session, login, {OFFICE: "officer"})  # type: ignore[dict-item]
    values = json.loads(Path(notice).read_text("utf-8")) | {"fine": 200_000}
    Path(notice).write_text(json.dumps(values), "utf-8")
    one = drafted(clerk, number, "--template", "notice", "--details", notice)
    own = clerk("letters", "sign", one)
    assert (own.code, "letter.four_eyes" in own.err, "Olga, Oskar" in own.err) == (1, True, True)
    assert clerk("letters", "sign", "--all").code == 1  # nothing that I may sign
    assert clerk("letters", "sign", "--all", "--as", "olga").code == 0
    assert said(clerk("letters", "list", "--split", "sign", "--json"))["total"] == 1
    assert clerk("letters", "give-back", one, "--as", "oskar").code == 0
    assert clerk("letters", "sign", one, "--as", "oskar").code == 0
    assert clerk("letters", "sign", one, "--as", "oskar").code == 1
    assert clerk("letters", "sign", one, "--as", "olga").code == 0
    shown = clerk("letters", "show", one).out
    assert "Signed by   Oskar" in shown
    assert "Signed by   Olga" in shown


def test_the_signed_pdf_is_had_again(clerk: Commands, number: str, tmp_path: Path) -> None:
    one = drafted(clerk, number)
    clerk("letters", "sign", one)
    files = [tmp_path / "1.pdf", tmp_path / "2.pdf"]
    for file in files:
        assert clerk("letters", "pdf", one, "--to", str(file)).code == 0
    assert files[0].read_bytes() == files[1].read_bytes()


def test_a_printer_that_fails_keeps_them_all(
    session: Session, clerk: Commands, number: str
) -> None:
    first, second = drafted(clerk, number), drafted(clerk, number)
    clerk("letters", "sign", first, second)
    without = clerk("letters", "print", "--all")
    assert (without.code, "letter.no_printer" in without.err) == (1, True)
    printer = f"{sys.executable} -c 'import sys; sys.exit(\"Papierstau\")'"
    assert clerk("settings", "set", "letters.printer", printer).code == 0
    failed = clerk("letters", "print", first, second, "--json")
    assert failed.code == 1
    assert said(failed)["done"] == []
    assert failed.err.count("Papierstau") == 2
    rows = said(clerk("letters", "list", "--split", "print", "--json"))["letters"]
    assert {row["problem"] for row in rows} == {"Not printed: Papierstau."}
    assert {row["state"] for row in rows} == {"queued"}
    assert clerk("letters", "recall", first, second).code == 0
    assert clerk("letters", "withdraw", first, second).code == 0


def test_pages_of_a_list(clerk: Commands, number: str) -> None:
    ids = [drafted(clerk, number) for _ in range(3)]
    first = said(clerk("letters", "list", "--limit", "2", "--json"))
    assert ([row["id"] for row in first["letters"]], first["more"]) == (ids[:2], True)
    rest = said(clerk("letters", "list", "--after", first["after"], "--json"))
    assert [row["id"] for row in rest["letters"]] == ids[2:]


@pytest.mark.parametrize("line", [("sign",), ("print",), ("sign", "abcdef", "--all")])
def test_letters_are_named_or_all_of_them(
    clerk: Commands, number: str, line: tuple[str, ...]
) -> None:
    assert clerk("letters", *line).code == 2
