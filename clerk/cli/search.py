"""``clerk search``: items, cases, notes and persons by their words."""

from typing import Annotated

import typer

from clerk import clock, dates
from clerk.cli.documents import iso
from clerk.cli.opening import opened
from clerk.cli.options import AsJson, Limit, verb_app
from clerk.cli.output import Column, emit, line, table
from clerk.cli.reading import ReadReason, log
from clerk.i18n import N_, _
from clerk.names import word
from clerk.session import Session
from storage.pages import cases
from storage.pages.ids import shortened
from storage.search import Hits
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
    as_json: AsJson = False,
) -> None:
    query = " ".join(words)
    with opened() as session:
        hits = find_words(session.store.db, query, limit=limit)
        rows = hits.rows[:limit]
        log(
            session,
            [("persons", hit.id) for hit in rows if hit.area == "persons"],
            "search",
            reason,
        )
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
            },
            lambda: _show(session, shown),
        )


def _show(session: Session, hits: Hits) -> None:
    now = clock.now()
    ids = _names(session, hits)
    table(
        [
            Column(_("What")),
            Column(_("Id"), keep=True),
            Column(_("When")),
            Column(_("Title")),
            Column(""),
        ],
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
