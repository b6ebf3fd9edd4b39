"""``clerk verify``: prove that the store is what its journal says."""

from contextlib import suppress
from typing import TYPE_CHECKING, Annotated

import typer

from clerk import clock
from clerk.cli.globals import current
from clerk.cli.opening import opened_store
from clerk.cli.options import AsJson, verb_app
from clerk.cli.output import emit, fields, line
from clerk.cli.progress import progress
from clerk.i18n import N_, _
from clerk.refusal import refuse
from clerk.settings import load_settings
from storage.errors import StoreError
from storage.verify import verify as prove

if TYPE_CHECKING:
    from storage.store import Store

app = verb_app()
_STEPS = {"entries": N_("Entries"), "rows": N_("Records"), "content": N_("Content")}


@app.command(help=_("Prove rows, counters, search index and content against the journal."))
def verify(
    *,
    hub: Annotated[
        bool, typer.Option("--hub", help=_("Compare with the shared store as well."))
    ] = False,
    as_json: AsJson = False,
) -> None:
    compared = 0
    with opened_store() as store, progress() as paint:
        report = prove(store.db, lambda what, n, of: paint(_(_STEPS.get(what, what)), n, of))
        difference = report.difference
        if hub and difference is None:
            compared, difference = _compare(store)
        sound = difference is None
        if sound:
            with suppress(StoreError):  # a store that cannot be written to is proved all the same
                store.set_local("verified", str(clock.now()))

    def for_people() -> None:
        fields(
            [
                (_("Entries"), str(report.entries)),
                (_("Records"), str(report.rows)),
                (_("Counters"), str(report.counters)),
                (_("Search indexes"), str(report.indexes)),
                (_("Signed letters"), str(report.letters)),
                (_("Contents"), str(report.contents)),
                (_("Compared with the shared store"), str(compared) if hub else ""),
            ]
        )
        if sound and not report.indexes:
            line(_("The search indexes were left out: for them the store must be writable."))
        if sound:
            line(_("The store is what its journal says."))

    emit(
        as_json,
        {
            "ok": sound,
            "entries": report.entries,
            "rows": report.rows,
            "counters": report.counters,
            "indexes": report.indexes,
            "letters": report.letters,
            "contents": report.contents,
            "compared": compared,
            "difference": difference,
        },
        for_people,
    )
    if not sound:
        sentence = _("The store is not what its journal says. First difference: {difference}")
        raise refuse("verify.difference", sentence.format(difference=difference))


def _compare(store: "Store") -> tuple[int, str | None]:
    """Rows that were compared with the shared store, and what differs first."""
    from clerk.sharing.account import account_of, connector, password_of
    from storage.sync.compare import compare

    account = account_of(store)
    plain = load_settings(current().home).sync.plain
    with connector(account, password_of(store, account), plain=plain)() as db:
        found = compare(store.db, db)
    return found.rows, found.difference
