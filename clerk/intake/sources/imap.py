"""A folder on an IMAP server, over TLS only. It is opened read-only: nothing there is marked."""

import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol
from urllib.parse import unquote, urlsplit

from clerk.i18n import _
from clerk.intake.limits import MAX_RAW
from clerk.intake.message import TOO_LARGE, UNREADABLE
from clerk.intake.sources.source import Raw, source_key
from clerk.refusal import Refused, refuse
from clerk.text import display

SCHEME: Final = "imaps://"
_PORT: Final = 993
_SECONDS: Final = 60
_BATCH: Final = 500
_BATCH_BYTES: Final = 32 * 1024 * 1024
# The stdlib refuses a response line over a million bytes; so many UIDs stay below it.
_UIDS_A_SEARCH: Final = 50_000


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Where a folder is: the parts of ``imaps://user@host[:port]/folder``."""

    user: str
    host: str
    port: int
    folder: str


class _Client(Protocol):
    """What is used of ``imapclient.IMAPClient``, which ships no types."""

    normalise_times: bool

    def login(self, username: str, password: str) -> object: ...
    def plain_login(self, identity: str, password: str) -> object: ...
    def select_folder(self, folder: str, readonly: bool) -> Mapping[bytes, object]: ...
    def search(self, criteria: Sequence[str]) -> Sequence[int]: ...
    def fetch(
        self, messages: Sequence[int], data: Sequence[str]
    ) -> Mapping[int, Mapping[bytes, object]]: ...
    def logout(self) -> object: ...
    def shutdown(self) -> None: ...


def mailbox(spec: str) -> Mailbox:
    """The parts of an address. Raises :class:`Refused` where it is none or holds a password."""
    try:
        parts = urlsplit(spec)
        user, host, port = unquote(parts.username or ""), parts.hostname or "", parts.port or _PORT
    except ValueError:
        user, host, port = "", "", 0
        parts = urlsplit("")
    folder = unquote(parts.path.strip("/")) or "INBOX"
    if not user or not host or not (user + host + folder).isprintable():
        raise refuse(
            "intake.imap.address",
            _("An IMAP folder is written as imaps://user@host/folder."),
        )
    if parts.password is not None:
        raise refuse(
            "intake.imap.password_in_address",
            _("The address must not hold the password: other programs can read it there."),
        )
    return Mailbox(user, host, port, folder)


class Imap:
    """The messages of one folder by UIDVALIDITY and UID."""

    waits = True

    def __init__(
        self,
        place: Mailbox,
        secret: Callable[[], str],
        ca_file: Path | None,
        resume: Mapping[str, str],
    ) -> None:
        """Connect, log in and open the folder. Raises :class:`Refused` with the reason.

        ``ca_file`` (PEM) replaces the system's authorities. ``resume`` counts only while the
        server's UIDVALIDITY is the same; after a change all messages are given again, under
        new external ids.
        """
        self._place = place
        where = f"{place.user}@{place.host}:{place.port}/{place.folder}"
        self._key = source_key("imap", where)
        client = _connect(place, ca_file)
        self._client: _Client | None = client
        try:
            self._validity, self._uids = _open(client, place, secret(), resume)
        except BaseException:
            self.close()
            raise

    def count(self) -> int | None:
        """How many messages were new when the folder was opened."""
        return len(self._uids)

    def messages(self) -> Iterator[Raw]:
        """The new messages by UID; the server's internal date is the time of delivery."""
        for at in range(0, len(self._uids), _BATCH):
            uids = self._uids[at : at + _BATCH]
            sizes = self._fetch(uids, ["RFC822.SIZE"])
            for batch in _by_size(uids, sizes):
                if _size(sizes[batch[0]]) > MAX_RAW:
                    yield Raw(self._id(batch[0]), None, code=TOO_LARGE)
                    continue
                found = self._fetch(batch, ["BODY.PEEK[]", "INTERNALDATE"])
                # What a colleague has deleted since is in neither answer.
                for uid in batch:
                    if uid in found:
                        yield self._raw(uid, found[uid])

    def _raw(self, uid: int, fields: Mapping[bytes, object]) -> Raw:
        data, date = fields.get(b"BODY[]"), fields.get(b"INTERNALDATE")
        received_at = int(date.timestamp() * 1000) if isinstance(date, datetime) else None
        if not isinstance(data, bytes):
            return Raw(self._id(uid), received_at, code=UNREADABLE)
        return Raw(self._id(uid), received_at, data=data)

    def _id(self, uid: int) -> str:
        return f"{self._key}:{self._validity}.{uid}"

    def _fetch(self, uids: Sequence[int], data: list[str]) -> Mapping[int, Mapping[bytes, object]]:
        from imaplib import IMAP4

        if self._client is None:
            return {}
        try:
            return self._client.fetch(uids, data)
        except (IMAP4.error, OSError, ValueError) as error:
            raise _lost(self._place) from error

    def resume(self, last: Raw) -> Mapping[str, str]:
        """UIDVALIDITY and UID of the last message."""
        validity, _point, uid = last.external_id.rpartition(":")[2].partition(".")
        return {"uidvalidity": validity, "uid": uid}

    def close(self) -> None:
        """Log out."""
        from imaplib import IMAP4

        client, self._client = self._client, None
        if client is None:
            return
        try:
            client.logout()
        except (IMAP4.error, OSError):
            # The connection is gone already; its socket is not.
            try:
                client.shutdown()
            except OSError:
                return


def _connect(place: Mailbox, ca_file: Path | None) -> _Client:
    from imaplib import IMAP4

    from imapclient import IMAPClient

    host = {"host": place.host, "port": place.port}
    try:
        context = ssl.create_default_context(cafile=str(ca_file) if ca_file else None)
    except (OSError, ValueError) as error:
        sentence = _("The file of certificate authorities {file} cannot be read.")
        raise refuse("intake.imap.ca_file", sentence.format(file=display(str(ca_file)))) from error
    try:
        client: _Client = IMAPClient(
            place.host, port=place.port, ssl_context=context, timeout=_SECONDS
        )
    except ssl.SSLCertVerificationError as error:
        sentence = _("The certificate of {host} is not trusted: {reason}.")
        raise refuse(
            "intake.imap.certificate",
            sentence.format(host=place.host, reason=display(error.verify_message)),
        ) from error
    except ssl.SSLError as error:
        sentence = _("There is no encrypted mail service at {host}, port {port}.")
        raise refuse("intake.imap.no_tls", sentence.format(**host)) from error
    except (OSError, IMAP4.error) as error:
        sentence = _("The mail server {host}, port {port} cannot be reached.")
        raise refuse("intake.imap.unreachable", sentence.format(**host)) from error
    client.normalise_times = False
    return client


def _open(
    client: _Client, place: Mailbox, secret: str, resume: Mapping[str, str]
) -> tuple[int, list[int]]:
    """Log in and open the folder: its UIDVALIDITY and the UIDs that are new."""
    from imaplib import IMAP4

    try:
        try:
            # LOGIN carries ASCII only; what holds an umlaut goes as SASL PLAIN, which is UTF-8.
            if (place.user + secret).isascii():
                client.login(place.user, secret)
            else:
                client.plain_login(place.user, secret)
        except IMAP4.abort:
            raise
        except (IMAP4.error, UnicodeError) as error:
            sentence = _("The mail server {host} refused the user name or the password.")
            raise refuse("intake.imap.login", sentence.format(host=place.host)) from error
        try:
            state = client.select_folder(place.folder, readonly=True)
        except IMAP4.abort:
            raise
        except IMAP4.error as error:
            sentence = _("There is no folder {folder} on the mail server {host}.")
            raise refuse(
                "intake.imap.folder",
                sentence.format(folder=display(place.folder), host=place.host),
            ) from error
        validity = _number(state.get(b"UIDVALIDITY"))
        known = _known(resume, validity)
        following = _number(state.get(b"UIDNEXT"))
        uids: list[int] = []
        for first in range(known + 1, following, _UIDS_A_SEARCH):
            last = min(first + _UIDS_A_SEARCH, following) - 1
            uids += client.search(["UID", f"{first}:{last}"])
    except (IMAP4.error, OSError, ValueError) as error:
        raise _lost(place) from error
    return validity, sorted(uids)


def _known(resume: Mapping[str, str], validity: int) -> int:
    """The last UID that is stored already, 0 for none."""
    uid = resume.get("uid", "")
    if resume.get("uidvalidity") != str(validity) or not uid.isdecimal():
        return 0
    return int(uid)


def _by_size(
    uids: Sequence[int], sizes: Mapping[int, Mapping[bytes, object]]
) -> Iterator[list[int]]:
    """Batches that fit into memory; a message larger than a batch stands alone."""
    batch: list[int] = []
    total = 0
    for uid in uids:
        if uid not in sizes:
            continue
        size = _size(sizes[uid])
        if batch and total + size > _BATCH_BYTES:
            yield batch
            batch, total = [], 0
        batch.append(uid)
        total += size
    if batch:
        yield batch


def _size(fields: Mapping[bytes, object]) -> int:
    return _number(fields.get(b"RFC822.SIZE"))


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _lost(place: Mailbox) -> Refused:
    sentence = _("The connection to the mail server {host} was lost. What came in is kept.")
    return refuse("intake.imap.lost", sentence.format(host=place.host))
