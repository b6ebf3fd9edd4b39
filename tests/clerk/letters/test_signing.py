"""Signing: what a signature fixes, four eyes, deputies, undo, and the proof of verify."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from clerk import clock
from clerk.desks import absences, cases, letters, signing
from clerk.desks.letter_text import details_of, pdf_of, text_of
from clerk.desks.office_settings import set_settings
from clerk.desks.people import actor_of
from clerk.desks.undoing import take_back
from clerk.letters.details import Details, Notice
from clerk.refusal import Refused
from clerk.session import Session
from storage.actor import Actor
from storage.errors import StoreError
from storage.pages import documents
from storage.pages import letters as pages
from storage.records import Case, Letter
from storage.terms import LetterState, Role, Way
from storage.verify import verify
from tests import support
from tests.clerk.letters.examples import EXAMPLES, SETTINGS
from tests.clerk.letters.reading_pdf import words_of

OFFICE = "ordnungsamt"


@pytest.fixture
def office(session: Session) -> Session:
    """An office that is set up; Olga and Oskar may sign in it, Klara may not."""
    set_settings(session.store, session.actor, OFFICE, Path("amt.toml"), SETTINGS.encode())
    support.add_clerk(session, "olga", {OFFICE: Role.OFFICER}, "Olga Ordnung")
    support.add_clerk(session, "oskar", {OFFICE: Role.OFFICER}, "Oskar Ordnung")
    support.add_clerk(session, "klara", {OFFICE: Role.CLERK}, "Klara Kraft")
    return session


def who(session: Session, login: str) -> Actor:
    return actor_of(session.store, login)


def away(session: Session, login: str, deputy: str, may: str = "sign") -> str:
    """Somebody is away today, with a deputy; returns their id."""
    absent = who(session, login).clerk_id
    absences.set_absence(
        session.store, session.actor, clerk_id=absent, starts=clock.today(), ends=clock.today(),
        deputy_id=who(session, deputy).clerk_id, may_do=may,
    )  # fmt: skip
    return absent


def drafted(session: Session, name: str = "notice", by: str = "klara", **changes: object) -> str:
    """A draft of an example in a new case."""
    case = support.add_case(session, "Hund", office_id=OFFICE)
    details: Details = replace(EXAMPLES[name], number=case.number, **changes)  # type: ignore[arg-type]
    return letters.draft(session.store, who(session, by), case.id, name, details).id


def letter(session: Session, letter_id: str) -> Letter:
    found = pages.record(session.store.db, letter_id)
    assert found is not None
    return found


def code(session: Session, login: str, letter_id: str, **how: str) -> str:
    """With which code somebody's signature is refused; guard and use case agree."""
    actor = who(session, login)
    said = signing.can_sign(session.store.db, actor, letter(session, letter_id), **how)
    with pytest.raises(Refused) as refused:
        signing.sign(session.store, actor, [letter_id], **how)
    assert said == refused.value.refusal
    return refused.value.refusal.code


def test_a_signature_fixes_the_words_as_a_pdf_whose_hash_stands_in_the_entry(
    office: Session,
) -> None:
    one = drafted(office)
    outcome = signing.sign(office.store, who(office, "olga"), [one])
    assert outcome.done == (one,)
    found = letter(office, one)
    assert found.state == LetterState.FINAL
    assert found.way == Way.FORMAL
    (paper,) = documents.of_case(office.store.db, found.case_id)
    assert (paper.id, paper.media_type) == (found.document_id, "application/pdf")
    last = office.store.db.execute("SELECT patches FROM entries ORDER BY seq DESC LIMIT 1")
    patches = json.loads(last.fetchone()[0])
    hashes = [f["content_sha256"][1] for t, _i, _op, f in patches if t == "documents"]
    assert hashes == [paper.content_sha256]
    words = words_of(pdf_of(office.store.db, found))
    assert "Olga Ordnung" in words
    assert "ENTWURF" not in words
    report = verify(office.store.db)
    assert (report.difference, report.letters) == (None, 1)


def test_what_is_signed_is_changed_by_nobody(office: Session) -> None:
    one = drafted(office)
    signing.sign(office.store, who(office, "olga"), [one])
    with pytest.raises(Refused) as refused:
        letters.revise(office.store, who(office, "klara"), one, EXAMPLES["notice"])
    assert refused.value.refusal.code == "letter.state"
    assert code(office, "oskar", one) == "letter.state"


@pytest.mark.parametrize(
    ("field", "value"), [("details", "{}"), ("wording", "0" * 64), ("document_id", None)]
)
def test_verify_finds_a_signed_letter_that_is_another(
    office: Session, field: str, value: str | None
) -> None:
    one = drafted(office)
    signing.sign(office.store, who(office, "olga"), [one])
    with office.store.change(office.actor, "test") as change:
        change.set(change.get(Letter, one), **{field: value})
    assert f"letters {one}" in str(verify(office.store.db).difference)


def test_verify_finds_a_pdf_that_took_the_place_of_the_signed_one(office: Session) -> None:
    one = drafted(office)
    signing.sign(office.store, who(office, "olga"), [one])
    (paper,) = documents.of_case(office.store.db, letter(office, one).case_id)
    with office.store.change(office.actor, "test") as change:
        change.set(paper, content_sha256=change.content(b"%PDF another"))
    assert f"letters {one}" in str(verify(office.store.db).difference)


def test_an_incomplete_letter_is_not_signed_and_says_what_is_missing(office: Session) -> None:
    notice = EXAMPLES["notice"]
    assert isinstance(notice, Notice)
    one = drafted(office, act=replace(notice.act, place=""))
    with pytest.raises(Refused) as refused:
        signing.sign(office.store, who(office, "olga"), [one])
    assert refused.value.refusal.code == "letter.incomplete"
    assert "place of the act (§ 66 Abs. 1 Nr. 3 OWiG)" in refused.value.refusal.sentence
    assert letter(office, one).state == LetterState.DRAFT
    assert documents.of_case(office.store.db, letter(office, one).case_id) == []


def test_of_several_those_are_signed_that_can_be(office: Session) -> None:
    good, bad = drafted(office), drafted(office, fine=100)
    outcome = signing.sign(office.store, who(office, "olga"), [good, bad, good])
    assert outcome.done == (good,)
    assert [(one, why.code) for one, why in outcome.refused] == [(bad, "letter.incomplete")]


def test_below_the_limit_the_author_may_sign(office: Session) -> None:
    one = drafted(office, by="olga", fine=100_000)
    assert letter(office, one).signatures == 1
    signing.sign(office.store, who(office, "olga"), [one])
    assert letter(office, one).state == LetterState.FINAL


# Four eyes

BIG = 100_001


def test_above_the_limit_two_others_sign(office: Session) -> None:
    one = drafted(office, fine=BIG)
    assert letter(office, one).signatures == 2
    signing.sign(office.store, who(office, "olga"), [one])
    first = letter(office, one)
    assert (first.state, first.document_id) == (LetterState.SIGNED, None)
    assert code(office, "olga", one) == "letter.four_eyes"
    signing.sign(office.store, who(office, "oskar"), [one])
    last = letter(office, one)
    assert last.state == LetterState.FINAL
    olga, oskar = who(office, "olga").clerk_id, who(office, "oskar").clerk_id
    assert (last.signed_by, last.second_by) == (olga, oskar)
    words = words_of(pdf_of(office.store.db, last))
    assert "Olga Ordnung" in words
    assert "Oskar Ordnung" in words
    assert verify(office.store.db).difference is None


def test_the_author_does_not_sign_and_hears_who_could(office: Session) -> None:
    one = drafted(office, by="olga", fine=BIG)
    assert code(office, "olga", one) == "letter.four_eyes"
    said = signing.can_sign(office.store.db, who(office, "olga"), letter(office, one))
    assert said is not None
    assert said.sentence.endswith("These could: Lena Leitung, Oskar Ordnung.")


def test_nor_does_a_deputy_for_the_author_or_for_who_has_signed(office: Session) -> None:
    one = drafted(office, by="olga", fine=BIG)
    olga, oskar = away(office, "olga", "oskar"), who(office, "oskar").clerk_id
    assert code(office, "oskar", one, on_behalf_of=olga) == "letter.four_eyes"
    away(office, "oskar", "leitung")
    signing.sign(office.store, who(office, "leitung"), [one], on_behalf_of=oskar)
    assert code(office, "oskar", one) == "letter.four_eyes"
    assert letter(office, one).state == LetterState.SIGNED


def test_who_is_asked_in_vain_hears_that_there_is_nobody(session: Session) -> None:
    set_settings(session.store, session.actor, OFFICE, Path("amt.toml"), SETTINGS.encode())
    one = drafted(session, by="leitung", fine=BIG)
    said = signing.can_sign(session.store.db, session.actor, letter(session, one))
    assert said is not None
    assert "nobody of this office at present" in said.sentence


def test_a_fine_that_is_raised_above_the_limit_needs_two(office: Session) -> None:
    one = drafted(office, by="olga", fine=5_000)
    more = replace(details_of(letter(office, one)), fine=BIG)  # type: ignore[call-arg]
    letters.revise(office.store, who(office, "olga"), one, more)
    assert letter(office, one).signatures == 2
    less = replace(more, fine=5_000)  # type: ignore[call-arg]
    letters.revise(office.store, who(office, "olga"), one, less)
    assert letter(office, one).signatures == 2  # who lowers it again does not get round them


def test_instead_of_a_second_signature_it_goes_back(office: Session) -> None:
    one = drafted(office, fine=BIG)
    signing.sign(office.store, who(office, "olga"), [one])
    signing.give_back(office.store, who(office, "oskar"), [one])
    back = letter(office, one)
    assert (back.state, back.signed_by, back.wording) == (LetterState.DRAFT, None, None)
    with pytest.raises(StoreError) as fixed:
        take_back(office.store, who(office, "oskar"), again=False)
    assert fixed.value.code == "undo.fixed"
    signing.sign(office.store, who(office, "oskar"), [one])
    signing.sign(office.store, who(office, "olga"), [one])
    assert letter(office, one).state == LetterState.FINAL


def test_a_deputy_signs_with_both_names(office: Session) -> None:
    """Klara may not sign herself; the role of the absent Oskar is lent to her."""
    one = drafted(office, by="olga")
    assert code(office, "klara", one) == "letter.not_yours"
    oskar = away(office, "oskar", "klara")
    signing.sign(office.store, who(office, "klara"), [one])
    found = letter(office, one)
    assert (found.signed_by, found.signed_for) == (who(office, "klara").clerk_id, oskar)
    words = words_of(pdf_of(office.store.db, found))
    assert "In Vertretung für Oskar Ordnung i. V. Klara Kraft" in words
    kept = office.store.db.execute("SELECT on_behalf_of FROM entries ORDER BY seq DESC LIMIT 1")
    assert kept.fetchone()[0] == oskar


def test_a_deputy_who_only_acts_does_not_sign(office: Session) -> None:
    one = drafted(office, by="olga")
    oskar = away(office, "oskar", "klara", "act")
    assert code(office, "klara", one) == "letter.no_deputy"
    assert code(office, "olga", one, on_behalf_of=oskar) == "letter.no_deputy"
    assert code(office, "olga", one, on_behalf_of=who(office, "klara").clerk_id) == (
        "letter.no_deputy"
    )


# Undo, other desks, text


def test_a_signature_can_be_taken_back_and_given_again(office: Session) -> None:
    one = drafted(office)
    olga = who(office, "olga")
    signing.sign(office.store, olga, [one])
    signed = letter(office, one)
    take_back(office.store, olga, again=False)
    assert letter(office, one).state == LetterState.DRAFT
    assert documents.of_case(office.store.db, signed.case_id) == []
    assert verify(office.store.db).difference is None
    take_back(office.store, olga, again=True)
    assert letter(office, one) == signed
    assert verify(office.store.db).difference is None


def test_the_first_signature_cannot_be_taken_back_under_the_second(office: Session) -> None:
    one = drafted(office, fine=BIG)
    signing.sign(office.store, who(office, "olga"), [one])
    signing.sign(office.store, who(office, "oskar"), [one])
    with pytest.raises(StoreError) as later:
        take_back(office.store, who(office, "olga"), again=False)
    assert later.value.code == "undo.later"
    assert later.value.params["name"] == "Oskar Ordnung"


def test_the_preview_says_what_the_paper_says(office: Session) -> None:
    one = drafted(office)
    assert text_of(office.store.db, letter(office, one))[0] == (("ENTWURF", "strong"),)
    signing.sign(office.store, who(office, "olga"), [one])
    found = letter(office, one)
    lines = ["".join(run[0] for run in line) for line in text_of(office.store.db, found)]
    assert lines[0] == "Stadt Musterstadt"
    paper = "".join(words_of(pdf_of(office.store.db, found)).split())
    for line in lines:
        for part in line.split("  "):
            wanted = "".join(part.split())
            assert wanted in paper, line


def test_letters_go_along_with_their_case(office: Session) -> None:
    one = drafted(office)
    signing.sign(office.store, who(office, "olga"), [one])
    cases.hand_over(office.store, who(office, "olga"), letter(office, one).case_id, "tiefbau")
    assert letter(office, one).office_id == "tiefbau"
    assert verify(office.store.db).difference is None


def test_details_of_another_template_are_refused(office: Session) -> None:
    case = support.add_case(office, office_id=OFFICE)
    for name in ("plain", "closing"):
        with (
            office.store.change(office.actor, "letter.draft") as change,
            pytest.raises(Refused) as refused,
        ):
            letters.draft_letter(
                change, office.actor, change.get(Case, case.id), "notice", EXAMPLES[name]
            )
        assert refused.value.refusal.code == "letter.details"


def test_a_letter_that_changed_while_its_pdf_was_made_is_not_signed(office: Session) -> None:
    one = drafted(office)
    work = signing.Signing(office.store, who(office, "olga"), [one])
    assert work.step()
    more = replace(details_of(letter(office, one)), contact="Frau Neu")
    letters.revise(office.store, who(office, "klara"), one, more)
    assert not work.step()
    with pytest.raises(Refused) as refused:
        work.finish()
    assert refused.value.refusal.code == "letter.changed"
    assert letter(office, one).state == LetterState.DRAFT
