"""Fines as pages: what runs out first, and by state; and what one fine holds."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from storage.pages.keyset import Keyset
from storage.record import Record, columns
from storage.records import (
    Case,
    Claim,
    Dog,
    Fine,
    FineOffence,
    FineStep,
    Letter,
    Participant,
    Person,
)
from storage.terms import CaseState, FollowUpState, ParticipantRole, PaymentState
from storage.values import Value

if TYPE_CHECKING:
    from sqlite3 import Connection

R = TypeVar("R", bound=Record)


class FineRow(NamedTuple):
    """One line of a list of fines. ``title`` is the case's subject, ``person`` the offender's name
    or ''; ``at`` is what the list is in the order of."""

    id: str
    case_id: str
    number: str
    state: str
    limitation_on: str | None
    acted_from: str
    place: str
    plate: str
    amount: int
    reference: str | None
    office_id: str
    assignee_id: str | None
    restricted: int
    area: str
    title: str
    person: str
    at: str | int | None

    @property
    def key(self) -> tuple[Value, ...]:
        """Where its page stands: the order of the list."""
        return (self.at, self.id)


_COLUMNS = (
    "f.id, f.case_id, c.number, f.state, f.limitation_on, f.acted_from, f.place, f.plate_shown,"
    " f.amount, f.reference, f.office_id, c.assignee_id, f.restricted, f.area, c.subject,"
    " ifnull((SELECT trim(given_name || ' ' || family_name) FROM persons p"
    " WHERE p.id = c.person_id), '')"
)
_FROM = "FROM fines f JOIN cases c ON c.id = f.case_id"
_BY_LIMITATION = f"SELECT {_COLUMNS}, f.limitation_on {_FROM}"
_BY_ACT = f"SELECT {_COLUMNS}, f.acted_from {_FROM}"
_BY_OPENING = f"SELECT {_COLUMNS}, c.opened_at FROM cases c CROSS JOIN fines f ON f.case_id = c.id"
_PLATE = "f.plate = ? AND f.plate <> ''"  # the index holds no fine without one
_MOST_NEAR = 200


def _make(row: tuple[Value, ...]) -> FineRow:
    return FineRow._make(row)  # the columns are the fields, in order


def running_out(offices: Sequence[str]) -> Keyset[FineRow]:
    """What can be prosecuted or enforced only up to a day, the nearest day first."""
    prefixes = [
        ("f.office_id = ? AND f.limitation_on IS NOT NULL", (office,))
        for office in offices or ("",)
    ]
    return Keyset(_BY_LIMITATION, prefixes, ("f.limitation_on", "f.id"), False, _make, "fines f")


def in_states(
    offices: Sequence[str], states: Sequence[str], *, newest_first: bool = False
) -> Keyset[FineRow]:
    """The fines of these offices in these states, by the moment of the act."""
    prefixes = [
        ("f.office_id = ? AND f.state = ?", (office, state))
        for office in offices or ("",)
        for state in states
    ]
    return Keyset(_BY_ACT, prefixes, ("f.acted_from", "f.id"), newest_first, _make, "fines f")


def of_clerks(clerks: Sequence[str], state: str = CaseState.OPEN) -> Keyset[FineRow]:
    """The fines whose cases these clerks work on, the newest case first."""
    prefixes = [("c.state = ? AND c.assignee_id = ?", (state, clerk)) for clerk in clerks]
    return Keyset(_BY_OPENING, prefixes, ("c.opened_at", "f.id"), True, _make)


def count_of_clerks(
    db: "Connection", clerks: Sequence[str], state: str = CaseState.OPEN, most: int = 10_000
) -> int:
    """How many that are, at most ``most``: only cases of these clerks are looked at."""
    marks = ", ".join("?" * len(clerks))
    row = db.execute(
        "SELECT count(*) FROM (SELECT 1 FROM cases c CROSS JOIN fines f ON f.case_id = c.id"
        f" WHERE c.state = ? AND c.assignee_id IN ({marks}) LIMIT ?)",
        (state, *clerks, most),
    ).fetchone()
    return int(row[0])


def by_plate(db: "Connection", plate: str, most: int = 200) -> list[FineRow]:
    """The fines of a plate (capitals and digits alone), the newest act first."""
    sql = f"{_BY_ACT} WHERE {_PLATE} ORDER BY f.acted_from DESC, f.id DESC LIMIT ?"
    return [_make(row) for row in db.execute(sql, (plate, most))]


def by_cases(db: "Connection", ids: Sequence[str]) -> list[FineRow]:
    """The fines of these cases, in the order asked for; cases without one are left out."""
    found: dict[str, FineRow] = {}
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        marks = ", ".join("?" * len(part))
        for row in db.execute(f"{_BY_ACT} WHERE f.case_id IN ({marks})", part):
            found[str(row[1])] = _make(row)
    return [found[one] for one in ids if one in found]


def by_ids(db: "Connection", ids: Sequence[str]) -> list[FineRow]:
    """The fines with these ids, in the order asked for; missing ones are left out."""
    found: dict[str, FineRow] = {}
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        marks = ", ".join("?" * len(part))
        for row in db.execute(f"{_BY_ACT} WHERE f.id IN ({marks})", part):
            found[str(row[0])] = _make(row)
    return [found[one] for one in ids if one in found]


def by_persons(db: "Connection", ids: Sequence[str], most: int = 200) -> list[FineRow]:
    """The fines with which these persons are charged, the newest act first."""
    marks = ", ".join("?" * len(ids))
    sql = f"{_BY_ACT} WHERE c.person_id IN ({marks}) ORDER BY f.acted_from DESC, f.id DESC LIMIT ?"
    return [_make(row) for row in db.execute(sql, (*ids, most))]


def by_reference(db: "Connection", reference: str) -> list[FineRow]:
    """The fines with a payment reference: one, or none."""
    return [_make(row) for row in db.execute(f"{_BY_ACT} WHERE f.reference = ?", (reference,))]


def runs_out_until(db: "Connection", offices: Sequence[str], day: str, most: int = 1_000) -> int:
    """How many fines run out up to a day, at most ``most``."""
    marks = ", ".join("?" * len(offices))
    row = db.execute(
        f"SELECT count(*) FROM (SELECT 1 FROM fines WHERE office_id IN ({marks})"
        " AND limitation_on IS NOT NULL AND limitation_on <= ? LIMIT ?)",
        (*offices, day, most),
    ).fetchone()
    return int(row[0])


def due(db: "Connection", offices: Sequence[str], day: str, most: int = 1_000) -> list[FineRow]:
    """The fines of which a follow-up is due up to a day, the most overdue first; at most ``most``
    follow-ups are looked at."""
    marks = ", ".join("?" * len(offices))
    found = db.execute(
        f"SELECT case_id FROM follow_ups WHERE state = ? AND office_id IN ({marks})"
        " AND due_on <= ? AND rule IS NOT NULL ORDER BY due_on, id LIMIT ?",
        (FollowUpState.OPEN, *offices, day, most),
    )
    return by_cases(db, list(dict.fromkeys(str(case_id) for (case_id,) in found)))


class RetentionRow(NamedTuple):
    """An ended fine whose day has come. ``review_on``: it may be kept for future matters, which is
    to be looked at; None: it is to be erased."""

    case_id: str
    number: str
    state: str
    office_id: str
    retain_until: str
    review_on: str | None
    restricted: int


def retained_until(
    db: "Connection", offices: Sequence[str], day: str, most: int = 1_000
) -> list[RetentionRow]:
    """The fines whose cases were to be kept up to a day, the longest overdue first."""
    marks = ", ".join("?" * len(offices))
    rows = db.execute(
        "SELECT c.id, c.number, f.state, f.office_id, c.retain_until, f.review_on, f.restricted"
        " FROM cases c JOIN fines f ON f.case_id = c.id"
        f" WHERE c.office_id IN ({marks}) AND c.retain_until <= ?"
        " ORDER BY c.retain_until, c.id LIMIT ?",
        (*offices, day, most),
    )
    return [RetentionRow._make(row) for row in rows]


def retain_until(db: "Connection", case_id: str) -> str | None:
    """Up to which day a case is to be kept; None: nobody has said it."""
    row = db.execute("SELECT retain_until FROM cases WHERE id = ?", (case_id,)).fetchone()
    return None if row is None or row[0] is None else str(row[0])


def case_record(db: "Connection", case_id: str) -> Case:
    """The case itself. LookupError where there is none."""
    sql = f"SELECT {', '.join(columns(Case))} FROM cases WHERE id = ?"
    row = db.execute(sql, (case_id,)).fetchone()
    if row is None:
        raise LookupError(case_id)
    return Case.of(row)


# What one fine holds


def of_case(db: "Connection", case_id: str) -> Fine | None:
    """The fine of a case, None where the case is no fine's."""
    found = _of_case(db, Fine, case_id)
    return found[0] if found else None


def offences(db: "Connection", case_id: str) -> list[FineOffence]:
    """What is charged, in its order."""
    return sorted(_of_case(db, FineOffence, case_id), key=lambda one: one.position)


def steps(db: "Connection", case_id: str) -> list[FineStep]:
    """The steps of the procedure, the oldest first."""
    return sorted(_of_case(db, FineStep, case_id), key=lambda one: (one.at, one.id))


def dogs(db: "Connection", case_id: str) -> list[Dog]:
    """The dogs of a dog matter."""
    return _of_case(db, Dog, case_id)


def participants(db: "Connection", case_id: str) -> list[tuple[Participant, Person]]:
    """Who has a part in the case, in the order they were named."""
    one, other = columns(Participant), columns(Person)
    names = ", ".join([*(f"t.{name}" for name in one), *(f"p.{name}" for name in other)])
    rows = db.execute(
        f"SELECT {names} FROM participants t JOIN persons p ON p.id = t.person_id"
        " WHERE t.case_id = ? ORDER BY t.pos",
        (case_id,),
    )
    return [
        (Participant.of(tuple(row[: len(one)])), Person.of(tuple(row[len(one) :]))) for row in rows
    ]


def claims(db: "Connection", case_id: str) -> list[Claim]:
    """What is or was owed, in the order in which it is served."""
    return sorted(_of_case(db, Claim, case_id), key=lambda one: (one.created_at, one.position))


def letters(db: "Connection", case_id: str) -> list[Letter]:
    """The letters of a case, the oldest first."""
    return _of_case(db, Letter, case_id)


def paid_on(db: "Connection", case_id: str) -> str | None:
    """The day of the newest payment that was booked on a case; None where there is none."""
    row = db.execute(
        "SELECT max(booked_on) FROM payments WHERE case_id = ? AND state = ? AND amount > 0",
        (case_id, PaymentState.BOOKED),
    ).fetchone()
    return None if row[0] is None else str(row[0])


def _of_case(db: "Connection", record: type[R], case_id: str) -> list[R]:
    sql = f"SELECT {', '.join(columns(record))} FROM {record.TABLE} WHERE case_id = ? ORDER BY pos"
    return [record.of(row) for row in db.execute(sql, (case_id,))]


# What may be the same act


class NearRow(NamedTuple):
    """A fine that has the plate or the offender of another one."""

    case_id: str
    number: str
    acted_from: str
    place: str


def number_of_external(db: "Connection", external_id: str) -> str | None:
    """The number of the case into which a field device's record went."""
    row = db.execute(f"SELECT c.number {_FROM} WHERE f.external_id = ?", (external_id,)).fetchone()
    return None if row is None else str(row[0])


def of_external(db: "Connection", external_id: str) -> Fine | None:
    """The fine that a field device's record became."""
    names = ", ".join(columns(Fine))
    sql = f"SELECT {names} FROM fines WHERE external_id = ?"
    row = db.execute(sql, (external_id,)).fetchone()
    return None if row is None else Fine.of(row)


def with_plate(db: "Connection", plate: str, since: str, until: str) -> list[NearRow]:
    """The fines of a plate whose act lies between two moments (ISO)."""
    rows = db.execute(
        f"SELECT f.case_id, c.number, f.acted_from, f.place {_FROM}"
        f" WHERE {_PLATE} AND f.acted_from BETWEEN ? AND ? ORDER BY f.acted_from LIMIT ?",
        (plate, since, until, _MOST_NEAR),
    )
    return [NearRow(*row) for row in rows]


def of_offender(db: "Connection", person_id: str, since: str, until: str) -> list[NearRow]:
    """The fines of an offender whose act lies between two moments (ISO)."""
    rows = db.execute(
        "SELECT f.case_id, c.number, f.acted_from, f.place FROM participants t"
        " JOIN fines f ON f.case_id = t.case_id JOIN cases c ON c.id = f.case_id"
        " WHERE t.person_id = ? AND t.role = ? AND f.acted_from BETWEEN ? AND ?"
        " ORDER BY f.acted_from LIMIT ?",
        (person_id, ParticipantRole.OFFENDER, since, until, _MOST_NEAR),
    )
    return [NearRow(*row) for row in rows]
