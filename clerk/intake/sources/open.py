"""One door to every kind of source: what it is is seen by looking at it."""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from clerk.i18n import _
from clerk.intake.sources.folder import SUFFIX, Folder
from clerk.intake.sources.maildir import Maildir, is_maildir
from clerk.intake.sources.source import Source
from clerk.refusal import Refused, refuse
from clerk.text import display

_FROM_START: Final[Mapping[str, str]] = MappingProxyType({})


def open_source(
    spec: str,
    *,
    secret: Callable[[], str] | None = None,
    ca_file: Path | None = None,
    resume: Mapping[str, str] = _FROM_START,
) -> Source:
    """Open a maildir, an mbox, a folder or tar of ``.eml``, one ``.eml``, or an IMAP folder.

    ``secret`` gives the password of ``imaps://`` and is called only then; ``ca_file`` names the
    authorities for its certificate; ``resume`` is what :meth:`Source.resume` gave last time.
    Raises :class:`Refused` with a sentence for what is not there, not readable or no source.
    """
    if "://" in spec:
        return _open_remote(spec, secret, ca_file, resume)
    path = Path(spec).expanduser()
    try:
        return _open_directory(path) if path.is_dir() else _open_file(path)
    except FileNotFoundError as error:
        sentence = _("There is nothing at {path}.")
        raise refuse("intake.not_found", sentence.format(path=display(spec))) from error
    except (OSError, ValueError) as error:
        raise _not_readable(path) from error


def _open_remote(
    spec: str,
    secret: Callable[[], str] | None,
    ca_file: Path | None,
    resume: Mapping[str, str],
) -> Source:
    from clerk.intake.sources.imap import SCHEME, Imap, mailbox

    if spec.lower().startswith("imap://"):
        raise refuse(
            "intake.imap.not_encrypted",
            _("Mail is fetched over encrypted connections only: write imaps:// instead."),
        )
    if not spec.lower().startswith(SCHEME):
        sentence = _("Mail cannot be fetched from {scheme} addresses; imaps:// works.")
        scheme = display(spec.partition("://")[0]) + "://"
        raise refuse("intake.unknown_kind", sentence.format(scheme=scheme))
    place = mailbox(spec)
    if secret is None:
        sentence = _("The password for {user} at {host} is missing.")
        raise refuse("intake.imap.no_password", sentence.format(user=place.user, host=place.host))
    return Imap(place, secret, ca_file, resume)


def _open_directory(path: Path) -> Source:
    if is_maildir(path):
        return Maildir(path)
    folder = Folder(path)
    if not folder.count():
        sentence = _("The folder {path} is no maildir and holds no .eml file.")
        raise refuse("intake.no_mail", sentence.format(path=display(str(path))))
    return folder


def _open_file(path: Path) -> Source:
    from clerk.intake.sources.mbox import MARK, Mbox
    from clerk.intake.sources.tarball import Tarball, is_tar

    if path.exists() and not path.is_file():
        raise _not_readable(path)
    with path.open("rb") as file:
        head = file.read(len(MARK))
    # First the name: a single mail often begins with the line of the mbox that it came from.
    if path.suffix.lower() == SUFFIX:
        return Folder(path)
    if head in (b"", MARK):
        return Mbox(path)
    if is_tar(path):
        return Tarball(path)
    sentence = _("{path} is no mbox, no .eml and no tar of .eml files, or it is damaged.")
    raise refuse("intake.unknown_kind", sentence.format(path=display(str(path))))


def _not_readable(path: Path) -> Refused:
    sentence = _("{path} cannot be read.")
    return refuse("intake.not_readable", sentence.format(path=display(str(path))))
