"""Signing letters: one signature or two, by oneself or as deputy; then the PDF is fixed."""

import hashlib
import os
from collections import deque
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, NamedTuple, Protocol

from clerk import clock
from clerk.desks.letters import can, each
from clerk.desks.outcome import Outcome
from clerk.i18n import _
from clerk.refusal import Refusal, Refused, refuse
from clerk.rules.four_eyes import SignedFacts, barred
from clerk.rules.permissions import PERMISSIONS
from clerk.rules.states import next_letter_state
from storage.actor import Actor
from storage.journal import Change
from storage.pages import letters as pages
from storage.pages import people
from storage.pages.names import Names
from storage.records import Document, Letter
from storage.store import Store
from storage.terms import LetterState

if TYPE_CHECKING:
    from sqlite3 import Connection

MEDIA_TYPE = "application/pdf"
_AHEAD = 4
"""PDFs that are begun for each core, so that none waits while another one is read."""


class LetterFacts(SignedFacts, Protocol):
    """What the guard asks of a letter: a record or a row of a list."""

    @property
    def state(self) -> str: ...
    @property
    def office_id(self) -> str: ...


def action_of(letter: LetterFacts) -> str:
    """What a signature of it is in the journal: the first of two, or the last."""
    first = letter.signatures > 1 and letter.state == LetterState.DRAFT
    return "letter.sign_first" if first else "letter.sign"


def can_sign(
    db: "Connection", actor: Actor, letter: LetterFacts, *, on_behalf_of: str | None = None
) -> Refusal | None:
    """Why the actor cannot sign it, by themselves or in the place of an absent colleague.

    Four eyes: ``letter.four_eyes`` names who could.
    """
    if refusal := can(actor, action_of(letter), letter):
        return refusal
    absent = signs_for(actor, letter, on_behalf_of)
    if absent is not None and not actor.signs_for(absent):
        return Refusal(
            "letter.no_deputy",
            _("You may not sign for {name}: their deputy acts, but does not sign.").format(
                name=people.name_of(db, absent)
            ),
        )
    nobody = barred(letter)
    if actor.clerk_id not in nobody and absent not in nobody:
        return None
    names = ", ".join(who_could(db, letter)) or _("nobody of this office at present")
    if letter.drafted_by in (actor.clerk_id, absent):
        sentence = _("Four eyes: who wrote a letter does not sign it. These could: {names}.")
    else:
        sentence = _("Four eyes: the second signature must be another's. These could: {names}.")
    return Refusal("letter.four_eyes", sentence.format(names=names))


def signs_for(actor: Actor, letter: LetterFacts, wanted: str | None = None) -> str | None:
    """In whose place the actor signs: the one they name, else the absent colleague who lends them
    the role in the letter's office; None: in their own name."""
    return wanted or actor.lent.get(letter.office_id)


def who_could(db: "Connection", letter: LetterFacts) -> list[str]:
    """The names of those of the office who may sign it today."""
    nobody = barred(letter)
    return [
        name
        for clerk_id, name, role in people.of_office(
            db, letter.office_id, clock.today().isoformat()
        )
        if role in PERMISSIONS["letter.sign"] and clerk_id not in nobody
    ]


class _Begun(NamedTuple):
    """A letter as it was read, in whose place it is signed, and its PDF in the making."""

    letter: Letter
    absent: str | None
    pdf: Future[bytes]


class _Made(NamedTuple):
    """A letter as it was read, its PDF, and in whose place it is signed."""

    letter: Letter
    pdf: bytes
    absent: str | None


class Signing:
    """Letters being signed, one by one, as one action in the end.

    :meth:`step` waits for a PDF (some 10 ms) and writes nothing; who stops there has signed
    nothing. PDFs are made on all cores, some ahead: typst runs outside Python's lock.
    """

    def __init__(
        self, store: Store, actor: Actor, ids: Sequence[str], *, on_behalf_of: str | None = None
    ) -> None:
        self._store = store
        self._actor = actor
        self._for = on_behalf_of
        self._left = deque(dict.fromkeys(ids))
        self._places = {letter_id: place for place, letter_id in enumerate(self._left)}
        self._begun: deque[_Begun] = deque()
        self._cores = len(os.sched_getaffinity(0))
        self._pool = ThreadPoolExecutor(self._cores)
        self._day = clock.local(store.clock()).date()
        self._made: list[_Made] = []
        self._refused: list[tuple[str, Refusal]] = []
        self.total = len(self._left)

    @property
    def done(self) -> int:
        """How many have been looked at."""
        return self.total - len(self._left) - len(self._begun)

    def step(self) -> bool:
        """Have the next letter's PDF, or keep why it cannot be; False when all are made."""
        if not self._left and not self._begun:
            return False
        while self._left and len(self._begun) < _AHEAD * self._cores:
            letter_id = self._left.popleft()
            try:
                self._begun.append(self._begin(letter_id))
            except Refused as why:
                self._refused.append((letter_id, why.refusal))
        if self._begun:
            letter, absent, making = self._begun.popleft()
            try:
                self._made.append(_Made(letter, making.result(), absent))
            except Refused as why:
                self._refused.append((letter.id, why.refusal))
        return True

    def _begin(self, letter_id: str) -> _Begun:
        """The letter as it would be printed with this signature; Refused where it cannot be."""
        from clerk.desks.letter_text import details_of, frame_of, signatures_of
        from clerk.letters import render
        from clerk.letters.frame import Signature
        from clerk.letters.templates import template

        db, actor = self._store.db, self._actor
        letter = pages.record(db, letter_id)
        if letter is None:
            raise refuse("record.gone", _("This record no longer exists."))
        if refusal := can_sign(db, actor, letter, on_behalf_of=self._for):
            raise Refused(refusal)
        names = Names(db)
        absent = signs_for(actor, letter, self._for)
        own = Signature(actor.name, names.clerk(absent))
        signed = (*signatures_of(names, letter), own)
        frame = frame_of(db, letter, self._day, signed, draft=False)
        making = self._pool.submit(render.pdf, template(letter.template), details_of(letter), frame)
        return _Begun(letter, absent, making)

    def finish(self) -> Outcome:
        """Sign what was made; Refused with the first reason if nothing was."""
        self._pool.shutdown()
        self._refused.sort(key=lambda one: self._places[one[0]])
        if not self._made:
            nothing = Refusal("nothing.chosen", _("Nothing is chosen."))
            raise Refused(self._refused[0][1] if self._refused else nothing)
        with self._store.group():
            for (action, absent), part in _by_action(self._made).items():
                with self._store.change(self._actor, action, on_behalf_of=absent) as change:
                    for one in part:
                        _sign(change, one)
        done = tuple(one.letter.id for one in self._made)
        return Outcome("letter.sign", done, tuple(self._refused))


def sign(
    store: Store, actor: Actor, ids: Sequence[str], *, on_behalf_of: str | None = None
) -> Outcome:
    """Sign these letters, as one action. One that has all its signatures is final: its PDF is a
    document of the case, and its hash stands in the entry.

    Of several letters those are signed that can be; Refused if none can: by :func:`can_sign`, or
    ``letter.incomplete`` and what else keeps a letter from being printed.
    """
    signing = Signing(store, actor, ids, on_behalf_of=on_behalf_of)
    while signing.step():
        pass
    return signing.finish()


def _by_action(made: list[_Made]) -> Mapping[tuple[str, str | None], list[_Made]]:
    """By what each is in the journal: the action, and in whose place. First signatures first."""
    found: dict[tuple[str, str | None], list[_Made]] = {}
    for one in sorted(made, key=lambda one: action_of(one.letter), reverse=True):
        found.setdefault((action_of(one.letter), one.absent), []).append(one)
    return found


def _sign(change: Change, made: _Made) -> None:
    """Within a running change: the signature, and with the last one the document."""
    letter = change.get(Letter, made.letter.id)
    if letter != made.letter:
        raise refuse("letter.changed", _("The letter was changed meanwhile. Look at it again."))
    by, absent, at = change.actor.clerk_id, made.absent, change.at
    state = next_letter_state(letter.state, change.action)
    wording = wording_of(letter)
    if change.action == "letter.sign_first":
        change.set(
            letter, state=state, wording=wording,
            signed_by=by, signed_for=absent, signed_at=at,
        )  # fmt: skip
        return
    document = change.add(
        Document(
            case_id=letter.case_id,
            name=f"{letter.subject}.pdf",
            media_type=MEDIA_TYPE,
            content_sha256=change.content(made.pdf),
            size=len(made.pdf),
            created_at=at,
        )
    )
    if letter.signatures > 1:
        change.set(
            letter, state=state, wording=wording, document_id=document.id,
            second_by=by, second_for=absent, second_at=at,
        )  # fmt: skip
    else:
        change.set(
            letter, state=state, wording=wording, document_id=document.id,
            signed_by=by, signed_for=absent, signed_at=at,
        )  # fmt: skip


def wording_of(letter: Letter) -> str:
    """What a signature stands under: the hash of the details. The shared store takes a signature
    only where it is that of the details that stand there."""
    return hashlib.sha256(letter.details.encode()).hexdigest()


def give_back(store: Store, actor: Actor, ids: Sequence[str]) -> Outcome:
    """Back to its author instead of a second signature: a draft again, signed by nobody. Nobody
    takes that back: it would be another's signature."""

    def do(change: Change, letter: Letter) -> None:
        state = next_letter_state(letter.state, "letter.return")
        change.set(
            letter, state=state, wording=None, signed_by=None, signed_for=None, signed_at=None
        )

    return each(store, actor, "letter.return", ids, do, undoable=False)
