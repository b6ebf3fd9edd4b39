"""Full-text search: every word of the query must occur, parts of words count, newest first.

Texts and queries are folded alike (``storage.folding``). A word of the query stands for the words
of the vocabulary that contain it, found by trigrams ("laterne" finds "strassenlaterne"); they are
put into the query as an OR, which FTS5 streams from the newest row on without collecting the rest.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from storage.folding import words
from storage.indexing import LONGEST
from storage.record import Value

if TYPE_CHECKING:
    from sqlite3 import Connection

MOST_FORMS = 48  # forms of one query word; more is said in Hits.narrowed
MOST_WORDS = 12
MOST_CHARACTERS = 1_000
_TRIGRAM = 3

AREAS = ("items", "cases", "notes", "persons")


@dataclass(frozen=True, slots=True)
class Hit:
    """One record found. ``at`` is a time in ms (0 for persons)."""

    area: str
    id: str
    title: str
    detail: str
    at: int


@dataclass(frozen=True, slots=True)
class Hits:
    """What was found; ``more``: there is more than was asked for; ``narrowed``: the query was not
    looked for in full, because a word has too many forms or the query too many words."""

    rows: tuple[Hit, ...]
    more: bool
    narrowed: bool


_SELECT = {
    "items": "SELECT t.id, t.subject, t.sender_name || ' ' || t.sender_address, t.received_at"
    " FROM items_search s JOIN items t ON t.pos = s.rowid",
    "cases": "SELECT t.id, t.number || ' ' || t.subject, t.state, t.opened_at"
    " FROM cases_search s JOIN cases t ON t.pos = s.rowid",
    "notes": "SELECT ifnull(t.case_id, t.item_id), t.text, '', t.at"
    " FROM notes_search s JOIN notes t ON t.pos = s.rowid",
    "persons": "SELECT t.id, trim(t.given_name || ' ' || t.family_name),"
    # An address that is or was blocked (BMG 51) is shown with its person alone.
    " CASE WHEN t.shielded_until IS NULL"
    " THEN trim(t.street || ', ' || t.postcode || ' ' || t.city, ' ,') ELSE '' END, 0"
    " FROM persons_search s JOIN persons t ON t.pos = s.rowid",
}


def search(
    db: "Connection", query: str, *, areas: tuple[str, ...] = AREAS, limit: int = 50
) -> Hits:
    """The newest ``limit`` hits of each area, merged newest first."""
    match, narrowed = match_expression(db, query)
    if not match:
        return Hits((), False, False)
    found: list[Hit] = []
    more = False
    for area in areas:
        rows = db.execute(
            f"{_SELECT[area]} WHERE s.{area}_search MATCH ? ORDER BY s.rowid DESC LIMIT ?",
            (match, limit + 1),
        ).fetchall()
        more = more or len(rows) > limit
        found += [Hit(area, *row) for row in rows[:limit]]
    found.sort(key=lambda hit: hit.at, reverse=True)
    return Hits(tuple(found), more, narrowed)


def item_ids(
    db: "Connection", query: str, condition: str, values: tuple[Value, ...], limit: int
) -> tuple[list[str], bool]:
    """Ids of the newest items that match and fulfil a condition on ``t`` (items); and if narrowed.

    ``condition`` comes from ``storage.pages``, never from data.
    """
    match, narrowed = match_expression(db, query)
    if not match:
        return [], False
    rows = db.execute(
        "SELECT t.id FROM items_search s JOIN items t ON t.pos = s.rowid"
        f" WHERE s.items_search MATCH ? AND ({condition}) ORDER BY s.rowid DESC LIMIT ?",
        (match, *values, limit),
    ).fetchall()
    return [row[0] for row in rows], narrowed


def match_expression(db: "Connection", query: str) -> tuple[str, bool]:
    """The FTS5 expression of a query, '' if it has no word; and whether forms were left out.

    Only folded words ever reach the expression, quoted, so nothing in a query is syntax.
    """
    parts = []
    asked = list(dict.fromkeys(words(query[:MOST_CHARACTERS])))
    narrowed = len(asked) > MOST_WORDS or len(query) > MOST_CHARACTERS
    for word in asked[:MOST_WORDS]:
        forms = _forms(db, word)
        narrowed = narrowed or len(forms) > MOST_FORMS
        parts.append("(" + " OR ".join(f'"{form}"' for form in forms[:MOST_FORMS]) + ")")
    return " AND ".join(parts), narrowed


def _forms(db: "Connection", word: str) -> list[str]:
    """The word itself, then the words that begin with it, then those that contain it."""
    if len(word) > LONGEST:
        return [word]
    if len(word) < _TRIGRAM:
        rows = db.execute(
            "SELECT word FROM vocabulary WHERE word >= ?1 AND word < ?1 || char(1114111) LIMIT ?2",
            (word, MOST_FORMS + 1),
        ).fetchall()
    else:
        rows = db.execute(
            "SELECT v.word FROM vocabulary_parts p JOIN vocabulary v ON v.pos = p.rowid"
            " WHERE p.vocabulary_parts MATCH ?1 AND instr(v.word, ?2)"
            " ORDER BY instr(v.word, ?2) > 1, length(v.word), v.word LIMIT ?3",
            (" AND ".join(f'"{g}"' for g in _grams(word)), word, MOST_FORMS + 1),
        ).fetchall()
    return [word, *(row[0] for row in rows if row[0] != word)]


def _grams(word: str) -> list[str]:
    """Trigrams of a word: with detail=none the index knows no phrases, so each is asked for."""
    return list(dict.fromkeys(word[i : i + _TRIGRAM] for i in range(len(word) - _TRIGRAM + 1)))
