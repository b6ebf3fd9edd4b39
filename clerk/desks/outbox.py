"""Final letters on their way out: they wait a moment, so that they can be called back, and are
printed by the workstation that sends them."""

import json
import re
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from clerk.desks.letters import can, each
from clerk.desks.outcome import Outcome
from clerk.i18n import _
from clerk.letters.printing import by_command, into_folder
from clerk.refusal import Refusal, Refused, refuse
from clerk.rules.states import next_letter_state
from storage.actor import Actor
from storage.errors import StoreError
from storage.journal import Change
from storage.pages import letters as pages
from storage.records import Letter
from storage.store import Store
from storage.terms import LetterState

if TYPE_CHECKING:
    from clerk.letters.printing import Printer
    from clerk.settings import LettersSettings
    from storage.pages.letters import LetterRow

WAIT_MS: Final = 15_000
AGAIN_MS: Final = 60_000  # after a failure
OUTBOX: Final = Actor("outbox", "outbox")  # what the machine does is nobody's to undo
IN_DOUBT: Final = "mail.in_doubt"  # the code of a refusal that leaves it open whether it went out
_PROBLEMS: Final = "letters.problems"  # a local value: letter id -> [reason, when, attempt]
_NOT_A_NAME: Final = re.compile(r"[^0-9A-Za-zÄÖÜäöüß._-]+")


def printer_of(settings: "LettersSettings") -> "Printer":
    """Where this workstation's letters go. Refused ``letter.no_printer`` where nothing is set."""
    if settings.printer:
        return by_command(shlex.split(settings.printer))
    if settings.folder:
        return into_folder(Path(settings.folder))
    raise refuse(
        "letter.no_printer",
        _("This workstation has neither a folder nor a printer for letters: see [letters] in the"
          " settings."),
    )  # fmt: skip


def file_name(row: "LetterRow") -> str:
    """The name of a letter's file: case, kind, id; only what every file system takes."""
    name = f"{row.number}_{row.template}_{row.id}"
    return _NOT_A_NAME.sub("-", name)[:150] + ".pdf"


def send(store: Store, actor: Actor, ids: Sequence[str]) -> Outcome:
    """Into the outbox; after :data:`WAIT_MS` this workstation prints them. Until then they can be
    called back. Only one can send a letter: the shared store says who was first."""

    def do(change: Change, letter: Letter) -> None:
        state = next_letter_state(letter.state, "letter.send")
        change.set(letter, state=state, queued_at=change.at, queued_on=store.device)

    return each(store, actor, "letter.send", ids, do, claim=True)


def recall(store: Store, actor: Actor, ids: Sequence[str]) -> Outcome:
    """Back from the outbox: final, but not sent."""

    def do(change: Change, letter: Letter) -> None:
        state = next_letter_state(letter.state, "letter.recall")
        change.set(letter, state=state, queued_at=None, queued_on=None)

    return each(store, actor, "letter.recall", ids, do)


def waiting(store: Store, actor: Actor) -> "list[LetterRow]":
    """This workstation's outbox, what was put there first at the start."""
    return pages.leaving(store.db, actor.offices, store.device)


def due(store: Store, actor: Actor, now: int) -> "list[LetterRow]":
    """What this workstation has to print now: its moment is over, and no failure is fresh."""
    rows = waiting(store, actor)
    if not rows:
        return []
    failed = _problems(store)
    return [
        row
        for row in rows
        if (row.queued_at or 0) + WAIT_MS <= now
        and failed.get(row.id, _NONE).at + AGAIN_MS <= now
        and not is_in_doubt(store, row)
    ]


def still_due(store: Store, row: "LetterRow") -> bool:
    """Whether it lies in the outbox as it did: nobody has called it back meanwhile."""
    return pages.by_ids(store.db, [row.id]) == [row]


def is_here(store: Store, row: "LetterRow") -> bool:
    """Whether it lies in this workstation's outbox."""
    return row.state == LetterState.QUEUED and row.queued_on == store.device


def sent(store: Store, actor: Actor, letter_id: str) -> None:
    """It was printed: from now on nothing takes it back."""
    with store.change(OUTBOX, "letter.sent", on_behalf_of=actor.clerk_id, undoable=False) as change:
        letter = change.get(Letter, letter_id)
        if refusal := can(actor, "letter.sent", letter):
            raise Refused(refusal)
        state = next_letter_state(letter.state, "letter.sent")
        change.set(letter, state=state, sent_at=change.at, sent_by=actor.clerk_id)
    _remember(store, letter_id, None)


def bytes_of(store: Store, row: "LetterRow") -> bytes:
    """The signed PDF. Refused ``letter.not_here`` where the shared store still has it."""
    from storage.content import get_content

    try:
        return get_content(store.db, pages.content_of(store.db, row.document_id or ""))
    except StoreError as error:
        _want(store, row)
        raise refuse(
            "letter.not_here", _("Its PDF has not come from the shared store yet.")
        ) from error


def _want(store: Store, row: "LetterRow") -> None:
    from storage.sync import contents

    if row.document_id and store.local("shared"):
        contents.want(store, "documents", row.document_id, "content_sha256")


def print_now(store: Store, actor: Actor, row: "LetterRow", printer: "Printer") -> Refusal | None:
    """Print one letter of the outbox and note that it is sent; or why it stays there."""
    try:
        printer(bytes_of(store, row), file_name(row))
    except Refused as refused:
        failed(store, row, refused.refusal)
        return refused.refusal
    sent(store, actor, row.id)
    return None


def begun(store: Store, row: "LetterRow", sentence: str) -> None:
    """It is going to leave by a way that nothing takes back. Until its end is known nobody tries
    it again: neither now nor after a crash. Refused :data:`IN_DOUBT` where that is so already."""
    if is_in_doubt(store, row):
        raise refuse(IN_DOUBT, sentence)
    _remember(store, row.id, _Problem(sentence, store.clock(), row.queued_at or 0))


def is_in_doubt(store: Store, row: "LetterRow") -> bool:
    """Whether it may have gone out since it was put into the outbox; called back and sent again it
    is another order."""
    return _problems(store).get(row.id, _NONE).attempt == (row.queued_at or -1)


def failed(store: Store, row: "LetterRow", why: Refusal) -> None:
    """It could not leave: it stays, with the reason, and is tried again in a minute; where it may
    have left, it is not."""
    attempt = (row.queued_at or 0) if why.code == IN_DOUBT else 0
    _remember(store, row.id, _Problem(why.sentence, store.clock(), attempt))


def problem_of(store: Store, letter_id: str) -> str:
    """Why this workstation could not print it, '' where it could or has not tried."""
    return _problems(store).get(letter_id, _NONE).said


class _Problem(NamedTuple):
    """Why a letter has not left; ``at``: since when (ms); ``attempt``: when it was put into the
    outbox, where it is not known whether it went out since."""

    said: str
    at: int
    attempt: int = 0


_NONE: Final = _Problem("", 0)


def _problems(store: Store) -> dict[str, _Problem]:
    kept: dict[str, tuple[str, int, int]] = json.loads(store.local(_PROBLEMS) or "{}")
    return {one: _Problem(*problem) for one, problem in kept.items()}


def _remember(store: Store, letter_id: str, problem: _Problem | None) -> None:
    kept = _problems(store)
    if problem is None and letter_id not in kept:
        return
    kept.pop(letter_id, None)
    if problem is not None:
        kept[letter_id] = problem
    store.set_local(_PROBLEMS, json.dumps(kept))
