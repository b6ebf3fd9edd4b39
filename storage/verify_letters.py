"""Proof that what was signed stands as it was signed: the details by their hash, the PDF by the
hash in the entry of its signature."""

import hashlib
import json
from typing import TYPE_CHECKING

from storage.difference import FoundError
from storage.overlay import is_joined
from storage.terms import LetterState

if TYPE_CHECKING:
    from sqlite3 import Connection

_FINAL = (LetterState.FINAL, LetterState.QUEUED, LetterState.SENT)


def check_letters(db: "Connection") -> int:
    """How many signed letters there are; raises FoundError at the first that is not as signed."""
    signed = (LetterState.SIGNED, *_FINAL)
    marks = ", ".join("?" * len(signed))
    checked = 0
    rows = db.execute(
        "SELECT l.id, l.state, l.details, l.wording, l.document_id, d.content_sha256 FROM letters l"
        f" LEFT JOIN documents d ON d.id = l.document_id WHERE l.state IN ({marks})",
        signed,
    )
    for letter_id, state, details, wording, document_id, sha256 in rows:
        checked += 1
        if hashlib.sha256(details.encode()).hexdigest() != wording:
            raise FoundError(f"letters {letter_id}: its details are not those that were signed")
        if state not in _FINAL:
            continue
        entered = _of_entries(db, document_id)
        past_is_here = bool(entered) or not is_joined(db)  # else it comes when it is wanted
        if sha256 is None or (past_is_here and entered != {sha256}):
            raise FoundError(f"letters {letter_id}: its PDF is not the one that was signed")
    return checked


def _of_entries(db: "Connection", document_id: str | None) -> set[object]:
    """The hashes that the journal ever gave to a document; of a letter's there is one."""
    found: set[object] = set()
    for (patches,) in db.execute(
        "SELECT e.patches FROM entry_rows r JOIN entries e USING (seq)"
        " WHERE r.tbl = 'documents' AND r.row_id = ?",
        (document_id,),
    ):
        for table, row_id, op, fields in json.loads(patches):
            if table == "documents" and row_id == document_id and op != "drop":
                found |= {new for name, (_old, new) in fields.items() if name == "content_sha256"}
    return found
