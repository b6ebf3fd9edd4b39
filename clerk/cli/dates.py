"""Dates as they are typed on the command line."""

from datetime import date

from clerk import clock
from clerk.cli.globals import UsageError
from clerk.rules.shorthand import parse_date


def day_of(typed: str) -> date:
    """The coming day that is meant (``3t``, ``mo``, ``15.3.``); UsageError says how."""
    found = parse_date(typed, clock.today(), future=True)
    if isinstance(found, date):
        return found
    raise UsageError(found.sentence)


def past_day_of(typed: str) -> date:
    """The day that is meant, where ``15.3.`` is one of this year; UsageError says how."""
    found = parse_date(typed, clock.today())
    if isinstance(found, date):
        return found
    raise UsageError(found.sentence)
