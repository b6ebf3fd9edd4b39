"""Passwords of the shared database: from stdin, from the keyring, or asked for; never from the
command line, which every program of this machine can read."""

import sys
from collections.abc import Iterator

from clerk.cli.streams import read_stdin
from clerk.i18n import _
from clerk.refusal import refuse


class Secrets:
    """The passwords that a command needs, in their order: lines of stdin with ``--password-stdin``,
    else asked for on the terminal."""

    def __init__(self, *, from_stdin: bool) -> None:
        self._lines: Iterator[str] | None = iter(read_stdin().splitlines()) if from_stdin else None

    def own(self, name: str, *, optional: bool = False) -> str:
        """The password of a login that exists; from the keyring if it is kept there. With
        ``optional`` '' where nobody can be asked (the server may want none)."""
        if self._lines is not None:
            return next(self._lines, "")
        from storage.keyring import kept_secret

        kept = kept_secret(name)
        if kept is not None:
            return kept
        if not sys.stdin.isatty():
            if optional:
                return ""
            raise _missing()
        from getpass import getpass

        return getpass(_("Password of {login}: ").format(login=name))

    def new(self, login: str) -> str:
        """A new password, asked for twice. Refused ``hub.password`` where it is too short."""
        if self._lines is not None:
            password = next(self._lines, "")
        elif not sys.stdin.isatty():
            raise _missing()
        else:
            from getpass import getpass

            password = getpass(_("New password of {login}: ").format(login=login))
            if getpass(_("Once more: ")) != password:
                raise refuse("key.differs", _("The two passphrases differ. Nothing was made."))
        if len(password) < _LEAST:
            raise refuse(
                "hub.password",
                _("A password has at least {n} characters. Nothing was made.").format(n=_LEAST),
            )
        return password


_LEAST = 10


def _missing() -> Exception:
    return refuse("hub.no_password", _("A password is missing; give it with --password-stdin."))
