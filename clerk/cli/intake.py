"""``clerk intake``: bring in mail from a folder, an archive or a mailbox."""

import math
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from clerk.cli.globals import UsageError, current
from clerk.cli.opening import opened
from clerk.cli.options import AsJson, noun_app
from clerk.cli.output import Json, emit, line
from clerk.cli.progress import progress
from clerk.cli.streams import read_stdin
from clerk.i18n import _
from clerk.locks import intake_lock
from clerk.session import Session
from clerk.settings import load_settings

if TYPE_CHECKING:
    from clerk.intake.pool import Batches
    from clerk.intake.receive import Counts
    from clerk.intake.sources.source import Source

app = noun_app(_("Bring in mail."))
_REMOTE = "imaps://"


@app.command(
    "mail",
    help=_(
        "Bring in mail from a maildir, an mbox, a folder or tar of .eml, or"
        " imaps://user@host/folder."
        " Without --once it goes on looking for new mail."
    ),
)
def mail(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help=_("Where the mail lies."))],
    *,
    once: Annotated[bool, typer.Option("--once", help=_("End when all is in."))] = False,
    password_stdin: Annotated[
        bool,
        typer.Option("--password-stdin", help=_("The mailbox's password comes from stdin.")),
    ] = False,
    keep_password: Annotated[
        bool,
        typer.Option("--keep-password", help=_("Keep the password in this computer's keyring.")),
    ] = False,
    wait: Annotated[
        int,
        typer.Option("--wait", min=0, help=_("With --once: seconds to wait for another intake.")),
    ] = 60,
    as_json: AsJson = False,
) -> None:
    if keep_password and not password_stdin:
        raise UsageError(_("--keep-password goes with --password-stdin."))
    pause = load_settings(current().home).intake.every_minutes * 60
    secret = _Secret(source, from_stdin=password_stdin, keep=keep_password)
    longest = wait if once else math.inf
    with ExitStack() as stack, ExitStack() as first:
        at_once = None if "://" in source else first.enter_context(_begun(source))
        with _alone(longest):  # two that make a store at once would make two keys
            session = stack.enter_context(opened(create=True))
        while True:
            with _alone(longest):
                counts = _bring_in(session, source, secret.get, at_once)
            first.close()
            at_once = None
            _say(counts, as_json)
            if once:
                return
            sys.stdout.flush()
            time.sleep(pause)


def _alone(wait: float) -> AbstractContextManager[None]:
    """The only intake on this store; where another one is at it, that is said and waited for."""

    def waiting() -> None:
        sys.stderr.write(_("Another intake is running on this store; waiting for it.") + "\n")
        sys.stderr.flush()

    return intake_lock(current().home, wait, waiting)


@contextmanager
def _begun(source: str) -> "Iterator[tuple[Source, Batches]]":
    """A source of files and its mails, which are being read already."""
    from clerk.intake.receive import begun
    from clerk.intake.sources.open import open_source

    with closing(open_source(source)) as found, begun(found) as mails:
        yield found, mails


def _bring_in(
    session: Session,
    source: str,
    secret: Callable[[], str],
    at_once: "tuple[Source, Batches] | None",
) -> "Counts":
    from clerk.intake.receive import receive
    from clerk.intake.resuming import resume_of
    from clerk.intake.sources.open import open_source

    mails = None
    with ExitStack() as stack:
        if at_once is not None:
            found, mails = at_once
        else:
            resume = resume_of(session.store, source)
            found = stack.enter_context(closing(open_source(source, secret=secret, resume=resume)))
        paint = stack.enter_context(progress())
        return receive(
            session.store,
            session.actor,
            found,
            lambda done, of: paint(_("Mail"), done, of),
            mails,
        )


def _say(counts: "Counts", as_json: bool) -> None:
    document: dict[str, Json] = {
        "seen": counts.seen,
        "stored": counts.stored,
        "duplicates": counts.duplicates,
        "quarantined": counts.quarantined,
    }
    sentence = _(
        "{seen} seen: {stored} stored, {duplicates} there already, {quarantined} in quarantine"
    )
    emit(as_json, document, lambda: line(sentence.format(**document)))


class _Secret:
    """The password of a mailbox: from stdin, from the keyring, or asked for; once."""

    def __init__(self, source: str, *, from_stdin: bool, keep: bool) -> None:
        self._name = source.removeprefix(_REMOTE).partition("/")[0]
        self._from_stdin = from_stdin
        self._keep = keep
        self._known: str | None = None

    def get(self) -> str:
        if self._known is None:
            self._known = self._find()
        return self._known

    def _find(self) -> str:
        from clerk.refusal import refuse
        from storage.keyring import kept_secret, write_secret

        name = f"{_REMOTE}{self._name}"
        if self._from_stdin:
            given = read_stdin()
            if self._keep and (why := write_secret(name, given)):
                raise refuse("intake.no_keyring", _(why))
            return given
        kept = kept_secret(name)
        if kept is not None:
            return kept
        if not sys.stdin.isatty():
            raise refuse(
                "intake.no_password",
                _("The password of the mailbox is missing; give it with --password-stdin."),
            )
        from getpass import getpass

        return getpass(_("Password of {mailbox}: ").format(mailbox=self._name))
