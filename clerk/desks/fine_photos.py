"""Photos from files, as evidence: JPEG and PNG."""

from collections.abc import Sequence
from pathlib import Path

from clerk.desks.fine_report import Photo
from clerk.i18n import _
from clerk.refusal import refuse
from clerk.text import display

MOST_BYTES = 20_000_000
MOST_PHOTOS = 20
_KINDS = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}
_ENDINGS = (".jpg", ".jpeg", ".png")


def read_photos(text: str) -> Sequence[Photo]:
    """The photos that ``text`` names: files and folders, parted by semicolons.

    Refused ``photo.missing``, ``photo.kind`` (neither JPEG nor PNG), ``photo.size`` and
    ``photo.many``.
    """
    files: list[Path] = []
    for part in filter(None, (one.strip() for one in text.split(";"))):
        path = Path(part).expanduser()
        inside = sorted(path.iterdir()) if path.is_dir() else [path]
        files += [one for one in inside if one == path or one.suffix.lower() in _ENDINGS]
    if len(files) > MOST_PHOTOS:
        raise refuse("photo.many", _("At most {n} photos.").format(n=MOST_PHOTOS))
    return [_read(path) for path in files]


def media_type(data: bytes) -> str | None:
    """What the first bytes say; None for what is no photo."""
    return next((kind for head, kind in _KINDS.items() if data.startswith(head)), None)


def _read(path: Path) -> Photo:
    name = display(path.name)
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise refuse(
            "photo.missing", _("The photo {name} cannot be read.").format(name=name)
        ) from error
    if len(data) > MOST_BYTES:
        raise refuse("photo.size", _("The photo {name} has more than 20 MB.").format(name=name))
    kind = media_type(data)
    if kind is None:
        raise refuse("photo.kind", _("{name} is neither JPEG nor PNG.").format(name=name))
    return Photo(name=name, media_type=kind, data=data)
