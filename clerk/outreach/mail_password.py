"""The password of the mail server: in the computer's keyring, else in the encrypted store."""

from typing import Final

from clerk.i18n import _
from clerk.refusal import refuse
from clerk.settings import MailSettings
from storage.store import Store

_SECRET: Final = "mail_secret"  # noqa: S105 - the name of a local value


def keep(store: Store, settings: MailSettings, password: str) -> None:
    """Keep it for this login at this server."""
    from storage.keyring import write_secret

    in_keyring = write_secret(_name(settings), password) == ""
    store.set_local(_SECRET, "" if in_keyring else f"{_name(settings)} {password}")


def password_of(store: Store, settings: MailSettings) -> str:
    """The kept one. Refused ``mail.no_password``."""
    name, _space, kept = (store.local(_SECRET) or "").partition(" ")
    if kept and name == _name(settings):
        return kept
    from storage.keyring import kept_secret

    found = kept_secret(_name(settings))
    if found is None:
        raise refuse(
            "mail.no_password",
            _("The password of the mail server is missing: clerk letters mailbox keeps it."),
        )
    return found


def _name(settings: MailSettings) -> str:
    return f"smtp://{settings.login}@{settings.host}:{settings.port}"
