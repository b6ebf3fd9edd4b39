"""Letters of every desk: drafted, changed, withdrawn. Signing stands in ``signing``."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from clerk import office_settings
from clerk.desks.outcome import Outcome, sort_out
from clerk.i18n import _
from clerk.names import word
from clerk.refusal import Refusal, refuse
from clerk.rules.permissions import may
from clerk.rules.states import next_letter_state
from storage.actor import Actor
from storage.journal import Change
from storage.records import Case, Letter, Office
from storage.store import Store
from storage.terms import LetterState, Way

if TYPE_CHECKING:
    from clerk.letters.details import Details
    from clerk.letters.templates import Template


class LetterFacts(Protocol):
    """What a guard needs to know of a letter: a record or a row of a list."""

    @property
    def state(self) -> str: ...
    @property
    def office_id(self) -> str: ...


class CaseFacts(Protocol):
    """What a letter takes from its case."""

    @property
    def id(self) -> str: ...
    @property
    def office_id(self) -> str: ...
    @property
    def person_id(self) -> str | None: ...


def can(actor: Actor, action: str, letter: LetterFacts) -> Refusal | None:
    """Why this actor cannot do this to the letter now; None if they can."""
    if not may(action, actor.roles, letter.office_id):
        return Refusal(
            "letter.not_yours", _("This letter belongs to another office or needs another role.")
        )
    if letter.state == LetterState.SENT:
        return Refusal("letter.left", _("The letter has left the house."))
    if next_letter_state(letter.state, action) is None:
        return Refusal(
            "letter.state",
            _("Not possible: the letter is {state}.").format(state=word("letter", letter.state)),
        )
    return None


def _plain(action: str) -> Callable[[Actor, LetterFacts], Refusal | None]:
    return lambda actor, letter: can(actor, action, letter)


GUARDS: dict[str, Callable[[Actor, LetterFacts], Refusal | None]] = {
    name: _plain(name)
    for name in (
        "letter.change",
        "letter.return",
        "letter.send",
        "letter.recall",
        "letter.sent",
        "letter.withdraw",
    )
}


def can_draft(actor: Actor, office_id: str) -> Refusal | None:
    """Whether the actor may write letters of this office's cases."""
    if may("letter.draft", actor.roles, office_id):
        return None
    return Refusal(
        "letter.not_yours", _("This letter belongs to another office or needs another role.")
    )


def draft_letter(
    change: Change,
    actor: Actor,
    case: CaseFacts,
    template: str,
    details: "Details",
    *,
    person_id: str | None = None,
    way: Way | None = None,
    signatures: int | None = None,
) -> Letter:
    """A draft within a running change, of any desk: whether the actor may, its own guard says.

    ``person_id``: whom it goes to, else the case's person. ``way``: else the template's.
    ``signatures``: how many it needs, else what the office's settings want (four eyes).
    Refused ``letter.no_template``, ``letter.details`` for details of another template, and
    ``letter.formal`` for another way than service where the law wants that.
    """
    from clerk.letters.details import to_json
    from clerk.letters.templates import subject_of
    from clerk.letters.templates import template as template_of

    found = template_of(template)
    if type(details) is not found.details:
        raise refuse("letter.details", _("These details are of another template."))
    if signatures is None:
        settings = office_settings.stored(change.get(Office, case.office_id).settings)
        signatures = signatures_wanted(details, settings)
    return change.add(
        Letter(
            case_id=case.id,
            office_id=case.office_id,
            person_id=person_id or case.person_id,
            template=template,
            subject=subject_of(found, details),
            way=_way(found, way),
            details=to_json(details),
            drafted_by=actor.clerk_id,
            created_at=change.at,
            signatures=signatures,
        )
    )


def _way(found: "Template", wanted: Way | None) -> Way:
    """How it leaves. Refused ``letter.formal``: what has to be served is served (OWiG 51)."""
    if wanted is not None and found.way == Way.FORMAL and wanted != Way.FORMAL:
        raise refuse(
            "letter.formal",
            _("This letter has to be served formally; it goes neither by mail nor by plain post."),
        )
    return wanted or found.way


def signatures_wanted(details: "Details", settings: office_settings.OfficeSettings) -> int:
    """Two for a notice above the office's limit, else one."""
    from clerk.letters.details import Notice

    limit = settings.fines.four_eyes_above
    above = limit is not None and isinstance(details, Notice) and details.fine > limit
    return 2 if above else 1


def draft(
    store: Store,
    actor: Actor,
    case_id: str,
    template: str,
    details: "Details",
    *,
    person_id: str | None = None,
    way: Way | None = None,
) -> Letter:
    """A draft as an action of its own."""
    with store.change(actor, "letter.draft") as change:
        case = change.get(Case, case_id)
        if refusal := can_draft(actor, case.office_id):
            raise refuse(refusal.code, refusal.sentence)
        return draft_letter(change, actor, case, template, details, person_id=person_id, way=way)


def revise(store: Store, actor: Actor, letter_id: str, details: "Details") -> Outcome:
    """Other details for a draft; how many signatures it needs follows them."""

    def do(change: Change, letter: Letter) -> None:
        from clerk.letters.details import to_json
        from clerk.letters.templates import subject_of
        from clerk.letters.templates import template as template_of

        found = template_of(letter.template)
        if type(details) is not found.details:
            raise refuse("letter.details", _("These details are of another template."))
        settings = office_settings.stored(change.get(Office, letter.office_id).settings)
        change.set(
            letter,
            details=to_json(details),
            subject=subject_of(found, details),
            signatures=max(letter.signatures, signatures_wanted(details, settings)),
        )

    return each(store, actor, "letter.change", [letter_id], do)


def withdraw(store: Store, actor: Actor, ids: Sequence[str]) -> Outcome:
    """These letters are not sent."""

    def do(change: Change, letter: Letter) -> None:
        change.set(letter, state=next_letter_state(letter.state, "letter.withdraw"))

    return each(store, actor, "letter.withdraw", ids, do)


def each(
    store: Store,
    actor: Actor,
    action: str,
    ids: Sequence[str],
    do: Callable[[Change, Letter], None],
    *,
    claim: bool = False,
    undoable: bool = True,
) -> Outcome:
    """Guard, then change every letter that passes, as one action (see Store.change)."""
    with store.change(actor, action, claim=claim, undoable=undoable) as change:
        letters = [change.get(Letter, one) for one in dict.fromkeys(ids)]
        passed, refused = sort_out(letters, lambda letter: GUARDS[action](actor, letter))
        for letter in passed:
            do(change, letter)
    return Outcome(action, tuple(letter.id for letter in passed), tuple(refused))
