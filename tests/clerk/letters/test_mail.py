"""Letters by mail, through a real SMTP server: over checked TLS, once, and never in doubt twice."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from clerk.desks import letters, outbox, signing
from clerk.outreach import mail, mail_password
from clerk.refusal import Refusal, Refused
from clerk.session import Session
from clerk.settings import LettersSettings, MailSettings, Security, Settings
from storage.pages import letters as pages
from storage.pages.letters import LetterRow
from storage.records import Letter, Person
from storage.terms import LetterState, Way
from storage.verify import verify
from tests import support
from tests.mailserver import PASSWORD, Box, serving

LOGIN, SENDER = "amt", "bussgeld@musterstadt.example"


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Box]:
    with serving(tmp_path) as one:
        yield one


def settings(box: Box, session: Session, **but: object) -> MailSettings:
    made = MailSettings(
        host=box.host, port=box.port, login=LOGIN, sender=SENDER, ca_file=str(box.ca_file)
    )
    made = replace(made, **but)  # type: ignore[arg-type]  # a test says which field
    mail_password.keep(session.store, made, PASSWORD)
    return made


def queued(session: Session, email: str = "erika@beispiel.example", name: str = "Beispiel") -> str:
    """A final letter in the outbox that goes by mail."""
    one = support.add_letter(session)
    with session.store.change(session.actor, "test.mail") as change:
        person = change.add(Person(family_name=name, given_name="Erika", email=email))
        change.set(change.get(Letter, one), way=Way.MAIL, person_id=person.id)
    signing.sign(session.store, session.actor, [one])
    outbox.send(session.store, session.actor, [one])
    return one


def row(session: Session, letter_id: str) -> LetterRow:
    return pages.by_ids(session.store.db, [letter_id])[0]


def leave(session: Session, letter_id: str, by: MailSettings) -> Refusal | None:
    one = row(session, letter_id)
    printer = mail.by_mail(session.store, by, one)
    return outbox.print_now(session.store, session.actor, one, printer)


def due(session: Session) -> list[str]:
    """What the outbox would try, an hour later."""
    later = session.store.clock() + 3_600_000
    return [one.id for one in outbox.due(session.store, session.actor, later)]


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
def test_the_signed_pdf_arrives_once(session: Session, tmp_path: Path, security: Security) -> None:
    with serving(tmp_path, starttls=security is Security.STARTTLS) as box:
        one = queued(session)
        assert leave(session, one, settings(box, session, security=security)) is None
    [got] = box.mails
    assert got["From"].addresses[0].addr_spec == SENDER
    assert got["To"].addresses[0].addr_spec == "erika@beispiel.example"
    assert row(session, one).number in got["Subject"]
    assert got["Message-ID"].startswith(f"<{one}.")
    [pdf] = got.iter_attachments()
    found = pages.record(session.store.db, one)
    assert found is not None
    assert found.document_id is not None
    assert pdf.get_content() == outbox.bytes_of(session.store, row(session, one))
    assert row(session, one).state == LetterState.SENT
    assert outbox.problem_of(session.store, one) == ""
    assert verify(session.store.db).difference is None


def test_a_certificate_that_nobody_vouches_for_ends_it_before_anything_was_said(
    session: Session, box: Box
) -> None:
    one = queued(session)
    said = leave(session, one, settings(box, session, ca_file=""))
    assert said is not None
    assert said.code == "mail.not_sent"
    assert "certificate" in said.sentence
    assert box.mails == []
    assert (row(session, one).state, due(session)) == (LetterState.QUEUED, [one])


def test_the_certificate_must_be_that_of_the_server(session: Session, box: Box) -> None:
    one = queued(session)
    said = leave(session, one, settings(box, session, host="127.0.0.1"))
    assert said is not None
    assert said.code == "mail.not_sent"
    assert box.mails == []


def test_a_wrong_password_keeps_the_letter_with_the_servers_words(
    session: Session, box: Box
) -> None:
    one = queued(session)
    by = settings(box, session)
    mail_password.keep(session.store, by, "falsch")
    said = leave(session, one, by)
    assert said is not None
    assert said.code == "mail.not_sent"
    assert "5.7.8" in said.sentence
    assert "falsch" not in said.sentence
    assert outbox.problem_of(session.store, one) == said.sentence
    assert due(session) == [one]


@pytest.mark.parametrize("answer", ["550 unbekannt", "451 später"])
def test_a_recipient_that_is_refused_is_tried_again_later(
    session: Session, box: Box, answer: str
) -> None:
    one = queued(session)
    box.refuse = answer
    said = leave(session, one, settings(box, session))
    assert said is not None
    assert (said.code, box.mails, due(session)) == ("mail.not_sent", [], [one])
    box.refuse = ""
    assert leave(session, one, settings(box, session)) is None
    assert len(box.mails) == 1


def test_a_text_that_the_server_refuses_did_not_go_out(session: Session, box: Box) -> None:
    one = queued(session)
    box.answer = "554 zu gross"
    said = leave(session, one, settings(box, session))
    assert said is not None
    assert (said.code, due(session)) == ("mail.not_sent", [one])


def test_where_the_server_goes_silent_nobody_tries_again_by_himself(
    session: Session, box: Box
) -> None:
    one = queued(session)
    box.hang_up = True
    by = settings(box, session)
    said = leave(session, one, by)
    assert said is not None
    assert (said.code, due(session)) == ("mail.in_doubt", [])
    assert outbox.problem_of(session.store, one) == said.sentence
    box.hang_up = False
    with pytest.raises(Refused) as refused:
        mail.by_mail(session.store, by, row(session, one))
    assert refused.value.refusal.code == "mail.in_doubt"
    assert len(box.mails) == 1
    # A clerk decides: called back and sent again it is another order.
    outbox.recall(session.store, session.actor, [one])
    before = session.store.clock()
    session.store.clock = lambda: before + 60_000
    outbox.send(session.store, session.actor, [one])
    assert due(session) == [one]
    assert leave(session, one, by) is None
    assert len({got["Message-ID"] for got in box.mails}) == len(box.mails) == 2


def test_whoever_is_killed_while_sending_leaves_it_in_doubt(session: Session, box: Box) -> None:
    """As far as the store knows: the attempt has begun, and no answer was noted."""
    one = queued(session)
    by = settings(box, session)
    mail.by_mail(session.store, by, row(session, one))(b"%PDF-", "a.pdf")
    assert len(box.mails) == 1  # it did go out, and then the program ended
    assert due(session) == []
    with pytest.raises(Refused):
        mail.by_mail(session.store, by, row(session, one))


@pytest.mark.parametrize(
    ("email", "code"),
    [
        ("", "mail.no_address"),
        ("kein at", "mail.bad_address"),
        ("a@b.example\r\nBcc: x@y.example", "mail.bad_address"),
        ("a@b.example, c@d.example", "mail.bad_address"),
        ("müller@b.example", "mail.bad_address"),
    ],
)
def test_where_there_is_no_address_nothing_begins(
    session: Session, box: Box, email: str, code: str
) -> None:
    one = queued(session, email)
    with pytest.raises(Refused) as refused:
        mail.by_mail(session.store, settings(box, session), row(session, one))
    assert refused.value.refusal.code == code
    assert refused.value.refusal.sentence.endswith(".")
    assert (box.mails, due(session)) == ([], [one])


def test_a_name_is_never_more_than_a_name(session: Session, box: Box) -> None:
    one = queued(session, name='Beispiel" <x@y.example>,\r\nBcc: z@y.example')
    assert leave(session, one, settings(box, session)) is None
    [got] = box.mails
    assert [to.addr_spec for to in got["To"].addresses] == ["erika@beispiel.example"]
    assert got["Bcc"] is None


def test_each_letter_leaves_by_its_own_way(session: Session, tmp_path: Path) -> None:
    """Nothing is put into the outbox whose way is not set up; post never goes by mail."""
    mailed, printed = queued(session), support.add_letter(session)
    folder = Settings(letters=LettersSettings(folder=str(tmp_path)))
    nothing = mail.ways_out(session.store, folder)
    with pytest.raises(Refused) as refused:
        nothing(row(session, mailed))
    assert refused.value.refusal.code == "mail.not_set_up"
    nothing(row(session, printed))(b"%PDF-", "a.pdf")
    assert (tmp_path / "a.pdf").exists()
    with pytest.raises(Refused) as refused:
        mail.refuse_unready(folder, [row(session, mailed)])
    assert refused.value.refusal.code == "mail.not_set_up"
    mail.refuse_unready(folder, [row(session, printed)])
    letters.withdraw(session.store, session.actor, [printed])


def test_without_a_password_nothing_is_tried(session: Session, box: Box) -> None:
    one = queued(session)
    by = settings(box, session)
    other = replace(by, login="anderes")
    with pytest.raises(Refused) as refused:
        mail.by_mail(session.store, other, row(session, one))
    assert refused.value.refusal.code == "mail.no_password"
    mail.try_out(by, PASSWORD)
    with pytest.raises(Refused) as refused:
        mail.try_out(by, "falsch")
    assert refused.value.refusal.code == "mail.not_sent"
