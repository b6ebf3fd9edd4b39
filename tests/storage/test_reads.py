"""The log of reads."""

from pathlib import Path

from storage.reads import forget_reads, log_read
from storage.store import open_store
from tests.storage.making import KEY

DAY = 86_400_000
NOW = 1_795_305_600_000  # 2026-11-22


def test_reads_are_kept_until_they_are_due(tmp_path: Path) -> None:
    now = NOW
    store = open_store(tmp_path, KEY, create=True, clock=lambda: now)
    for days in (0, 300, 600, 700):
        now = NOW - days * DAY
        log_read(store, "anna", "persons", f"p{days}", way="search", reason="Anruf")
    now = NOW
    assert forget_reads(store, NOW - 600 * DAY) == 1
    rows = store.db.execute("SELECT row_id, clerk_id, way, reason FROM reads ORDER BY at DESC")
    assert rows.fetchall() == [
        ("p0", "anna", "search", "Anruf"),
        ("p300", "anna", "search", "Anruf"),
        ("p600", "anna", "search", "Anruf"),
    ]
    store.close()
