"""Ask the shared store beyond the working set, for a command: what a workstation does on its own
screen (``screens/beyond.py``) a command waits for, some seconds at most."""

import time

from clerk.desks.beyond import SECONDS, UNREACHED
from clerk.locks import SYNC, release, take
from clerk.settings import SyncSettings
from clerk.sharing.synchronising import synchronisation
from storage import inquiries
from storage.errors import StoreError
from storage.inquiries import Answer, Inquiry
from storage.store import Store

_EVERY_S = 0.05


def answer(store: Store, settings: SyncSettings, one: Inquiry) -> Answer:
    """Ask and wait: whatever synchronises this store already answers, else this program does.

    Never raises for a shared store that is not reached; the answer's code says so. Refused
    ``sync.alone`` where there is none.
    """
    inquiries.ask(store, one)
    try:
        held = take(store.home, SYNC)
        if held is None:
            return _waited_for(store, one)
        try:
            return _own(store, settings, one)
        finally:
            release(held)
    finally:
        inquiries.withdraw(store, one.id)


def _waited_for(store: Store, one: Inquiry) -> Answer:
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        if found := inquiries.answer_to(store.db, one.id):
            return found
        time.sleep(_EVERY_S)
    return Answer(UNREACHED)


def _own(store: Store, settings: SyncSettings, one: Inquiry) -> Answer:
    sync = synchronisation(store, settings)
    try:
        sync.answer()
    except StoreError as error:
        return Answer(error.code)
    finally:
        sync.close()
    return inquiries.answer_to(store.db, one.id) or Answer(UNREACHED)
