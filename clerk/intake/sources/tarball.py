"""A tar of ``.eml`` files, plain or packed, read as a stream and never written to disk."""

import lzma
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from clerk.i18n import _
from clerk.intake.limits import MAX_RAW
from clerk.intake.message import TOO_LARGE
from clerk.intake.sources.folder import SUFFIX
from clerk.intake.sources.source import Raw, id_text, source_key
from clerk.refusal import refuse

BROKEN: Final = (tarfile.TarError, lzma.LZMAError, zlib.error, EOFError, OSError, ValueError)
"""What the tarfile module raises for an archive that is damaged or cut short."""


def is_tar(path: Path) -> bool:
    """Whether a file is a tar, packed or not, whose beginning can be read."""
    try:
        return tarfile.is_tarfile(path)
    except BROKEN:
        return False


class Tarball:
    """The ``.eml`` members of one archive by name and place."""

    waits = False

    def __init__(self, path: Path) -> None:
        """``path`` is a tar (:func:`is_tar`)."""
        self._path = path
        self._key = source_key("tar", str(path.resolve()))

    def count(self) -> int | None:
        """Unknown: only unpacking the whole archive tells."""
        return None

    def messages(self) -> Iterator[Raw]:
        """The messages in the archive's order; links and other files are passed over."""
        found = 0
        try:
            with tarfile.open(self._path, "r|*") as archive:
                for member in archive:
                    if not member.isreg() or not member.name.lower().endswith(SUFFIX):
                        continue
                    name = f"{self._key}:{id_text(member.name)}@{member.offset}"
                    found += 1
                    if member.size > MAX_RAW:
                        yield Raw(name, None, code=TOO_LARGE)
                        continue
                    content = archive.extractfile(member)
                    data = content.read() if content else b""
                    yield Raw(name, None, data=data)
        except BROKEN as error:
            sentence = _("The archive {name} is damaged after {count} mails.")
            raise refuse(
                "intake.source_broken", sentence.format(name=self._path.name, count=found)
            ) from error
        if not found:
            sentence = _("There is no .eml file in the archive {name}.")
            raise refuse("intake.no_mail", sentence.format(name=self._path.name))

    def resume(self, last: Raw) -> Mapping[str, str]:
        """Nothing: names tell what is known."""
        return {}

    def close(self) -> None:
        """The archive is open only while it is read."""
