"""The store: whether it opens, who may read its files, where it lies, room, last proof."""

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from clerk.dates import full
from clerk.doctor.finding import Finding, fault, good, warning
from clerk.i18n import _
from clerk.refusal import in_words
from storage.errors import StoreError
from storage.home import FILE_NAME, exists
from storage.schema import SCHEMA

if TYPE_CHECKING:
    from storage.glance import Glance

# What neither locks nor shared memory can be relied on: the database needs both.
_NETWORK = frozenset(
    {
        "nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "9p", "afs", "ceph", "coda", "davfs",
        "fuse.davfs", "fuse.sshfs", "fuse.glusterfs", "fuse.rclone", "glusterfs", "lustre", "ncpfs",
    }
)  # fmt: skip
_PROOF_DAYS = 30
_LITTLE, _NONE = 500_000_000, 50_000_000  # bytes


def look_at_files(home: Path, mounts: Path = Path("/proc/mounts")) -> Iterator[Finding]:
    """The folder and its files, from outside."""
    yield _rights(home)
    yield _file_system(home, mounts)
    yield _room(shutil.disk_usage(_existing(home)).free)


def look_inside(home: Path, found: "Glance | Exception | None", now: int) -> Iterator[Finding]:
    """``found``: what a look into the store gave, or why there was none; None: no store."""
    if found is None:
        yield warning(
            "replica.opens",
            _("There is no store here yet."),
            _("`clerk` makes one, `clerk demo` one to try out."),
        )
    elif isinstance(found, Exception):
        yield _not_opened(home, found)
    else:
        yield good("replica.opens", _("The store opens."))
        yield _schema(found.schema)
        yield _verified(found.local.get("verified"), now)


def _not_opened(home: Path, error: Exception) -> Finding:
    refusal = in_words(error)
    if refusal is None:
        raise error
    said = f"{refusal.sentence} [{refusal.code}]".replace(str(home), _("this folder"))
    if refusal.code == "key.no_terminal":
        return warning(
            "replica.opens", said, _("Name a file with --passphrase-file, or use a terminal.")
        )
    return fault("replica.opens", said, _("See “Is the store sound?” in the operations manual."))


def _schema(version: int) -> Finding:
    said = _("The store has schema {n}, this program {ours}.").format(n=version, ours=SCHEMA)
    return good(
        "replica.schema",
        said,
        _("It is brought up to date when it is opened next. Back up before.")
        if version < SCHEMA
        else "",
    )


def _verified(at: str | None, now: int) -> Finding:
    if at is None:
        return good(
            "replica.verified",
            _("It was not proved yet, as far as one knows here."),
            _("`clerk verify` proves it."),
        )
    days = (now - int(at)) // 86_400_000
    said = _("It was proved last on {when}.").format(when=full(int(at)))
    if days > _PROOF_DAYS:
        return warning("replica.verified", said, _("Run `clerk verify` weekly."))
    return good("replica.verified", said)


def _rights(home: Path) -> Finding:
    wide = []
    for path in (home, *(home / (FILE_NAME + end) for end in ("", "-wal", "-shm"))):
        try:
            mode = path.stat().st_mode
        except OSError:
            continue
        if mode & 0o077 and not mode & stat.S_ISVTX:
            wide.append(f"{stat.S_IMODE(mode):04o}")
    if wide:
        return warning(
            "replica.rights",
            _("Others may get at the store's files ({modes}).").format(modes=", ".join(wide)),
            _("chmod 0700 for the folder, 0600 for its files; opening the store does so too."),
        )
    return good("replica.rights", _("Nobody else may get at the store's files."))


def _file_system(home: Path, mounts: Path) -> Finding:
    kind = _kind_of(home, mounts)
    if kind in _NETWORK:
        return fault(
            "replica.file_system",
            _("The store lies on a network file system ({kind}).").format(kind=kind),
            _("Move the folder to a disk of this computer: there the store may be damaged."),
        )
    return good("replica.file_system", _("The store lies on a disk of this computer."))


def _kind_of(home: Path, mounts: Path) -> str:
    """The file system that the folder lies on, '' where the system does not tell."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    place = Path(os.path.realpath(home))
    best, kind = -1, ""
    for line in lines:
        _what, where, found, *_rest = [*line.split(" "), "", "", ""]
        point = Path(where.encode().decode("unicode_escape"))  # a space is written as \040
        if point in (place, *place.parents) and len(point.parts) >= best:
            best, kind = len(point.parts), found
    return kind


def _existing(path: Path) -> Path:
    return next(one for one in (path, *path.parents) if one.is_dir())


def _room(free: int) -> Finding:
    said = _("{n} MB are free on the store's disk.").format(n=free // 1_000_000)
    if free < _NONE:
        return fault("replica.room", said, _("Make room: changes are refused when it is full."))
    if free < _LITTLE:
        return warning("replica.room", said, _("Make room soon."))
    return good("replica.room", said)


def glance_at(home: Path, key: "bytes | Exception", now: int) -> "Glance | Exception | None":
    """A look into the store with its key, or with why there is none."""
    from storage.glance import glance

    try:
        if not exists(home):
            return None
        return key if isinstance(key, Exception) else glance(home, key, now)
    except StoreError as error:
        return error
