"""``clerk verify``: prove that the store is what its journal says."""

from contextlib import suppress

from clerk import clock
from clerk.cli.opening import opened_store
from clerk.cli.options import AsJson, verb_app
from clerk.cli.output import emit, fields, line
from clerk.cli.progress import progress
from clerk.i18n import N_, _
from clerk.refusal import refuse
from storage.errors import StoreError
from storage.verify import verify as prove

app = verb_app()
_STEPS = {"entries": N_("Entries"), "rows": N_("Records"), "content": N_("Content")}


@app.command(help=_("Prove rows, counters, search index and content against the journal."))
def verify(as_json: AsJson = False) -> None:
    with opened_store() as store, progress() as paint:
        report = prove(store.db, lambda what, n, of: paint(_(_STEPS.get(what, what)), n, of))
        sound = report.difference is None
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
                (_("Contents"), str(report.contents)),
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
            "contents": report.contents,
            "difference": report.difference,
        },
        for_people,
    )
    if not sound:
        sentence = _("The store is not what its journal says. First difference: {difference}")
        raise refuse("verify.difference", sentence.format(difference=report.difference))
