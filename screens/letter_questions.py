"""The words of a letter are asked for: a new one to a case's person, or others for a draft."""

from collections.abc import Callable
from dataclasses import replace

from clerk.desks import letter_details, letter_text
from clerk.desks import letters as desk
from clerk.desks.outcome import Outcome
from clerk.i18n import _
from clerk.letters.details import Plain
from screens.work import WorkScreen
from storage.pages import letters
from storage.pages.letters import LetterRow
from widgets.editor import EditorScreen

Done = Callable[[Outcome], None]


def ask_letter(screen: WorkScreen, case_id: str, about: str, done: Done, typed: str = "") -> None:
    """A new letter to the person of a case: the first line is its subject. The draft stays until
    the letter is kept."""
    session = screen.station.session
    place = f"letter/cases/{case_id}"

    def keep(text: str) -> None:
        subject, words = _parts(text)
        filled = letter_details.plain(
            session.store.db, session.actor, case_id, subject=subject, text=words
        )
        made = desk.draft(session.store, session.actor, case_id, "plain", filled)
        done(Outcome("case.letter", (made.id,)))

    def answered(text: str | None) -> None:
        if text is None:
            return
        if screen.attempt(lambda: keep(text)):
            screen.keep_draft(place, "")
        else:
            ask_letter(screen, case_id, about, done, text)

    kept = typed or session.store.draft(session.actor.clerk_id, place) or f"{about}\n\n"
    editor = _editor(about, kept, on_pause=lambda text: screen.keep_draft(place, text))
    screen.station.push_screen(editor, answered)


def ask_change(screen: WorkScreen, row: LetterRow, done: Done, typed: str = "") -> None:
    """Other words for a draft that was written in one's own."""
    session = screen.station.session
    letter = letters.record(session.store.db, row.id)
    filled = letter_text.details_of(letter) if letter else None
    if not isinstance(filled, Plain):
        return

    def keep(text: str) -> None:
        subject, words = _parts(text)
        other = replace(filled, subject=subject, text=words)
        done(desk.revise(session.store, session.actor, row.id, other))

    def answered(text: str | None) -> None:
        if text is not None and not screen.attempt(lambda: keep(text)):
            ask_change(screen, row, done, text)

    words = typed or f"{filled.subject}\n\n{filled.text}"
    screen.station.push_screen(_editor(row.subject, words), answered)


def _editor(about: str, text: str, on_pause: Callable[[str], None] | None = None) -> EditorScreen:
    def check(said: str) -> str | None:
        if all(_parts(said)):
            return None
        return _("The first line is the subject; the letter itself begins below it.")

    heading = _("Letter: {subject}").format(subject=about)
    return EditorScreen(heading, initial=text, check=check, on_pause=on_pause)


def _parts(text: str) -> tuple[str, str]:
    subject, _end, words = text.strip().partition("\n")
    return subject.strip(), words.strip()
