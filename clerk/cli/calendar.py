"""``clerk calendar free``: free times by a file of opening hours and bookings. Needs no store."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

import msgspec
import typer

from clerk import clock, dates
from clerk.cli.globals import UsageError
from clerk.cli.options import AsJson, noun_app
from clerk.cli.output import Column, Json, emit, table
from clerk.i18n import _
from clerk.refusal import Refused, refuse
from clerk.rules.free_times import Booking, FreeDay, Question, free_times, outside
from clerk.rules.opening_hours import OpeningHours, overlaps, problems
from clerk.system_words import in_our_words
from clerk.text import display

app = noun_app(_("Appointments: free times."))
_MOST_BYTES = 50_000_000
_MOST_DAYS = 1_000
_MOST_SLOTS = 25
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Side(StrEnum):
    """Who books."""

    STAFF = "staff"
    PUBLIC = "public"


class _Repeat(msgspec.Struct, forbid_unknown_fields=True):
    after_weeks: int = 0
    week_of_month: int = 0


class _Workstations(msgspec.Struct, forbid_unknown_fields=True):
    staff: int
    public: int = 0


class _Bookable(msgspec.Struct, forbid_unknown_fields=True):
    start_days: int = 0
    end_days: int = 60


class _Hours(msgspec.Struct, forbid_unknown_fields=True):
    id: int | str
    start_date: date
    end_date: date
    start_time: str
    end_time: str
    weekdays: list[
        Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    ]
    slot_minutes: int
    workstations: _Workstations
    repeat: _Repeat | None = None
    bookable: _Bookable | None = None
    multiple_slots: bool = True


class _Booked(msgspec.Struct, forbid_unknown_fields=True):
    start: str
    slots: Annotated[int, msgspec.Meta(ge=1, le=1440)] = 1


class _File(msgspec.Struct, forbid_unknown_fields=True):
    opening_hours: list[_Hours]
    closures: list[date] = []
    bookings: list[_Booked] = []


@dataclass(frozen=True, slots=True)
class _Opening:
    hours: list[OpeningHours]
    closures: frozenset[date]
    bookings: list[Booking]


@app.command(help=_("Free times by opening hours, closures and bookings of a file."))
def free(  # noqa: PLR0917 - the options of a line
    opening: Annotated[
        Path, typer.Option("--opening", metavar="FILE", help=_("The opening hours, as JSON."))
    ],
    first: Annotated[
        str, typer.Option("--from", metavar="DATE", help=_("The first day: 2026-03-15."))
    ],
    last: Annotated[str, typer.Option("--to", metavar="DATE", help=_("The last day."))],
    now: Annotated[
        str, typer.Option("--now", metavar="ISO", help=_("The moment it is; otherwise the clock."))
    ] = "",
    slots: Annotated[
        int, typer.Option("--slots", min=1, max=_MOST_SLOTS, help=_("How many slots it takes."))
    ] = 1,
    side: Annotated[
        Side, typer.Option("--for", help=_("Workstations of the staff, or their public part."))
    ] = Side.PUBLIC,
    as_json: AsJson = False,
) -> None:
    days = _days(first, last)
    moment = _moment(now) if now else clock.local(clock.now())
    found = _read(opening)
    asked = Question(moment, slots, side.value, clock.ZONE)
    try:
        free_days = free_times(found.hours, found.closures, found.bookings, days, asked)
    except OverflowError:
        raise UsageError(_("--from and --to need days of this century.")) from None
    _warn(found, days)
    document: list[Json] = [
        {"day": one.day.isoformat(), "capacity": one.capacity, "free": one.free}
        for one in free_days
    ]
    emit(as_json, document, lambda: _show(free_days))


def _show(days: Sequence[FreeDay]) -> None:
    columns = (Column(_("Day"), keep=True), Column(_("Slots"), "right"), Column(_("Free")))
    rows = [
        (
            dates.numbers(one.day),
            str(one.capacity),
            " ".join(f"{at}({n})" for at, n in one.free.items()),
        )
        for one in days
    ]
    table(columns, rows)


def _warn(found: _Opening, days: Sequence[date]) -> None:
    """What contradicts itself is shown beside the result; nothing is guessed away."""
    for day, one, other in overlaps(found.hours, days, found.closures):
        _say(
            _("{day}: {one} and {other} are open at the same time; their workstations add up."),
            day=day.isoformat(),
            one=one.id,
            other=other.id,
        )
    within = [b for b in found.bookings if days[0] <= _day_of(b) <= days[-1]]
    for booking in outside(found.hours, found.closures, within, clock.ZONE):
        at = datetime.fromtimestamp(booking.start * 60, UTC).astimezone(clock.ZONE)
        _say(
            _("The booking of {moment} lies outside the opening hours."),
            moment=f"{at:%Y-%m-%d %H:%M}",
        )


def _say(sentence: str, **words: str) -> None:
    sys.stderr.write(display(sentence.format(**words)) + "\n")


def _day_of(booking: Booking) -> date:
    return datetime.fromtimestamp(booking.start * 60, UTC).astimezone(clock.ZONE).date()


def _read(path: Path) -> _Opening:
    """The file's content. Raises Refused, naming the place in the file."""
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise refuse(
            "calendar.file",
            _("{file} cannot be read: {reason}").format(
                file=path, reason=in_our_words(error.strerror)
            ),
        ) from None
    if len(data) > _MOST_BYTES:
        raise refuse("calendar.file", _("{file} is too large.").format(file=path))
    try:
        said = msgspec.json.decode(data, type=_File)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise refuse(
            "calendar.file",
            _("{file} holds no opening hours: {reason}").format(file=path, reason=error),
        ) from None
    hours = [_hours(one, f"opening_hours[{n}]") for n, one in enumerate(said.opening_hours)]
    bookings = [_booking(one, f"bookings[{n}]") for n, one in enumerate(said.bookings)]
    return _Opening(hours, frozenset(said.closures), bookings)


def _booking(one: _Booked, where: str) -> Booking:
    try:
        start = int(_at(datetime.fromisoformat(one.start)).timestamp()) // 60
    except (ValueError, OverflowError):
        raise _no_moment(f"{where}.start", one.start) from None
    return Booking(start, one.slots)


def _time(text: str, where: str) -> time:
    try:
        found = time.fromisoformat(text)
    except ValueError:
        raise _no_moment(where, text) from None
    if found.tzinfo or found.second or found.microsecond:
        raise _no_moment(where, text)
    return found


def _no_moment(where: str, text: str) -> Refused:
    return refuse(
        "calendar.moment", _("{where}: “{text}” is no time.").format(where=where, text=text)
    )


def _hours(said: _Hours, where: str) -> OpeningHours:
    one = _as_rule(said, where)
    for problem in problems(one):
        raise refuse(problem.code, f"{where} ({one.id}): {problem.sentence}")
    return one


def _as_rule(one: _Hours, where: str) -> OpeningHours:
    repeat, bookable = one.repeat or _Repeat(), one.bookable or _Bookable()
    return OpeningHours(
        id=str(one.id),
        start_date=one.start_date,
        end_date=one.end_date,
        start_time=_time(one.start_time, f"{where}.start_time"),
        end_time=_time(one.end_time, f"{where}.end_time"),
        weekdays=frozenset(_WEEKDAYS.index(name) for name in one.weekdays),
        slot_minutes=one.slot_minutes,
        staff=one.workstations.staff,
        public=one.workstations.public,
        after_weeks=repeat.after_weeks,
        week_of_month=repeat.week_of_month,
        first_day=bookable.start_days,
        last_day=bookable.end_days,
        multiple_slots=one.multiple_slots,
    )


def _at(moment: datetime) -> datetime:
    """A moment without an offset is the wall clock's in Germany."""
    return moment if moment.tzinfo else moment.replace(tzinfo=clock.ZONE)


def _moment(text: str) -> datetime:
    try:
        return _at(datetime.fromisoformat(text)).astimezone(clock.ZONE)
    except (ValueError, OverflowError):
        raise UsageError(_("--now needs a moment such as 2026-03-15T09:30.")) from None


def _days(first: str, last: str) -> list[date]:
    try:
        begin, end = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        raise UsageError(_("--from and --to need dates such as 2026-03-15.")) from None
    if not 0 <= (end - begin).days < _MOST_DAYS:
        raise UsageError(
            _("--to comes after --from, by at most {days} days.").format(days=_MOST_DAYS)
        )
    return [begin + timedelta(number) for number in range((end - begin).days + 1)]
