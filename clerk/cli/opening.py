"""The store of a command, opened as its global options say and closed when the block ends."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from clerk.cli.globals import current, note_act
from clerk.i18n import _
from clerk.refusal import refuse
from clerk.session import Session, key_for, open_session, passphrase_source

if TYPE_CHECKING:
    from storage.store import Store

SHARED = "shared"  # the local value that says to which shared store this one is joined


@contextmanager
def opened(*, create: bool = False) -> Iterator[Session]:
    """The store and who acts in it. With ``create`` an empty home becomes a store; commands that
    only read never make one."""
    chosen = current()
    ask = passphrase_source(chosen.home, chosen.passphrase_file)
    session = open_session(chosen.home, ask=ask, create=create, who=chosen.as_login)
    try:
        if chosen.as_login is not None:
            refuse_in_shared(session.store)
        yield session
    finally:
        if session.store.db.total_changes:
            note_act("store")
        session.store.close()


def refuse_in_shared(store: "Store") -> None:
    """In a store that is joined to a shared one everybody is who they signed in as."""
    if store.local(SHARED):
        raise refuse(
            "clerk.shared",
            _("This store is shared with others; here everybody acts as themselves."),
        )


@contextmanager
def opened_store() -> Iterator["Store"]:
    """The store alone, for commands that must work even where its clerks are damaged."""
    from clerk import clock
    from storage.store import exists, open_store

    chosen = current()
    if not exists(chosen.home):
        open_store(chosen.home, b"", create=False)  # says that there is none, and what makes one
    ask = passphrase_source(chosen.home, chosen.passphrase_file)
    store = open_store(chosen.home, key_for(chosen.home, ask, create=False), clock=clock.now)
    try:
        yield store
    finally:
        store.close()
