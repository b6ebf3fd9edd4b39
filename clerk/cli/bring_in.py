"""Bringing mail in from the command line: the source, the store, what is said about it.

Apart from ``clerk.cli.intake``, because the plain line is read without typer (``clerk.cli.plain``):
the mails are being parsed before typer would have been imported.
"""

import gc
import math
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, closing
from typing import TYPE_CHECKING, NamedTuple

from clerk.cli.globals import UsageError, current
from clerk.i18n import _
from clerk.intake.pool import begun
from clerk.intake.sources.open import open_source

if TYPE_CHECKING:
    from clerk.cli.output import Json
    from clerk.intake.pool import Batches
    from clerk.intake.receive import Counts
    from clerk.intake.sources.source import Source
    from clerk.session import Session

_REMOTE = "imaps://"


class Order(NamedTuple):
    """What to bring in, and how. ``wait``: seconds for another intake to end, with ``once``."""

    source: str
    once: bool = False
    password_stdin: bool = False
    keep_password: bool = False
    wait: int = 60
    as_json: bool = False


def bring_in(order: Order) -> None:
    """Do it: once, or again and again until the program is stopped."""
    if order.keep_password and not order.password_stdin:
        raise UsageError(_("--keep-password goes with --password-stdin."))
    gc.disable()  # what a start makes stays: looking for garbage in it is in vain
    source = order.source
    longest = order.wait if order.once else math.inf
    with ExitStack() as stack, ExitStack() as first:
        at_once = None
        if "://" not in source:  # its mails are being read while the store is opened
            found = first.enter_context(closing(open_source(source)))
            at_once = found, first.enter_context(begun(found))

        from clerk.cli.opening import opened
        from clerk.settings import load_settings

        pause = load_settings(current().home).intake.every_minutes * 60
        secret = _Secret(source, from_stdin=order.password_stdin, keep=order.keep_password)
        with _alone(longest):  # two that make a store at once would make two keys
            session = stack.enter_context(opened(create=True))
        while True:
            with _alone(longest):
                counts = _bring_in(session, source, secret.get, at_once)
            first.close()
            at_once = None
            _say(counts, order.as_json)
            if order.once:
                return
            sys.stdout.flush()
            time.sleep(pause)


def _alone(wait: float) -> AbstractContextManager[None]:
    """The only intake on this store; where another one is at it, that is said and waited for."""

    def waiting() -> None:
        sys.stderr.write(_("Another intake is running on this store; waiting for it.") + "\n")
        sys.stderr.flush()

    from clerk.locks import intake_lock

    return intake_lock(current().home, wait, waiting)


def _bring_in(
    session: "Session",
    source: str,
    secret: Callable[[], str],
    at_once: "tuple[Source, Batches] | None",
) -> "Counts":
    from clerk.cli.progress import progress
    from clerk.intake.receive import receive
    from clerk.intake.resuming import resume_of

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
    from clerk.cli.output import emit, line

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
            from clerk.cli.streams import read_stdin

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
