"""One fine from its record to its payment, on the days on which it would happen: screens of the
handbook, in a demo town of its own."""

from datetime import UTC, date, datetime, time

from textual.pilot import Pilot

from clerk import clock
from clerk.desks.payments import take_at_counter
from clerk.desks.people import actor_of
from clerk.session import Session
from docs.pictures.station import DAY, as_text, demo_town, press, settled, station
from screens.app import Workstation
from storage.pages import fines, payments
from storage.terms import FineState, PaymentKind

WALK = (
    "owi-liste",
    "owi-erfassen",
    "owi-anhoerung",
    "owi-bescheid",
    "owi-einspruch",
    "owi-bezahlt",
)
_CLERK = "dkruse"
_ITEMS = 100
_SIZE = (80, 24)
_HEARD, _SERVED, _OBJECTED, _PAID = (
    date(2026, 12, 7), date(2026, 12, 10), date(2026, 12, 18), date(2026, 12, 28),
)  # fmt: skip


async def walk() -> dict[str, str]:
    """The screens of :data:`WALK` by their names."""
    real = clock.now
    try:
        with demo_town(_ITEMS) as town:
            _wait_until(town, DAY)
            session = Session(town.store, actor_of(town.store, _CLERK), town.home)
            return await _screens(session)
    finally:
        clock.now = real


async def _screens(session: Session) -> dict[str, str]:
    found: dict[str, str] = {}
    async with station(session, _SIZE) as pilot:
        await press(pilot, "g", "o")
        found["owi-liste"] = await _shown(pilot)
        await press(pilot, "n", *"kot", "enter", *"Am Weiher 5", "enter", "enter", *"830", "enter")
        await press(
            pilot, "enter", *"Jost Ahlers", "enter", *"Am Wall 3", "enter", *"4.5.80", "tab"
        )
        await press(pilot, "tab", *"Foto", "enter")
        found["owi-erfassen"] = await _shown(pilot)
        await press(pilot, "f9", "escape")
        case_id = _newest(session)
        app = pilot.app
        assert isinstance(app, Workstation)
        app.open_case(case_id)
        await settled(pilot)
        await press(pilot, "a", "s", "u", "minus")
        found["owi-anhoerung"] = await _shown(pilot)
        _wait_until(session, _HEARD)
        await press(pilot, "A", *"Er gibt es zu.", "f9", "B", "f9", "s", "end", "u", "minus", "4")
        found["owi-bescheid"] = await _shown(pilot)
        _wait_until(session, _SERVED)
        await press(pilot, "1", "t", *"heute", "f9")
        _wait_until(session, _OBJECTED)
        await press(pilot, "p", *"heute", "f9", "2")
        found["owi-einspruch"] = await _shown(pilot)
        _wait_until(session, _PAID)
        await press(pilot, "U", *"heute", "f9")
        owed = sum(one.amount - one.paid for one in payments.claims(session.store.db, case_id))
        take_at_counter(
            session.store, session.actor, case_id, amount=owed, kind=PaymentKind.CASH, on=_PAID
        )
        await press(pilot, "f5", "4")
        found["owi-bezahlt"] = await _shown(pilot)
    ended = fines.of_case(session.store.db, case_id)
    assert ended is not None
    assert ended.state == FineState.SETTLED
    return found


async def _shown(pilot: Pilot[int]) -> str:
    await settled(pilot)
    return as_text(pilot.app)


def _newest(session: Session) -> str:
    """The case of the fine that was recorded last."""
    keyset = fines.in_states(session.actor.offices, [FineState.RECORDED], newest_first=True)
    return keyset.page(session.store.db, limit=1)[0].case_id


def _wait_until(session: Session, day: date) -> None:
    """It is the morning of that day."""
    at = int(datetime.combine(day, time(9, 14), UTC).timestamp() * 1000)
    clock.now = lambda: at
    session.store.clock = clock.now
