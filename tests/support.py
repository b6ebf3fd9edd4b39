"""What many tests need: an opened store of a founded town, and records in it.

The key is an Argon2id one with the smallest cost, so that a test may open the store by its
passphrase as a user does, without waiting. Fixtures over these stand in ``conftest.py``.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from argon2.low_level import Type, hash_secret_raw

from clerk import clock
from clerk.desks.people import found
from clerk.session import Session
from storage.keys import FILE_NAME, KEY_BYTES, KeyFile, key_check
from storage.records import Case, Clerk, Item, Membership
from storage.store import Store, make_home, open_store
from storage.terms import Channel, ItemState, Role

TOWN = "Musterstadt"
FOUNDER = "leitung"
PASSPHRASE = "nur fuer Tests"
PASSPHRASE_FILE = "test.passphrase"

# Hostile in every way that matters on a terminal: escape sequence, bidi override, Rich and Textual
# markup, a C1 control, NUL and a line end.
HOSTILE = (
    "\x1b[31mrot\x1b]0;titel\x07 \u202egnp.exe [/nope] [@click=app.quit]x[/] [bold] \x9b2J \x00\r\n"
)


def make_key(home: Path, passphrase: str = PASSPHRASE) -> bytes:
    """A key file in ``home`` and the passphrase file beside it; returns the raw key."""
    make_home(home)
    how = KeyFile(
        "passphrase", "", salt=base64.b64encode(b"s" * 16).decode(), time_cost=1, memory_kib=8
    )
    key = hash_secret_raw(
        passphrase.encode(), b"s" * 16, time_cost=1, memory_cost=8, parallelism=1,
        hash_len=KEY_BYTES, type=Type.ID,
    )  # fmt: skip
    fields = how._asdict() | {"check": key_check(key)}
    (home / FILE_NAME).write_text(json.dumps(fields), encoding="utf-8")
    (home / PASSPHRASE_FILE).write_text(passphrase + "\n", encoding="utf-8")
    return key


def make_session(home: Path) -> Session:
    """A founded town in ``home``; its one clerk ``leitung`` supervises every office."""
    store = open_store(home, make_key(home), create=True, clock=clock.now)
    return Session(store, found(store, town=TOWN, login=FOUNDER, name="Lena Leitung"), home)


def add_item(
    session: Session,
    subject: str = "Straßenlaterne defekt",
    text: str = "Guten Tag, die Laterne vor Nr. 7 flackert.",
    *,
    office_id: str | None = "buergerbuero",
    sender_name: str = "Erika Beispiel",
    sender_address: str = "erika@example.org",
    received_at: int | None = None,
    state: ItemState = ItemState.OPEN,
    claimed_by: str | None = None,
    case_id: str | None = None,
    raw: bytes | None = None,
    priority: int = 0,
) -> str:
    """A mail in the inbox, through the journal like every record; returns its id."""
    store = session.store
    with store.change(session.actor, "item.receive", undoable=False) as change:
        sha256 = change.content(text.encode())
        at = store.clock() if received_at is None else received_at
        item = change.add(
            Item(
                channel=Channel.MAIL,
                external_id=f"test:{hashlib.sha256(f'{subject}{at}{text}'.encode()).hexdigest()}"
                f":{_running(store)}",
                thread_key=sha256,
                raw_sha256=change.content(raw) if raw is not None else None,
                text_sha256=sha256,
                sender_name=sender_name,
                sender_address=sender_address,
                subject=subject,
                received_at=at,
                state=state,
                office_id=office_id,
                claimed_by=claimed_by,
                case_id=case_id,
                priority=priority,
            )
        )
    return item.id


def add_clerk(session: Session, login: str, roles: Mapping[str, Role], name: str = "") -> str:
    """A clerk with roles (office id -> role); returns the id. ``--as`` and actor_of know them."""
    with session.store.change(session.actor, "clerk.add", undoable=False) as change:
        clerk = change.add(Clerk(login=login, name=name or login.title()))
        for office_id, role in roles.items():
            change.add(Membership(clerk_id=clerk.id, office_id=office_id, role=role))
    return clerk.id


def add_case(
    session: Session,
    subject: str = "Laterne Hauptstraße 7",
    *,
    office_id: str = "buergerbuero",
    service_id: str | None = None,
) -> Case:
    """A new case of the session's clerk."""
    from clerk.desks import cases

    return cases.create(
        session.store, session.actor, subject=subject, office_id=office_id, service_id=service_id
    )


def add_letter(
    session: Session,
    case: Case | None = None,
    text: str = "Guten Tag.",
    *,
    case_id: str | None = None,
    name: str = "Erika Beispiel",
    subject: str = "x",
) -> str:
    """A draft in one's own words, in a case of the Bürgerbüro or the given one; returns its id."""
    from clerk.desks import letters
    from clerk.letters.details import Address, Plain

    home = case_id or (case or add_case(session)).id
    details = Plain(to=Address(name=name), number="1", subject=subject, text=text)
    return letters.draft(session.store, session.actor, home, "plain", details).id


SETTINGS = b"""
[letterhead]
authority = "Stadt Musterstadt"
department = "Ordnungsamt"
street = "Rathausplatz 1"
postcode = "12345"
city = "Musterstadt"
email = "amt@example.org"
[bank]
holder = "Stadtkasse"
iban = "DE02120300000000202051"
"""


def sign_letters(session: Session, case_id: str) -> None:
    """The drafts of a case are signed by the session's clerk; its office is set up for it."""
    from clerk.desks import signing
    from clerk.desks.office_settings import set_settings
    from storage.pages import cases, fines

    store, actor = session.store, session.actor
    office_id = cases.record(store.db, case_id).office_id
    sql = "SELECT ifnull(settings, '') FROM offices WHERE id = ?"
    said = str(store.db.execute(sql, (office_id,)).fetchone()[0])
    if "[letterhead]" not in said:
        set_settings(store, actor, office_id, Path("amt.toml"), SETTINGS + said.encode())
    drafts = [one.id for one in fines.letters(store.db, case_id) if one.state == "draft"]
    outcome = signing.sign(store, actor, drafts)
    assert not outcome.refused, outcome.refused


def _running(store: Store) -> int:
    return int(store.db.execute("SELECT count(*) FROM items").fetchone()[0])
