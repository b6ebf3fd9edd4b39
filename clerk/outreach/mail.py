"""Letters by e-mail: the signed PDF to the person's address, over a connection that is encrypted.

Nothing goes out twice. Before the server is given a mail it stands in the store that its end is not
known; only the server's own answer changes that. Whoever is killed in between, or hears nothing,
leaves it to a clerk. Every mail has the id of its letter, so that it can be looked for.
"""

import base64
import smtplib
import ssl
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import TYPE_CHECKING, Final

from clerk import clock
from clerk.desks import outbox
from clerk.desks.office_settings import settings_of
from clerk.i18n import _
from clerk.outreach.mail_password import password_of
from clerk.refusal import Refused, refuse
from clerk.settings import MailSettings, Security
from clerk.text import clip, display, display_lines
from storage.pages import persons
from storage.pages.letters import record
from storage.pages.names import Names
from storage.store import Store
from storage.terms import Way

if TYPE_CHECKING:
    from clerk.letters.printing import Printer
    from clerk.settings import Settings
    from storage.pages.letters import LetterRow

_SECONDS: Final = 30
_LONGEST: Final = 200  # characters of what a server says
_POLICY: Final = SMTP.clone(max_line_length=200)  # an id is not folded: not everybody unfolds it
_BODY: Final = (  # German, as the letters are
    "Guten Tag,\n\nim Anhang finden Sie unser Schreiben „{subject}“ zum Aktenzeichen {number}.\n\n"
    "Mit freundlichen Grüßen\n{office}\n"
)


def ways_out(store: Store, settings: "Settings") -> "Callable[[LetterRow], Printer]":
    """How each letter leaves: by mail, else by the printer of this workstation. Refused where the
    way of a letter is not set up, once it is asked for."""

    def way(row: "LetterRow") -> "Printer":
        if row.way == Way.MAIL:
            return by_mail(store, settings.mail, row)
        return outbox.printer_of(settings.letters)

    return way


def refuse_unready(settings: "Settings", rows: "Iterable[LetterRow]") -> None:
    """Refused where the way of one of these letters is not set up here, before any is sent."""
    ways = {Way.MAIL if row.way == Way.MAIL else Way.PRINT for row in rows}
    if Way.MAIL in ways:
        set_up(settings.mail)
    if Way.PRINT in ways:
        outbox.printer_of(settings.letters)


def by_mail(store: Store, settings: MailSettings, row: "LetterRow") -> "Printer":
    """Sends the letter once. From now on its end is not known, until it is told.

    Refused ``mail.not_set_up``, ``mail.no_address``, ``mail.bad_address``, ``mail.no_password``
    before that; the printer itself refuses ``mail.not_sent`` and ``mail.in_doubt``.
    """
    set_up(settings)
    found = _mail(store, settings, row)
    password = password_of(store, settings) if settings.login else ""
    outbox.begun(store, row, _in_doubt())

    def printer(pdf: bytes, name: str) -> None:
        _send(settings, password, found, found.written(pdf, name))

    return printer


def set_up(settings: MailSettings) -> None:
    """Refused ``mail.not_set_up`` where there is no server or no sender."""
    if not settings.host or not settings.sender:
        raise refuse(
            "mail.not_set_up",
            _("This workstation has no mail server: see [mail] in the settings."),
        )


def try_out(settings: MailSettings, password: str) -> None:
    """Connect, check the certificate and sign in. Refused ``mail.not_sent`` with the reason."""
    with _connected(settings, password):
        pass


@dataclass(frozen=True, slots=True)
class _Mail:
    """A letter's mail, but for its PDF."""

    sender: Address
    to: Address
    subject: str
    id: str
    body: str

    def written(self, pdf: bytes, name: str) -> bytes:
        """As it goes to the server."""
        message = EmailMessage(policy=_POLICY)
        message["From"] = self.sender
        message["To"] = self.to
        message["Subject"] = self.subject
        message["Date"] = clock.local(clock.now())
        message["Message-ID"] = self.id
        message.set_content(self.body)
        message.add_attachment(pdf, maintype="application", subtype="pdf", filename=name)
        return bytes(message)


def _mail(store: Store, settings: MailSettings, row: "LetterRow") -> _Mail:
    office = settings_of(store.db, row.office_id).letterhead.authority
    name = office or Names(store.db).office(row.office_id)
    sender = _address(settings.sender, name)
    body = _BODY.format(subject=row.subject, number=row.number, office=name)
    return _Mail(
        sender=sender,
        to=_recipient(store, row),
        subject=display(f"{row.subject} – {row.number}" if row.number else row.subject),
        # The same order has the same id, wherever it is sent from.
        id=f"<{row.id}.{row.queued_at or 0}@{sender.domain}>",
        body="\n".join(display_lines(body)),
    )


def _recipient(store: Store, row: "LetterRow") -> Address:
    letter = record(store.db, row.id)
    person = persons.by_id(store.db, letter.person_id) if letter and letter.person_id else None
    if person is None or not person.email.strip():
        raise refuse(
            "mail.no_address",
            _("{name} has no e-mail address here: enter one, or send the letter by post.").format(
                name=row.person or _("the recipient")
            ),
        )
    return _address(person.email.strip(), f"{person.given_name} {person.family_name}".strip())


def _address(spec: str, name: str) -> Address:
    """Refused ``mail.bad_address`` for what is no single address of plain letters."""
    try:
        found = Address(display_name=display(name), addr_spec=spec)
        if not (spec.isascii() and found.domain and found.username):
            raise ValueError(spec)
    except (ValueError, IndexError, HeaderParseError):
        raise refuse(
            "mail.bad_address",
            _("“{address}” is no e-mail address.").format(address=clip(display(spec), _LONGEST)),
        ) from None
    return found


def _send(settings: MailSettings, password: str, mail: _Mail, text: bytes) -> None:
    """Give it to the server. What it refuses before the text is sent for certain did not go out;
    what happens while the text is on its way is in doubt."""
    with _connected(settings, password) as server:
        for code, said in (server.mail(mail.sender.addr_spec), server.rcpt(mail.to.addr_spec)):
            if code not in (250, 251):
                raise _not_sent(said.decode(errors="replace"))
        try:
            code, said = server.data(text)
        except smtplib.SMTPDataError as error:
            raise _not_sent(_said(error)) from error
        except (OSError, smtplib.SMTPException) as error:
            raise refuse(IN_DOUBT, _in_doubt()) from error
        if code != 250:
            raise _not_sent(said.decode(errors="replace"))


@contextmanager
def _connected(settings: MailSettings, password: str) -> Iterator[smtplib.SMTP]:
    """Signed in, over TLS whose certificate was checked."""
    try:
        trusted = ssl.create_default_context(cafile=settings.ca_file or None)
        server = _open(settings, trusted)
    except (OSError, smtplib.SMTPException) as error:
        raise _not_sent(_said(error)) from error
    try:
        try:
            if settings.security is Security.STARTTLS:
                server.starttls(context=trusted)
            if settings.login:
                _sign_in(server, settings.login, password)
            server.ehlo_or_helo_if_needed()
        except (OSError, smtplib.SMTPException) as error:
            raise _not_sent(_said(error)) from error
        try:
            yield server
        except Refused:
            raise
        except (OSError, smtplib.SMTPException) as error:  # before the text
            raise _not_sent(_said(error)) from error
        with suppress(OSError, smtplib.SMTPException):  # it has answered already
            server.quit()
    finally:
        server.close()


def _sign_in(server: smtplib.SMTP, login: str, password: str) -> None:
    """By PLAIN, where the server has it: of all ways it alone takes umlauts (RFC 4616)."""
    server.ehlo_or_helo_if_needed()
    if "PLAIN" not in server.esmtp_features.get("auth", "").upper().split():
        server.login(login, password)
        return
    said = base64.b64encode(f"\0{login}\0{password}".encode()).decode()
    code, answer = server.docmd("AUTH", f"PLAIN {said}")
    if code != 235:
        raise smtplib.SMTPAuthenticationError(code, answer)


def _open(settings: MailSettings, trusted: ssl.SSLContext) -> smtplib.SMTP:
    if settings.security is Security.TLS:
        return smtplib.SMTP_SSL(settings.host, settings.port, timeout=_SECONDS, context=trusted)
    return smtplib.SMTP(settings.host, settings.port, timeout=_SECONDS)


def _said(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        text = error.smtp_error
        return text.decode(errors="replace") if isinstance(text, bytes) else str(text)
    if isinstance(error, OSError):
        return error.strerror or str(error)
    return str(error)


def _not_sent(why: str) -> Refused:
    said = clip(display(" ".join(why.split())), _LONGEST).rstrip(".")
    return refuse("mail.not_sent", _("The mail was not sent: {why}.").format(why=said))


IN_DOUBT: Final = outbox.IN_DOUBT


def _in_doubt() -> str:
    return _(
        "It is not known whether this mail went out. Ask who runs the mail server; then call it"
        " back and send it again, or print it."
    )
