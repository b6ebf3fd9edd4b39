"""The small nouns: search, undo and redo, offices, clerks, settings, intake, demo."""

from functools import partial
from pathlib import Path

from clerk.session import Session
from clerk.settings import FILE_NAME
from storage.terms import Role
from tests import support
from tests.commands import Commands

AddItem = partial[str]


def test_search_finds_parts_of_words_and_names_what_to_type(
    session: Session, add_item: AddItem, clerk: Commands
) -> None:
    item = add_item("Straßenlaterne defekt")
    case = support.add_case(session, "Laterne am Markt")
    clerk.done("inbox", "note", item, "Laternen gezählt")
    hits = clerk("search", "LATERNE", "--json").rows("hits")
    assert {(hit["kind"], hit["id"]) for hit in hits} == {
        ("items", item),
        ("cases", case.id),
        ("notes", item),
    }
    lines = clerk("search", "laterne").out.splitlines()
    assert lines[-1] == "3 found"
    assert any(case.number in line for line in lines)
    assert clerk("search", "laterne", "--limit", "1").out.endswith("the newest 1; there are more\n")
    assert clerk("search", "gibtesnicht").out.splitlines()[-1] == "0 found"


def test_undo_and_redo_name_what_they_did(
    session: Session, add_item: AddItem, clerk: Commands
) -> None:
    item = add_item()
    clerk.done("inbox", "done", item)
    assert clerk("undo").out == "Taken back: Done\n"
    document = clerk.done("redo")
    assert document["redone"] == "item.done"
    assert document["records"] == [{"table": "items", "id": item}]
    clerk.refused("redo", code="redo.nothing")


def test_one_clerk_cannot_undo_what_another_did(
    session: Session, add_item: AddItem, clerk: Commands
) -> None:
    support.add_clerk(session, "zwei", {"buergerbuero": Role.CLERK})
    clerk.done("inbox", "done", add_item())
    clerk.refused("undo", "--as", "zwei", code="undo.nothing")


def test_offices_say_what_lies_there(session: Session, add_item: AddItem, clerk: Commands) -> None:
    add_item(office_id="tiefbau")
    rows = {row["id"]: row for row in clerk("offices", "list", "--json").rows("offices")}
    assert (rows["tiefbau"]["open_items"], rows["tiefbau"]["role"]) == (1, "supervisor")
    assert "Bürgerbüro" in clerk("offices", "list").out


def test_another_clerk_sits_down(session: Session, clerk: Commands) -> None:
    support.add_clerk(session, "zwei", {"buergerbuero": Role.CLERK}, "Zoe Zwei")
    said = clerk("clerks", "list").out
    assert "supervisor everywhere" in said
    assert "Bürgerbüro: clerk" in said
    assert clerk("clerks", "sit", "zwei").out == "This workstation is now Zoe Zwei's.\n"
    here = [row["login"] for row in clerk("clerks", "list", "--json").rows("clerks") if row["here"]]
    assert here == ["zwei"]
    clerk.refused("clerks", "sit", "drei", code="clerk.unknown")


def test_settings_are_shown_set_and_checked_without_a_store(home: Path, clerk: Commands) -> None:
    assert clerk.done("settings", "show")["theme"] == "dunkel"
    assert clerk("settings", "path").out == f"{home / FILE_NAME}\n"
    clerk.done("settings", "set", "theme", "hell")
    clerk.done("settings", "set", "idle_lock_minutes", "5")
    clerk.done("settings", "set", "sync.ask_reason", "true")
    assert clerk.done("settings", "set", "sync.plain", "false")["sync"] == {
        "plain": False, "closed_days": 60, "ask_reason": True,
    }  # fmt: skip
    assert "must be true or false" in clerk("settings", "set", "sync.plain", "1").err
    clerk.done("settings", "set", "keys.item.take", "t")
    document = clerk.done("settings", "show")
    assert (document["theme"], document["idle_lock_minutes"]) == ("hell", 5)
    assert document["keys"] == {"item.take": "t"}
    assert clerk("settings", "check").code == 0
    assert "theme  " in clerk("settings", "show").out
    assert clerk("settings", "set", "nonsense", "x").code == 2
    for name, value in (("theme", "rosa"), ("idle_lock_minutes", "zehn"), ("keys.a.b", "t")):
        answer = clerk("settings", "set", name, value)
        assert (answer.code, answer.err[-13:]) == (1, "[file.wrong]\n")
    assert clerk.done("settings", "show") == document


def test_every_problem_of_the_settings_is_named_with_its_line(home: Path, clerk: Commands) -> None:
    home.mkdir()
    (home / FILE_NAME).write_text('theme = "rosa"\n\n[keys]\n"item.tke" = "t"\n')
    answer = clerk("settings", "check")
    assert answer.code == 1
    first, second = answer.err.splitlines()
    assert f"{FILE_NAME}:1: " in first
    assert f"{FILE_NAME}:4: " in second
    assert "item.take" in second


def test_intake_counts_every_mail_once(session: Session, tmp_path: Path, clerk: Commands) -> None:
    folder = tmp_path / "mails"
    folder.mkdir()
    for n in range(3):
        (folder / f"{n}.eml").write_text(f"From: a@example.org\nSubject: Mail {n}\n\nText {n}\n")
    line = ("intake", "mail", str(folder), "--once")
    assert clerk.done(*line) == {"seen": 3, "stored": 3, "duplicates": 0, "quarantined": 0}
    assert clerk.done(*line) == {"seen": 3, "stored": 0, "duplicates": 3, "quarantined": 0}
    assert clerk(*line).out == "3 seen: 0 stored, 3 there already, 0 in quarantine\n"
    assert clerk("verify").code == 0
    assert len(clerk("inbox", "list", "--split", "unassigned", "--json").rows("items")) == 3


def test_intake_makes_the_store(tmp_path: Path, home: Path, clerk: Commands) -> None:
    mail = tmp_path / "1.eml"
    mail.write_text("From: a@example.org\nSubject: Erste\n\nText\n")
    phrase = tmp_path / "phrase"
    phrase.write_text("lang genug")
    options = ("--passphrase-file", str(phrase))
    assert clerk("intake", "mail", str(mail), "--once", *options).code == 0
    assert "Erste" in clerk("inbox", "list", "--split", "all", *options).out


def test_intake_says_what_is_no_source(session: Session, clerk: Commands, tmp_path: Path) -> None:
    clerk.refused("intake", "mail", str(tmp_path / "nix"), "--once", code="intake.not_found")
    clerk.refused("intake", "mail", "imap://a@b/c", "--once", code="intake.imap.not_encrypted")
    clerk.refused("intake", "mail", "imaps://nobody", "--once", code="intake.imap.address")
    assert clerk("intake", "mail", "x", "--once", "--keep-password").code == 2


def test_the_demo_is_built_once_and_never_over_a_real_store(
    tmp_path: Path, session: Session, clerk: Commands
) -> None:
    assert clerk("demo", "--no-open").code == 1
    clerk.done("verify")  # the real one is as it was
    clerk.home = tmp_path / "demo"
    phrase = tmp_path / "phrase"
    phrase.write_text(support.PASSPHRASE)
    line = ("demo", "--size", "20", "--no-open", "--json", "--passphrase-file", str(phrase))
    assert clerk(*line).document == {"home": str(clerk.home), "built": True}
    assert clerk(*line).document == {"home": str(clerk.home), "built": False}
    answer = clerk("inbox", "list", "--split", "all", "--json", "--passphrase-file", str(phrase))
    assert answer.code == 0
    assert answer.rows("items")
