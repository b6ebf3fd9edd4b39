"""Every verb on a terminal, with and without --json, over the hostile record and with it as words.

What is asserted are bytes: see tests/terminal_bytes.py.
"""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.main import get_command

from clerk import clock
from clerk.cli.nouns import NOUNS, app_of
from clerk.desks.people import actor_of
from clerk.session import Session
from storage.store import open_store
from tests import support
from tests.clerk.intake.devices import making
from tests.pty_lines import run_lines
from tests.statements import Line
from tests.statements import camt as statement
from tests.terminal_bytes import (
    HOSTILE,
    LONG_HOSTILE,
    Planted,
    loose,
    plant,
    shapes,
    smuggled,
)

# What a table and a progress bar do to a terminal; nothing else does anything.
OURS = {"\x1b[nm", "\x1b[nK"}
TEXT = HOSTILE * 3
XML_WORDS = "".join(one for one in HOSTILE if one >= " " or one in "\t\n") * 2
WORDS = HOSTILE.replace("\x00", "")  # no argument of a program can hold a NUL


# What XML can hold of them.
XML_WORDS = "".join(c for c in WORDS if c.isprintable() or c == "\u202e")


def _lines(planted: Planted, folder: Path) -> list[tuple[str, ...]]:
    """A line for every verb, in an order in which each can be done, and what they refuse."""
    item, case = planted.item, planted.case
    return [
        ("inbox list",), ("inbox list", "--split", "office", "--limit", "5"),
        ("inbox show", item), ("inbox show", planted.filed), ("inbox suggest", item),
        ("inbox take", item), ("inbox release", item), ("inbox priority", item, "--up"),
        ("inbox note", item, WORDS), ("inbox follow-up", item, "--on", "2w", "--text", WORDS),
        ("inbox file", item, "--new", "--subject", WORDS), ("undo",), ("redo",), ("undo",),
        ("inbox aside", item, "--reason", WORDS), ("inbox reopen", item),
        ("inbox spam", item, "--reason", WORDS), ("inbox reopen", item),
        ("inbox duplicate", item, "--reason", WORDS), ("inbox reopen", item),
        ("inbox done", item, "--reason", WORDS), ("inbox reopen", item),
        ("inbox hand-over", item, "--to", "tiefbau"),
        ("case list",), ("case show", case), ("case new", "--subject", WORDS),
        ("case take", case), ("case note", case, WORDS),
        ("case follow-up", case, "--on", "mo", "--text", WORDS), ("case follow-ups",),
        ("case wait", case, WORDS), ("case go-on", case),
        ("case follow-up-done", planted.follow_up), ("case close", case, "--result", WORDS),
        ("case reopen", case), ("case history", case), ("case hand-over", case, "--to", "tiefbau"),
        ("letters list",), ("letters list", "--split", "sent"), ("letters show", planted.letter),
        ("letters draft", "--case", case, "--subject", WORDS, "--text", WORDS),
        ("letters draft", "--case", case, "--template", WORDS),
        ("letters draft", "--case", case, "--details", str(folder / "service.toml")),
        ("letters render", "plain", "--case", case, "--to", str(folder / "a.pdf")),
        ("letters render", WORDS, "--case", case, "--to", "x"),
        ("letters render", "notice", "--case", case, "--to", "x"),
        ("letters change", planted.letter, "--details", str(folder / "service.toml")),
        ("letters pdf", planted.letter, "--to", str(folder / "b.pdf")),
        ("letters sign", planted.letter), ("letters give-back", planted.letter),
        ("letters print", planted.letter, "--to", str(folder)),
        ("letters print", "--all"), ("letters sign", WORDS), ("letters recall", planted.letter),
        ("letters withdraw", planted.letter), ("letters mailbox", "--password-stdin"),
        ("search", "Anfang"), ("search", WORDS), ("history",), ("history", item), ("history", case),
        ("services list",), ("services show", "parkausweis"),
        ("services import", str(folder / "service.toml")),
        ("offices list",), ("offices settings", "tiefbau"),
        ("offices settings", "tiefbau", "--import", str(folder / "service.toml")),
        ("clerks list",), ("clerks sit", "kollege"), ("clerks sit", "leitung"),
        ("payments import", str(folder / "statement.xml"), "--office", "ordnungsamt"),
        ("payments list",), ("payments import", str(folder / "service.toml")),
        *((f"payments {verb}", WORDS) for verb in (
            "accept", "reject", "take-off", "refund", "refunded")),
        ("payments online", case, "--return-to", WORDS), ("payments poll",),
        ("payments assign", WORDS, WORDS), ("payments take", case, "5,00"),
        ("absence set", "--from", "heute", "--to", "1w", "--deputy", "kollege"),
        ("absence list",), ("absence list", "--all"), ("absence digest",), ("absence end", WORDS),
        ("absence set", "--from", WORDS, "--to", WORDS),
        ("intake mail", str(folder / "mails"), "--once"), ("inbox list",), ("verify",), ("doctor",),
        ("settings show",), ("settings path",), ("settings check",),
        ("settings set", "theme", WORDS), ("settings set", WORDS, "1"),
        ("settings set", "theme", "hell"), ("demo", "--size", "1", "--no-open"),
        ("key show",), ("key change", "--new-passphrase-file", str(folder / "new")),
        ("deadline", "excl-roll", "--from", "2026-03-20", "--period", "2W", "--land", "BE"),
        ("deadline", WORDS, "--from", WORDS, "--period", WORDS, "--land", WORDS),
        ("calendar free", "--opening", WORDS, "--from", WORDS, "--to", WORDS),
        ("calendar free", "--opening", WORDS, "--from", "2026-11-23", "--to", "2026-11-23"),
        ("fine costs", "88,50"), ("fine costs", WORDS),
        ("fine catalogue", "import", str(folder / "catalogue.csv"), "--office", "ordnungsamt"),
        ("fine catalogue", "import", WORDS, "--office", WORDS),
        ("fine catalogue", "import", "--office", "ordnungsamt"),
        ("fine catalogue", "list", WORDS, "--office", "ordnungsamt"),
        ("fine catalogue", "list", "Hund", "--office", "ordnungsamt", "--on", WORDS),
        ("fine catalogue", "export", "--office", "ordnungsamt"),
        ("fine import", str(folder / "devices"), "--office", "ordnungsamt"),
        ("fine new", "--words", WORDS, "--amount", "40", "--place", WORDS[:150], "--note", WORDS,
         "--offender", WORDS, "--further", f"witness={WORDS}", "--officer", WORDS[:90]),
        ("fine new", "--offence", WORDS, "--place", WORDS, "--day", WORDS, "--time", WORDS),
        ("fine new", "--dog", f"{WORDS}=1"), ("fine new", "--from", WORDS),
        ("fine new", "--from", str(folder / "said.json")), ("fine new", "--further", f"{WORDS}=x"),
        ("fine list",), ("fine list", "--due"), ("fine list", "--plate", WORDS),
        ("fine list", "--until", WORDS), ("fine show", planted.fine), ("fine show", case),
        ("fine edit", planted.fine, "--from", str(folder / "edit.json")),
        ("fine act", planted.fine, "investigate", "--text", WORDS), ("fine show", planted.fine),
        ("fine act", planted.fine, WORDS), ("fine act", planted.fine, "enforce"),
        ("fine act", planted.fine, "hear", "--person", WORDS),
        ("fine act", planted.fine, "serve", "--on", WORDS, "--way", WORDS),
        ("fine act", "become-final", "--due"), ("fine act", WORDS, "hear"),
        ("fine retention", "list"), ("fine retention", "restrict", planted.fine, "--reason", WORDS),
        *(("fine retention", verb, planted.fine, "--reason", WORDS)
          for verb in ("lift", "keep", "erase")),
        ("fine retention", "erase", WORDS, "--reason", WORDS),
        ("fine import", WORDS), ("fine import", str(folder / "devices"), "--office", WORDS),
        # What needs a server is refused before it would ask for a password
        ("hub init", WORDS, "--admin", WORDS), ("hub migrate", WORDS), ("hub status", WORDS),
        ("hub add-office", WORDS, "bauhof", WORDS), ("hub add-clerk", WORDS, WORDS),
        ("hub grant", WORDS, WORDS, "bauhof", "clerk"), ("hub revoke", WORDS, WORDS, WORDS),
        ("hub backup-check", WORDS), ("join", WORDS, "--clerk", WORDS),
        ("reads",), ("sync status",), ("sync conflicts",),
        ("sync resolve", WORDS, "--field", WORDS),
        # Each way in which a line can be wrong
        ("inbox show", WORDS), ("inbox take", WORDS), ("inbox list", "--split", WORDS),
        ("inbox list", f"--{WORDS}"), ("inbox list", WORDS), ("inbox list", "--limit", WORDS),
        (f"inbox {WORDS}",), (WORDS,), ("case show", WORDS), ("history", WORDS),
        ("inbox hand-over", item, "--to", WORDS), ("inbox follow-up", item, "--on", WORDS),
        ("inbox file", item, "--case", WORDS), ("services show", WORDS),
        ("services import", WORDS), ("clerks sit", WORDS), ("intake mail", WORDS, "--once"),
        ("inbox list", "--as", WORDS), ("inbox list", "--lang", WORDS),
        ("inbox list", "--passphrase-file", WORDS), ("inbox list", "--home", f"/dev/null/{WORDS}"),
    ]  # fmt: skip


def _verbs() -> Iterator[str]:
    """Every verb that there is, as it is typed."""
    for noun in NOUNS:
        command = get_command(app_of(noun))
        verbs = getattr(command, "commands", None)  # of its own copy of click: no isinstance
        yield from (f"{noun} {verb}" for verb in verbs) if verbs else (noun,)


def test_every_verb_has_a_line() -> None:
    tried = {line[0] for line in _lines(Planted(*[""] * len(Planted._fields)), Path())}
    assert set(_verbs()) <= tried


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Hostile files: a service, mails, a new passphrase."""
    name = WORDS.replace("/", "")[:60]
    (tmp_path / "service.toml").write_text(f"id = {json.dumps(WORDS)}\nname = 3\n", "utf-8")
    (tmp_path / "statement.xml").write_bytes(
        statement(Line(text=XML_WORDS, payer=XML_WORDS), Line(amount=XML_WORDS))
    )
    mails = tmp_path / "mails"
    mails.mkdir()
    mail = f"From: {WORDS}\nSubject: {WORDS}\nMessage-ID: <a@b>\n\n{WORDS}"
    (mails / f"{name}.eml").write_bytes(mail.encode())
    (tmp_path / "catalogue.csv").write_text(f"Tatbestandsnummer;{WORDS}\n{WORDS};1\n", "utf-8")
    devices = tmp_path / "devices"
    devices.mkdir()
    (devices / f"{name}.xml").write_text(f"<Fall><{WORDS}/></Fall>", "utf-8")
    record = making.case(1, plate=XML_WORDS[:15], place=XML_WORDS[:90], number=XML_WORDS[:30])
    (devices / "a.xml").write_text(making.winowig([record, making.case(2, code=XML_WORDS[:20])]))
    (tmp_path / "said.json").write_text(json.dumps({WORDS: 1}), "utf-8")
    (tmp_path / "edit.json").write_text(
        json.dumps({"place": WORDS[:150], "vehicle": WORDS[150:300]}), "utf-8"
    )
    (tmp_path / "new").write_text("noch eine nur fuer Tests\n", "utf-8")
    return tmp_path


@pytest.mark.parametrize("as_json", [False, True], ids=["people", "json"])
def test_nothing_of_a_record_commands_the_terminal(
    home: Path, founded: Path, folder: Path, as_json: bool
) -> None:
    shutil.copytree(founded, home)
    store = open_store(home, support.make_key(home), clock=clock.now)
    session = Session(store, actor_of(store), home)
    planted = plant(session, TEXT)
    long = support.add_item(session, LONG_HOSTILE, LONG_HOSTILE, sender_name=LONG_HOSTILE)
    store.close()
    options = ["--home", str(home), "--lang", "en", "--passphrase-file",
               str(home / support.PASSPHRASE_FILE)]  # fmt: skip
    lines = [("inbox show", long), *_lines(planted, folder)]
    shown = run_lines([
        [*options, *line[0].split(" ", 1), *line[1:], *["--json"][: as_json]] for line in lines
    ])  # fmt: skip
    for line, one in zip(lines, shown, strict=True):
        what = f"{line[0]} … exit {one.code}\n{one.written[:2000]!r}"
        assert smuggled(one.written) == set(), what
        assert loose(one.written) == set(), what
        assert shapes(one.written) <= OURS, what
        assert one.code in (0, 1, 2, 3), what
        assert b"Traceback" not in one.written, what
    by_verb = dict(zip((" ".join(line) for line in lines), shown, strict=True))
    if as_json:  # escaped, but whole
        document = json.loads(by_verb[f"inbox show {planted.item}"].written)
        assert document["subject"] == TEXT
    else:
        assert b"Anfang" in by_verb[f"inbox show {planted.item}"].written
