"""What hangs on an item or a case, as fields for people: documents, follow-ups, notes."""

from collections.abc import Sequence

from clerk import clock, dates
from clerk.i18n import _
from storage.pages.follow_ups import FollowUpRow
from storage.pages.names import Names
from storage.records import Document, Note


def attached(
    documents: Sequence[Document],
    due: Sequence[FollowUpRow],
    notes: Sequence[Note],
    names: Names,
) -> list[tuple[str, str]]:
    """Name and value of each, in this order."""
    now = clock.now()
    return [
        *((_("Document"), f"{one.name} ({one.size} B)") for one in documents),
        *((_("Follow-up"), f"{one.due_on} {one.text}") for one in due),
        *(
            (_("Note"), f"{dates.moment(one.at, now)} {names.clerk(one.clerk_id)}: {one.text}")
            for one in notes
        ),
    ]
