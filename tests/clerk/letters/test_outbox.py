"""The way out: a moment to call a letter back, a folder or a printer's command, failures that keep
the letter, and nothing that takes back what was sent."""

import os
import stat
import sys
from pathlib import Path

import pytest

from clerk.desks import letters, outbox, signing
from clerk.desks.letter_text import pdf_of
from clerk.desks.undoing import take_back
from clerk.letters.printing import by_command, into_folder
from clerk.refusal import Refused
from clerk.session import Session
from clerk.settings import LettersSettings
from storage.pages import letters as pages
from storage.pages.letters import LetterRow
from storage.records import Letter
from storage.terms import LetterState
from storage.verify import verify
from tests import support

NOW = 1_795_425_300_000


@pytest.fixture(autouse=True)
def _at(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock stands unless a test moves it."""
    session.store.clock = lambda: NOW


def final(session: Session) -> str:
    one = support.add_letter(session)
    signing.sign(session.store, session.actor, [one])
    return one


def row(session: Session, letter_id: str) -> LetterRow:
    return pages.by_ids(session.store.db, [letter_id])[0]


def pdf(session: Session, letter_id: str) -> bytes:
    found = pages.record(session.store.db, letter_id)
    assert found is not None
    return pdf_of(session.store.db, found)


def queued(session: Session) -> str:
    one = final(session)
    outbox.send(session.store, session.actor, [one])
    return one


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where letters shall go."""
    made = tmp_path / "letters"
    made.mkdir()
    return made


def test_a_letter_waits_fifteen_seconds_and_then_it_is_due(session: Session) -> None:
    one = queued(session)
    assert row(session, one).state == LetterState.QUEUED
    assert outbox.due(session.store, session.actor, NOW + 14_999) == []
    assert [r.id for r in outbox.due(session.store, session.actor, NOW + 15_000)] == [one]


def test_until_then_z_calls_it_back(session: Session) -> None:
    one = queued(session)
    take_back(session.store, session.actor, again=False)
    assert row(session, one).state == LetterState.FINAL
    assert outbox.due(session.store, session.actor, NOW + 60_000) == []
    outbox.send(session.store, session.actor, [one])
    outbox.recall(session.store, session.actor, [one])
    assert (row(session, one).state, row(session, one).queued_on) == (LetterState.FINAL, None)


def test_another_workstation_does_not_print_it(session: Session) -> None:
    one = queued(session)
    with session.store.change(session.actor, "test") as change:
        change.set(change.get(Letter, one), queued_on="another device")
    assert outbox.due(session.store, session.actor, NOW + 60_000) == []


def test_what_was_sent_is_taken_back_by_nothing(session: Session, folder: Path) -> None:
    case = support.add_case(session)
    one = queued(session)
    other = support.add_letter(session, case)
    said = outbox.print_now(session.store, session.actor, row(session, one), into_folder(folder))
    assert said is None
    assert row(session, one).state == LetterState.SENT
    take_back(session.store, session.actor, again=False)  # the draft that came after it
    assert pages.by_ids(session.store.db, [other]) == []
    with pytest.raises(Refused) as refused:
        take_back(session.store, session.actor, again=False)
    assert refused.value.refusal.code == "undo.sent"
    for act in (letters.withdraw, outbox.recall, outbox.send):
        with pytest.raises(Refused) as refused:
            act(session.store, session.actor, [one])
        assert refused.value.refusal.code == "letter.left"
    assert verify(session.store.db).difference is None
    who = session.store.db.execute(
        "SELECT clerk_id, on_behalf_of, undoable FROM entries WHERE action = 'letter.sent'"
    ).fetchone()
    assert who == ("outbox", session.actor.clerk_id, 0)


def test_a_folder_gets_the_signed_file_for_its_owner_alone(session: Session, folder: Path) -> None:
    one = queued(session)
    old = os.umask(0)
    try:
        outbox.print_now(session.store, session.actor, row(session, one), into_folder(folder))
    finally:
        os.umask(old)
    (file,) = folder.iterdir()
    assert file.read_bytes() == pdf(session, one)
    assert file.name.startswith(row(session, one).number)
    assert file.suffix == ".pdf"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_file_of_the_name_is_not_written_over_and_the_same_one_is_enough(folder: Path) -> None:
    put = into_folder(folder)
    put(b"eins", "a.pdf")
    put(b"eins", "a.pdf")
    with pytest.raises(Refused) as refused:
        put(b"zwei", "a.pdf")
    assert refused.value.refusal.code == "letter.not_printed"
    assert "a.pdf" in refused.value.refusal.sentence
    assert [one.name for one in folder.iterdir()] == ["a.pdf"]
    assert (folder / "a.pdf").read_bytes() == b"eins"


def test_a_folder_that_is_not_there_is_named_and_not_made(folder: Path) -> None:
    with pytest.raises(Refused) as refused:
        into_folder(folder / "ausgang")(b"eins", "a.pdf")
    assert f"there is no folder {folder / 'ausgang'}." in refused.value.refusal.sentence
    assert not list(folder.iterdir())


def test_what_a_cut_off_run_left_is_no_hindrance(folder: Path) -> None:
    (folder / ".a.pdf.part").write_bytes(b"hal")
    into_folder(folder)(b"ganz", "a.pdf")
    assert {one.name: one.read_bytes() for one in folder.iterdir()} == {"a.pdf": b"ganz"}


def test_a_name_cannot_lead_out_of_the_folder(session: Session, folder: Path) -> None:
    one = queued(session)
    bad = row(session, one)._replace(number="../../etc/passwd", template="a/b\0c\n" + "x" * 400)
    name = outbox.file_name(bad)
    assert "/" not in name
    assert "\0" not in name
    assert len(name.encode()) < 255
    into_folder(folder)(b"x", name)
    assert [path.parent for path in folder.iterdir()] == [folder]


def test_a_printer_gets_the_pdf_on_its_standard_input_and_no_shell(folder: Path) -> None:
    target = folder / "out"
    code = "import sys; open(sys.argv[1], 'wb').write(sys.stdin.buffer.read())"
    by_command([sys.executable, "-c", code, str(target), "; touch boese", "$(id)"])(b"%PDF x", "n")
    assert target.read_bytes() == b"%PDF x"
    assert [one.name for one in folder.iterdir()] == ["out"]


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("import sys; sys.exit('Papier\\x1b[31mstau')", "Papier\ufffd[31mstau"),
        ("import sys; sys.exit(3)", "exit code 3"),
    ],
)
def test_a_failure_keeps_the_letter_in_the_outbox_with_the_reason(
    session: Session, code: str, told: str
) -> None:
    one = queued(session)
    printer = by_command([sys.executable, "-c", code])
    said = outbox.print_now(session.store, session.actor, row(session, one), printer)
    assert said is not None
    assert (said.code, said.sentence) == ("letter.not_printed", f"Not printed: {told}.")
    assert row(session, one).state == LetterState.QUEUED
    assert outbox.problem_of(session.store, one) == said.sentence
    assert outbox.due(session.store, session.actor, NOW + 59_000) == []
    assert [r.id for r in outbox.due(session.store, session.actor, NOW + 60_000)] == [one]
    ok = by_command([sys.executable, "-c", "import sys; sys.stdin.buffer.read()"])
    assert outbox.print_now(session.store, session.actor, row(session, one), ok) is None
    assert outbox.problem_of(session.store, one) == ""


def test_a_printer_that_is_not_there_is_named(session: Session) -> None:
    one = queued(session)
    said = outbox.print_now(
        session.store, session.actor, row(session, one), by_command(["/nirgends/lp"])
    )
    assert said is not None
    assert "/nirgends/lp" in said.sentence


def test_a_folder_that_is_not_there_is_named(session: Session, folder: Path) -> None:
    one = queued(session)
    said = outbox.print_now(
        session.store, session.actor, row(session, one), into_folder(folder / "weg")
    )
    assert said is not None
    assert "weg" in said.sentence
    assert row(session, one).state == LetterState.QUEUED


def test_the_settings_say_where_letters_go(folder: Path) -> None:
    outbox.printer_of(LettersSettings(folder=str(folder)))(b"x", "a.pdf")
    assert (folder / "a.pdf").exists()
    with pytest.raises(Refused) as refused:
        outbox.printer_of(LettersSettings())
    assert refused.value.refusal.code == "letter.no_printer"
    command = f"{sys.executable} -c 'import sys; sys.exit(sys.argv[1])' 'zwei Worte'"
    with pytest.raises(Refused) as refused:
        outbox.printer_of(LettersSettings(printer=command))(b"x", "a.pdf")
    assert refused.value.refusal.sentence == "Not printed: zwei Worte."


def test_nothing_of_a_letter_lies_about_on_the_disk(
    session: Session, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No temporary file: preview, signature and printing touch the store alone."""
    from clerk.desks.letter_text import text_of

    monkeypatch.setenv("TMPDIR", str(folder))
    home = {one.name for one in session.home.rglob("*")}
    one = queued(session)
    found = pages.record(session.store.db, one)
    assert found is not None
    assert text_of(session.store.db, found)
    outbox.print_now(
        session.store, session.actor, row(session, one),
        by_command([sys.executable, "-c", "import sys; sys.stdin.buffer.read()"]),
    )  # fmt: skip
    assert list(folder.iterdir()) == []
    assert {path.name for path in session.home.rglob("*")} == home
