"""Records as JSON documents: the fields by their names, times in ISO 8601 UTC, names beside ids."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from clerk.cli.output import Json
from clerk.desks.outcome import Outcome
from storage.pages.cases import CaseRow
from storage.pages.follow_ups import FollowUpRow
from storage.pages.items import ItemRow
from storage.pages.letters import LetterRow
from storage.records import Document, Note

if TYPE_CHECKING:
    from storage.history import HistoryEntry
    from storage.pages.names import Names

Fields = dict[str, Json]


def iso(at: int | None) -> str | None:
    """``2026-11-23T08:14:05.123Z`` of a time in ms UTC."""
    if at is None:
        return None
    moment = datetime.fromtimestamp(at / 1000, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def item_document(row: ItemRow, names: "Names") -> Fields:
    """An item as it stands in a list."""
    return {
        "id": row.id,
        "received_at": iso(row.received_at),
        "sent_at": iso(row.sent_at),
        "channel": row.channel,
        "sender_name": row.sender_name,
        "sender_address": row.sender_address,
        "subject": row.subject,
        "state": row.state,
        "reason": row.reason,
        "office_id": row.office_id,
        "office": names.office(row.office_id) or None,
        "claimed_by": row.claimed_by,
        "claimed_by_name": names.clerk(row.claimed_by) or None,
        "case_id": row.case_id,
        "priority": row.priority,
        "attachments": row.attachments,
    }


def case_document(row: CaseRow, names: "Names") -> Fields:
    """A case as it stands in a list."""
    return {
        "id": row.id,
        "number": row.number,
        "subject": row.subject,
        "state": row.state,
        "opened_at": iso(row.opened_at),
        "office_id": row.office_id,
        "office": names.office(row.office_id),
        "assignee_id": row.assignee_id,
        "assignee": names.clerk(row.assignee_id) or None,
        "service_id": row.service_id,
        "service": names.service(row.service_id) or None,
        "person": row.person or None,
        "target_on": row.target_on,
        "legal_on": row.legal_on,
    }


def letter_document(row: LetterRow, names: "Names") -> Fields:
    """A letter as it stands in a list."""
    return {
        "id": row.id,
        "case_id": row.case_id,
        "number": row.number,
        "subject": row.subject,
        "template": row.template,
        "state": row.state,
        "way": row.way,
        "person": row.person or None,
        "office_id": row.office_id,
        "created_at": iso(row.created_at),
        "drafted_by": row.drafted_by,
        "drafted_by_name": names.clerk(row.drafted_by),
        "signatures": row.signatures,
        "signed_by": row.signed_by,
        "signed_by_name": names.clerk(row.signed_by) or None,
        "signed_for": row.signed_for,
        "signed_at": iso(row.signed_at),
        "second_by": row.second_by,
        "second_by_name": names.clerk(row.second_by) or None,
        "second_for": row.second_for,
        "second_at": iso(row.second_at),
        "queued_at": iso(row.queued_at),
        "sent_at": iso(row.sent_at),
        "document_id": row.document_id,
    }


def note_document(note: Note, names: "Names") -> Fields:
    """A note; it hangs on a case or on an item."""
    return {
        "id": note.id,
        "at": iso(note.at),
        "clerk_id": note.clerk_id,
        "clerk": names.clerk(note.clerk_id),
        "case_id": note.case_id,
        "item_id": note.item_id,
        "text": note.text,
    }


def follow_up_document(row: FollowUpRow, names: "Names") -> Fields:
    """A follow-up and what it is about."""
    return {
        "id": row.id,
        "due_on": row.due_on,
        "state": row.state,
        "text": row.text,
        "about": row.about,
        "case_id": row.case_id,
        "item_id": row.item_id,
        "office_id": row.office_id,
        "clerk_id": row.clerk_id,
        "clerk": names.clerk(row.clerk_id) or None,
    }


def attachment_document(document: Document) -> Fields:
    """A document without its bytes."""
    return {
        "id": document.id,
        "name": document.name,
        "media_type": document.media_type,
        "size": document.size,
        "sha256": document.content_sha256,
    }


def history_document(entry: "HistoryEntry") -> Fields:
    """An entry of the journal with its patches ``[old, new]``."""
    return {
        "seq": entry.seq,
        "id": entry.id,
        "at": iso(entry.at),
        "clerk_id": entry.clerk_id,
        "clerk": entry.clerk_name,
        "on_behalf_of": entry.on_behalf_of,
        "action": entry.action,
        "kind": entry.kind,
        "taken_back": entry.taken_back,
        "brought": entry.brought,
        "patches": [
            {"table": one.table, "id": one.row_id, "op": one.op, "fields": one.fields}
            for one in entry.patches
        ],
    }


def outcome_document(outcome: Outcome) -> Fields:
    """What became of an action on one or many records."""
    return {
        "action": outcome.action,
        "done": list(outcome.done),
        "refused": [
            {"id": row_id, "code": refusal.code, "sentence": refusal.sentence}
            for row_id, refusal in outcome.refused
        ],
    }
