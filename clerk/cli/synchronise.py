"""``clerk sync --once``, ``--watch`` and ``status``: synchronising by hand or for a workstation.

The workstation starts ``sync --watch`` as a process of its own. The store's key comes to it by
stdin, 32 bytes; then each byte says that something was committed here. Each byte on its stdout
says that rows look different now. When stdin ends, it ends.
"""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from clerk import clock
from clerk.cli.globals import current, note_act
from clerk.cli.opening import opened_store
from clerk.cli.output import Json, emit, fields, line
from clerk.cli.progress import progress
from clerk.dates import full
from clerk.i18n import _
from clerk.locks import sync_lock
from clerk.refusal import Refused
from clerk.settings import load_settings
from storage.errors import StoreError

if TYPE_CHECKING:
    from storage.store import Store

KEY_BYTES = 32


def once(as_json: bool) -> None:
    """Send and fetch everything; ends when both sides are equal or the store is not reached."""
    from clerk.sharing.synchronising import synchronisation

    home = current().home
    settings = load_settings(home).sync
    with opened_store() as store, sync_lock(home), progress() as paint:
        sync = synchronisation(
            store, settings, progress=lambda table, rows: paint(table, rows, None)
        )
        try:
            while sync.once() or _more(store):
                pass
            sync.state.reached()
        except StoreError as error:
            sync.state.failed(error)
            raise
        finally:
            sync.close()
        note_act("store")
        document = _document(store)
    emit(as_json, document, lambda: line(_("In step with the shared store.")))


def _more(store: "Store") -> bool:
    from storage.sync.state import waiting

    return waiting(store.db) > 0


def watch(*, by_workstation: bool) -> None:
    """Go on synchronising: until stopped, or until the workstation's end of stdin."""
    from clerk.sharing.synchronising import synchronisation

    home = current().home
    settings = load_settings(home).sync
    with _opened_by_pipe() if by_workstation else opened_store() as store, sync_lock(home):
        wakes = _Wakes()
        signal.signal(signal.SIGTERM, lambda *_: wakes.end())
        if by_workstation:
            threading.Thread(target=wakes.listen, daemon=True).start()
        changed = _tell if by_workstation else _nobody
        try:
            sync = synchronisation(store, settings, changed=changed)
        except (Refused, StoreError) as error:
            _keep_why(store, error)
            raise
        sync.run(wakes.pipe, stop=wakes.is_over)


def _keep_why(store: "Store", error: Refused | StoreError) -> None:
    """It cannot even begin: that is told where the workstation looks."""
    from storage.sync.state import State

    if isinstance(error, Refused):
        said = error.refusal.sentence.replace("{", "{{").replace("}", "}}")
        error = StoreError(error.refusal.code, said)
    with suppress(StoreError):
        State(store).failed(error)


class _Wakes:
    """Bytes from the workstation, passed on to the loop; its end of stdin is the end."""

    def __init__(self) -> None:
        self.pipe, self._inlet = os.pipe()
        self._over = False

    def listen(self) -> None:
        """Pass on what comes, until nothing will."""
        while part := os.read(sys.stdin.fileno(), 4096):
            os.write(self._inlet, part)
        self.end()

    def end(self) -> None:
        """No more rounds."""
        self._over = True
        os.write(self._inlet, b".")

    def is_over(self) -> bool:
        """Whether the loop shall end."""
        return self._over


def _tell() -> None:
    with suppress(OSError):  # the workstation has just ended
        os.write(1, b".")


def _nobody() -> None:
    return


@contextmanager
def _opened_by_pipe() -> "Iterator[Store]":
    """The store with the key that the workstation sends."""
    from storage.store import open_store

    key = b""
    while len(key) < KEY_BYTES and (part := os.read(sys.stdin.fileno(), KEY_BYTES - len(key))):
        key += part
    store = open_store(current().home, key, clock=clock.now)
    try:
        yield store
    finally:
        store.close()


def status(as_json: bool) -> None:
    """How this store stands to the shared one."""
    with opened_store() as store:
        document = _document(store)
    since = document["offline_since"]

    def show() -> None:
        fields(
            [
                (_("Shared store"), str(document["url"] or _("none: on its own"))),
                (_("Reached"), _("yes") if since is None else _("no")),
                (_("Not reached since"), full(since) if isinstance(since, int) else ""),
                (_("Why"), str(document["sentence"] or "")),
                (_("Tried again"), _("once a minute") if document["given_up"] else ""),
                (_("Waiting to be sent"), str(document["waiting"])),
                (_("Conflicts and rejections"), str(document["refused"])),
            ]
        )

    emit(as_json, document, show)


def _document(store: "Store") -> dict[str, Json]:
    from storage.sync.state import GIVEN_UP, STATE, offline_since, refusals_open, waiting, why

    said = why(store.db)
    return {
        "shared": bool(store.local("shared")),
        "url": store.local("hub_url"),
        "offline_since": offline_since(store.db),
        "reason": store.local("sync_reason") or None,
        "sentence": None if said is None else _(said[0]).format(**said[1]),
        "given_up": store.local(STATE) == GIVEN_UP,
        "waiting": waiting(store.db),
        "refused": refusals_open(store.db),
    }
