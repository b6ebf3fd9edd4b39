"""What a letter says: as text for the screen, as PDF."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from clerk import clock
from clerk.desks.office_settings import settings_of
from clerk.i18n import _
from clerk.letters import render
from clerk.letters.details import Details, from_json
from clerk.letters.frame import Frame, Signature
from clerk.letters.mandatory import Item
from clerk.letters.templates import Template, template
from clerk.refusal import refuse
from storage.content import get_content
from storage.pages import letters
from storage.pages.names import Names
from storage.records import Letter

if TYPE_CHECKING:
    from sqlite3 import Connection

    from clerk.letters.as_text import Lines


def details_of(letter: Letter) -> Details:
    """What it was filled with. Refused ``letter.unreadable`` for details of another program."""
    try:
        return from_json(letter.details, template(letter.template).details)
    except ValueError as error:
        raise refuse(
            "letter.unreadable",
            _("The details of this letter cannot be read; a newer clerk may have written it."),
        ) from error


def signatures_of(names: Names, letter: Letter) -> tuple[Signature, ...]:
    """The names under it so far."""
    given = ((letter.signed_by, letter.signed_for), (letter.second_by, letter.second_for))
    return tuple(Signature(names.clerk(by), names.clerk(for_)) for by, for_ in given if by)


def frame_of(
    db: "Connection", letter: Letter, day: date, signatures: tuple[Signature, ...], *, draft: bool
) -> Frame:
    """What stands around its details."""
    return Frame(
        office=Names(db).office(letter.office_id),
        settings=settings_of(db, letter.office_id),
        day=day,
        signatures=signatures,
        draft=draft,
    )


def text_of(db: "Connection", letter: Letter) -> "Lines":
    """What it says, for the screen: by the template that makes the PDF."""
    return text_maker(db, letter)()


def text_maker(db: "Connection", letter: Letter) -> "Callable[[], Lines]":
    """What makes the text of a letter, when it has been read: may be called in a thread."""
    frame = frame_of(
        db, letter, _day(letter), signatures_of(Names(db), letter), draft=letter.document_id is None
    )
    found, details = template(letter.template), details_of(letter)
    return lambda: render.text(found, details, frame)


def pdf_of(db: "Connection", letter: Letter) -> bytes:
    """Its PDF: of a final letter the one that was signed, of others a draft marked so.

    StoreError ``content.missing`` where the PDF of a shared letter has not come yet.
    """
    if letter.document_id is not None:
        return get_content(db, letters.content_of(db, letter.document_id))
    frame = frame_of(db, letter, _day(letter), signatures_of(Names(db), letter), draft=True)
    return render.pdf(template(letter.template), details_of(letter), frame)


def preview(
    db: "Connection", office_id: str, found: Template, details: Details
) -> tuple[bytes, tuple[Item, ...]]:
    """A letter of an office that nobody has written yet: a draft's PDF, and what it lacks."""
    frame = Frame(Names(db).office(office_id), settings_of(db, office_id), clock.today())
    return render.pdf(found, details, frame), render.lacking(found, details, frame)


def _day(letter: Letter) -> date:
    at = letter.second_at or letter.signed_at
    return clock.local(at).date() if at and letter.document_id else clock.today()
