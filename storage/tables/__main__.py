"""``python -m storage.tables records|ddl``: write records.py, or print the tables' DDL."""

import sys
from pathlib import Path

from storage.tables.generate import ddl, records_source

RECORDS = Path(__file__).parents[1] / "records.py"

if __name__ == "__main__":
    if sys.argv[1:] == ["ddl"]:
        sys.stdout.write(ddl())
    else:
        RECORDS.write_text(records_source(), encoding="utf-8")
