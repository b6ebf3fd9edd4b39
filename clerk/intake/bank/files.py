"""A statement file as the bank delivers it: one XML, or a ZIP of several (usual since 2025)."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from clerk.i18n import _
from clerk.refusal import refuse

MOST_FILES = 1_000
MOST_BYTES = 1_000_000_000  # unpacked, all files together


@contextmanager
def _opened(archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: Path) -> Iterator[IO[bytes]]:
    try:
        with archive.open(info) as file:
            yield file
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError) as error:
        raise refuse(
            "bank.archive", _("{name} is damaged or locked.").format(name=path.name)
        ) from error


def statements(path: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """Name and content of each statement; names are for people alone, nothing is written to disk.

    Refused ``bank.archive`` for a ZIP that is damaged, locked, or unpacks to too much.
    """
    if not zipfile.is_zipfile(path):
        with path.open("rb") as file:
            yield path.name, file
        return
    with zipfile.ZipFile(path) as archive:
        wanted = [one for one in archive.infolist() if one.filename.lower().endswith(".xml")]
        if len(wanted) > MOST_FILES or sum(one.file_size for one in wanted) > MOST_BYTES:
            raise refuse(
                "bank.archive",
                _("{name} unpacks to more than a gigabyte or a thousand files.").format(
                    name=path.name
                ),
            )
        if not wanted:
            raise refuse("bank.format", _("There is no XML file in {name}.").format(name=path.name))
        for info in wanted:
            with _opened(archive, info, path) as file:
                yield f"{path.name}/{info.filename}", file
