"""A fines office with much to do: rows written beneath the journal, as if they had come from the
shared store, so that a large stock is made in a minute."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from sqlite3 import Connection

from bench.stock import KEPT, clerk_environment, kept, remove, run_clerk
from storage.keys import unlock
from storage.record import Record, columns, values_of
from storage.records import (
    Case,
    Claim,
    Fine,
    FineOffence,
    FineStep,
    FollowUp,
    Participant,
    Person,
)
from storage.schema import SCHEMA
from storage.store import Store, open_store
from storage.terms import (
    ClaimKind,
    FineState,
    LimitationClass,
    OffenceArea,
    ParticipantRole,
)

OFFICE, CLERK = "bussgeld", "yozturk"
PARTS = ((ClaimKind.FINE, 60_00), (ClaimKind.FEE, 25_00), (ClaimKind.EXPENSES, 3_50))
OWED = sum(amount for _kind, amount in PARTS)
_NAMES = ("Müller", "Öztürk", "Groß", "Schäfer", "Nowak", "Beispiel", "Lindner")
# How a fine stands, how many days after the act it came there, how far that varies, and how long it
# can be prosecuted or enforced from then on: every fourth fine each.
_LIMITS = (
    (FineState.RECORDED, 0, 1, 91),
    (FineState.HEARING, 7, 14, 182),
    (FineState.SERVED, 35, 28, 182),
    (FineState.ENFORCEMENT, 100, 60, 1_095),
)
_A_DAY = 340  # fines recorded in the whole town
_WAY = ("fine.new", "fine.hear", "fine.issue", "fine.serve", "fine.become_final")
_AT = 1_780_000_000_000  # 2026-05-28, ms
_BEGUN = date(2026, 1, 5)
_AT_ONCE = 20_000
_VERSION = 2
Rows = Callable[[int], Iterator[Record]]


def open_home(home: Path) -> Store:
    """The replica of a home of the benchmarks."""
    passphrase = Path(clerk_environment(home)["CLERK_PASSPHRASE_FILE"]).read_text().strip()
    return open_store(home, unlock(home, lambda _new, _why: passphrase))


def running_out(fines: int) -> Path:
    """A home with so many fines in their cases, limitation dates over four years."""
    return _home(f"home-fines-{fines}", fines, _listed)


def final(fines: int) -> Path:
    """A home with so many final fines, each with three open claims under ``reference(n)``."""
    return _home(f"home-claims-{fines}", fines, _final)


def empty() -> Path:
    """A fresh home of the demo town."""
    home = KEPT / "home-fines"
    _found(home)
    return home


def reference(n: int) -> str:
    """The payment reference of the n-th final fine."""
    return f"9{n:011}"


def person(n: int) -> Person:
    """The n-th person."""
    name = _NAMES[n % len(_NAMES)]
    return Person(family_name=f"{name}-{n // 50}", given_name="Erika", city="Musterstadt")


def _home(name: str, fines: int, rows: Rows) -> Path:
    path = KEPT / name

    def build() -> None:
        _found(path)
        with closing(open_home(path)) as store, store.bulk():
            each = (one for n in range(fines) for one in rows(n))
            while some := list(islice(each, _AT_ONCE)):
                with store.beneath() as (db, _index):
                    _write(db, some)
            store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    return kept(path, {"fines": fines, "schema": SCHEMA, "version": _VERSION}, build)


def _found(home: Path) -> None:
    remove(home)
    run_clerk(home, "demo", "--size", "1", "--no-open")


def _write(db: Connection, records: Iterable[Record]) -> None:
    by_kind: dict[type[Record], list[Record]] = defaultdict(list)
    for one in records:
        by_kind[type(one)].append(one)
    for kind, some in by_kind.items():
        names = columns(kind)
        db.executemany(
            f"INSERT INTO {kind.TABLE} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})",
            [tuple(values_of(one).values()) for one in some],
        )


def _case(n: int, who: Person) -> Case:
    return Case(
        number=f"32.9-2026-{n:07}",
        office_id=OFFICE,
        subject="Hund nicht angeleint, Marktplatz",
        opened_at=_AT + n,
        person_id=who.id,
    )


def _listed(n: int) -> Iterator[Record]:
    who = person(n)
    case = _case(n, who)
    state, after, varies, days = _LIMITS[n % len(_LIMITS)]
    acted_on = _BEGUN + timedelta(days=n // _A_DAY)
    limit = acted_on + timedelta(days=after + n * 7919 % varies + days)
    yield from (who, case)
    yield Fine(
        case_id=case.id,
        office_id=OFFICE,
        state=state,
        reference=reference(n),
        area=OffenceArea.MUNICIPAL,
        acted_from=f"{acted_on}T14:30",
        place="Marktplatz",
        amount=60_00,
        plate=f"XYAB{n}",
        plate_shown=f"XY-AB {n}",
        limitation_on=limit.isoformat(),
        absolute_on=limit.isoformat(),
    )


def _final(n: int) -> Iterator[Record]:
    who = person(n)
    case = _case(n, who)
    part = Participant(case_id=case.id, person_id=who.id, role=ParticipantRole.OFFENDER)
    yield from (who, case, part)
    yield Fine(
        case_id=case.id,
        office_id=OFFICE,
        state=FineState.FINAL,
        reference=reference(n),
        area=OffenceArea.MUNICIPAL,
        acted_from="2026-01-05T14:30",
        place="Marktplatz",
        amount=60_00,
        fee=25_00,
        expenses=3_50,
        limitation_on="2029-04-30",
        absolute_on="2029-04-30",
    )
    yield FineOffence(
        case_id=case.id,
        position=1,
        code="HUND01",
        charge="Sie haben Ihren Hund nicht angeleint.",
        provisions="§ 5 Abs. 1 OBVO",
        amount=60_00,
        maximum=1_000_00,
        limitation=LimitationClass.BY_MAXIMUM,
    )
    states = (FineState.RECORDED, FineState.HEARING, FineState.NOTICE, FineState.SERVED)
    for at, (action, state) in enumerate(zip(_WAY, (*states, FineState.FINAL), strict=True)):
        yield FineStep(
            case_id=case.id,
            participant_id=part.id,
            action=action,
            state=state,
            on_date=(_BEGUN + timedelta(days=14 * at)).isoformat(),
            at=_AT + at,
            clerk_id=CLERK,
        )
    for rule in ("fine.payment", "fine.limitation"):
        yield FollowUp(
            case_id=case.id,
            office_id=OFFICE,
            due_on="2026-06-01",
            created_at=_AT,
            created_by=CLERK,
            rule=rule,
        )
    for position, (kind, amount) in enumerate(PARTS, 1):
        yield Claim(
            case_id=case.id,
            office_id=OFFICE,
            person_id=who.id,
            kind=kind,
            reference=reference(n),
            position=position,
            amount=amount,
            due_on="2026-03-18",
            created_at=_AT,
        )
