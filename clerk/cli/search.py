"""``clerk search``: what holds these words, here and in the shared store."""

from collections.abc import Sequence
from typing import Annotated

import typer

from clerk import clock, dates
from clerk.cli.beyond import asked
from clerk.cli.documents import iso
from clerk.cli.opening import opened
from clerk.cli.options import AsJson, Limit, verb_app
from clerk.cli.output import Column, Json, emit, line, table
from clerk.cli.reading import ReadReason, log, needed_reason
from clerk.desks import beyond
from clerk.i18n import N_, _
from clerk.names import word
from clerk.session import Session
from storage.inquiries import Answer
from storage.pages import cases
from storage.pages.ids import shortened
from storage.search import Hit, Hits
from storage.search import search as find_words

app = verb_app()
_AREA_WORDS = {
    "items": N_("item"),
    "cases": N_("case"),
    "notes": N_("note"),
    "persons": N_("person"),
}


@app.command(help=_("Search for all of these words, or parts of them, newest first."))
def search(
    words: Annotated[list[str], typer.Argument(metavar="WORD...", help=_("What to look for."))],
    limit: Limit = 50,
    reason: ReadReason = "",
    here: Annotated[
        bool, typer.Option("--here", help=_("Only what is on this workstation."))
    ] = False,
    as_json: AsJson = False,
) -> None:
    query = " ".join(words)
    with opened() as session:
        far_too = not here and beyond.can_ask(session.store) is None
        if far_too:
            needed_reason(session, reason)
        hits = find_words(session.store.db, query, limit=limit)
        rows = hits.rows[:limit]
        log(
            session,
            [("persons", hit.id) for hit in rows if hit.area == "persons"],
            "search",
            reason,
        )
        far = _far(session, query, rows, reason) if far_too else None
        more = hits.more or len(hits.rows) > limit
        shown = Hits(rows, more, hits.narrowed)
        emit(
            as_json,
            {
                "query": query,
                "hits": [
                    {
                        "kind": hit.area,
                        "id": hit.id,
                        "title": hit.title,
                        "detail": hit.detail,
                        "at": iso(hit.at) if hit.at else None,
                    }
                    for hit in rows
                ],
                "more": more,
                "narrowed": hits.narrowed,
                "shared": None if far is None else _document(far),
            },
            lambda: _show(session, shown, far),
        )


def _far(session: Session, query: str, shown: Sequence[Hit], reason: str) -> Answer:
    """What the shared store has of it and this workstation has not."""
    here = tuple(hit.id for hit in shown if hit.area == "persons")
    areas = ("cases", "items", "persons")
    one = beyond.by_words(query, areas=areas, here=here, reason=reason)
    return Answer("") if one is None else asked(session, one)


def _document(far: Answer) -> dict[str, Json]:
    return {
        "reached": not far.code,
        "code": far.code or None,
        "hits": [
            {
                "kind": one.table,
                "id": one.id,
                "title": beyond.title_of(one),
                "detail": str(one.data.get("state"))
                if one.table == "cases"
                else beyond.detail_of(one),
                "at": iso(one.at) if one.at else None,
            }
            for one in far.found
        ],
    }


def _show(session: Session, hits: Hits, far: Answer | None) -> None:
    now = clock.now()
    ids = _names(session, hits)
    _table(
        [
            (
                _(_AREA_WORDS[hit.area]),
                name,
                dates.moment(hit.at, now) if hit.at else "",
                hit.title,
                word("case", hit.detail) if hit.area == "cases" else hit.detail,
            )
            for name, hit in zip(ids, hits.rows, strict=True)
        ],
    )
    said = _("{n} found").format(n=len(hits.rows))
    if hits.more:
        said = _("the newest {n}; there are more").format(n=len(hits.rows))
    if hits.narrowed:
        said += "; " + _("many word forms, please be more exact")
    line(said)
    if far is not None and far.code:
        line(beyond.why_not(far.code))
    elif far is not None and far.found:
        line("")
        line(_("Only in the shared store:"))
        _table(
            [
                (
                    _(_AREA_WORDS[one.table]),
                    str(one.data.get("number") or one.id),
                    dates.moment(one.at, now) if one.at else "",
                    str(one.data.get("subject") or beyond.title_of(one)),
                    beyond.detail_of(one),
                )
                for one in far.found
            ]
        )


def _table(rows: Sequence[tuple[str, ...]]) -> None:
    table(
        [
            Column(_("What")),
            Column(_("Id"), keep=True),
            Column(_("When")),
            Column(_("Title")),
            Column(""),
        ],
        rows,
    )


def _names(session: Session, hits: Hits) -> list[str]:
    """What to type for each hit: a case's number, else the short id. A note is found under the
    case or item it hangs on."""
    db = session.store.db
    numbers = {row.id: row.number for row in cases.by_ids(db, [hit.id for hit in hits.rows])}
    return [
        numbers[hit.id]
        if hit.id in numbers
        else shortened(db, "persons" if hit.area == "persons" else "items", [hit.id])[0]
        for hit in hits.rows
    ]
