"""A bare booking of a statement: lxml, and in plain SQLite a row for each entry and an update of
the claim it names, in one transaction. ``bare_bank.py XML FILE CLAIMS`` prints how many and in how
many seconds; the claims are there before."""

import sqlite3
import sys
from pathlib import Path
from time import perf_counter

from lxml import etree

_NAMESPACE = "{urn:iso:std:iso:20022:tech:xsd:camt.053.001.08}"


def main(source: Path, target: Path, claims: int) -> tuple[int, float]:
    """Book the entries; returns how many and the seconds."""
    db = sqlite3.connect(target)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    db.execute("CREATE TABLE claim (reference TEXT PRIMARY KEY, owed INTEGER)")
    db.execute("CREATE TABLE payment (id TEXT PRIMARY KEY, amount INTEGER, purpose TEXT)")
    with db:
        rows = ((f"9{n:011}", 88_50) for n in range(claims))
        db.executemany("INSERT INTO claim VALUES (?, ?)", rows)
    begun, count = perf_counter(), 0
    with db:
        for _event, entry in etree.iterparse(source, tag=f"{_NAMESPACE}Ntry"):
            count += 1
            cents = round(float(entry.findtext("{*}Amt")) * 100)
            purpose = "".join(one.text or "" for one in entry.iter("{*}Ustrd"))
            number = entry.findtext("{*}AcctSvcrRef")
            db.execute("INSERT INTO payment VALUES (?, ?, ?)", (number, cents, purpose))
            db.execute(
                "UPDATE claim SET owed = owed - ? WHERE reference = ?",
                (cents, purpose.rpartition(" ")[2]),
            )
            entry.clear()
    taken = perf_counter() - begun
    db.close()
    return count, taken


if __name__ == "__main__":
    print(*main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])))
