"""What a command that shows a record logs, and the reason that the settings may ask for."""

from typing import Annotated

import typer

from clerk.desks import reading
from clerk.desks.reading import Way
from clerk.i18n import _
from clerk.refusal import refuse
from clerk.session import Session
from clerk.settings import load_settings

ReadReason = Annotated[
    str, typer.Option("--reason", help=_("Why it is read, for the log of reads."))
]


def log(session: Session, records: list[tuple[str, str]], way: Way, reason: str) -> None:
    """Log the reads of records (table, id). Refused ``read.reason`` where one is needed."""
    if records:
        needed_reason(session, reason)
    for table, row_id in records:
        reading.log(session.actor, session.store, table, row_id, way=way, reason=reason)


def needed_reason(session: Session, reason: str) -> None:
    """Refused ``read.reason`` where the settings want one and there is none."""
    if not reason.strip() and load_settings(session.home).sync.ask_reason:
        raise refuse("read.reason", _("A reason is needed: --reason says why it is read."))
