"""A look into a replica that changes nothing of it: no migration, no narrowing of rights."""

from dataclasses import dataclass
from pathlib import Path

from storage import driver, schema
from storage.clockcheck import clock_went_back
from storage.home import FILE_NAME


@dataclass(frozen=True, slots=True)
class Glance:
    """``local``: the values of this workstation alone, secrets among them; ``clock_back``: by how
    many ms ``now`` lies before this device's latest entries, 0 if it does not."""

    schema: int
    local: dict[str, str]
    clock_back: int


def glance(home: Path, key: bytes, now: int) -> Glance:
    """Look into the replica of a home. Raises StoreError where it cannot be read."""
    db = driver.connect(home / FILE_NAME, key, readonly=True)
    try:
        version = schema.check(db)
        if version == 0:
            return Glance(0, {}, 0)
        local = {str(k): str(v) for k, v in db.execute("SELECT name, value FROM local")}
        return Glance(version, local, clock_went_back(db, now))
    except driver.DatabaseError as error:
        raise driver.in_words(error, home) from error
    finally:
        db.close()
