"""A bare import of a device's ZIP: lxml, and a row and a photo for each record into plain SQLite,
in one transaction. ``bare_import.py ZIP FILE`` prints how many."""

import sqlite3
import sys
import zipfile
from pathlib import Path

from lxml import etree


def main(source: Path, target: Path) -> int:
    """Read the records of the first XML file; returns how many."""
    db = sqlite3.connect(target)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    db.execute("CREATE TABLE record (id INTEGER PRIMARY KEY, number TEXT UNIQUE, text TEXT)")
    db.execute("CREATE TABLE photo (record INTEGER, name TEXT, data BLOB)")
    count = 0
    with zipfile.ZipFile(source) as archive, db:
        (name,) = (one for one in archive.namelist() if one.endswith(".xml"))
        with archive.open(name) as file:
            for _event, case in etree.iterparse(file, tag="Fall"):
                count += 1
                text = "\n".join(part.strip() for part in case.itertext() if part.strip())
                db.execute(
                    "INSERT INTO record VALUES (?, ?, ?)",
                    (count, case.findtext("Falldaten/Aktenzeichen"), text),
                )
                for photo in case.iterfind("Bilder/Bild"):
                    shown = photo.get("Dateiname")
                    data = archive.read(shown)
                    db.execute("INSERT INTO photo VALUES (?, ?, ?)", (count, shown, data))
                case.clear()
    db.close()
    return count


if __name__ == "__main__":
    print(main(Path(sys.argv[1]), Path(sys.argv[2])))
