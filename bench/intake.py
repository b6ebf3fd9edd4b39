"""Group ``intake``: real mails from a maildir to stored, threaded and searchable, beside mu.

The mails are those of an archive of raw mails (``--mails``), repeated under changed ids until there
are enough of them.
"""

import json
import re
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path
from time import monotonic

from bench.figures import Allowed, Figure, Measured
from bench.stock import KEPT, REPOSITORY, ClerkError, kept, remove, run_clerk

ARCHIVE = REPOSITORY.parent / "shared" / "data" / "mail-real.tar.xz"
_IDS = re.compile(rb"^(?:message-id|in-reply-to|references):.*(?:\n[ \t].*)*", re.I | re.M)
_HEADERS_END = re.compile(rb"\r?\n(?=\r?\n)")


def figures(quick: bool) -> Iterator[Figure]:
    """Intake by clerk and ``mu index``, each into an empty home, in turn."""
    runs, mails = (1, 1_000) if quick else (3, 10_000)
    if not ARCHIVE.exists():
        yield _figure(mails, [], [], f"no mails to take in: {ARCHIVE} is missing")
        return
    source, why = maildir(mails), ""
    clerks: list[float] = []
    floors: list[float] = []
    mu = shutil.which("mu")
    for _ in range(runs):
        try:
            clerks.append(_clerk_seconds(source, mails))
        except ClerkError as error:
            why = str(error)
        if mu is not None:
            floors.append(_mu_seconds(mu, source))
    if mu is None:
        why = "mu is not installed (Debian: apt install maildir-utils)"
    yield _figure(mails, clerks, floors, why)


def _figure(mails: int, clerks: list[float], floors: list[float], why: str) -> Figure:
    return Figure(
        name=f"intake of {mails:,} mails from a maildir",
        ours=Measured.each(clerks) if clerks else None,
        floor=Measured.each(floors) if floors else None,
        allowed=Allowed(ratio=0.5),
        floor_name="mu index of the same maildir",
        unit="s",
        why=why,
    )


def maildir(mails: int) -> Path:
    """A maildir with that many different mails."""
    path = KEPT / f"maildir-{mails}"
    made_from = {"mails": mails, "archive": ARCHIVE.stat().st_size, "version": 1}
    return kept(path, made_from, lambda: _fill(path, mails))


def _fill(path: Path, mails: int) -> None:
    for folder in ("cur", "new", "tmp"):
        (path / folder).mkdir(parents=True)
    with tarfile.open(ARCHIVE) as archive:
        files = (archive.extractfile(member) for member in archive if member.isfile())
        originals = [file.read() for file in files if file is not None]
    for number, original in enumerate(islice(cycle(originals), mails)):
        mail = renamed(original, number, number // len(originals))
        (path / "cur" / f"{1_000_000_000 + number}.M{number}P1.bench:2,S").write_bytes(mail)


def renamed(mail: bytes, number: int, copy: int) -> bytes:
    """The mail as the ``number``-th of the maildir: its content differs from every other mail's,
    and its ids from those of the other copies, while the threads within a copy stay whole."""
    if copy:
        mail = _IDS.sub(lambda ids: ids[0].replace(b"<", b"<copy%d." % copy), mail)
    return _HEADERS_END.sub(b"\nX-Bench-Number: %d\n" % number, mail, count=1)


def _clerk_seconds(source: Path, mails: int) -> float:
    home = KEPT / "home-intake"
    remove(home)
    begun = monotonic()
    printed = run_clerk(home, "intake", "mail", str(source), "--once", "--json")
    taken = monotonic() - begun
    counts = json.loads(printed)
    if counts["seen"] != mails or counts["stored"] < mails * 0.99:
        raise ClerkError(f"clerk took in {counts} of {mails} mails")
    return taken


def _mu_seconds(mu: str, source: Path) -> float:
    home = KEPT / "home-mu"
    remove(home)
    subprocess.run(
        [mu, "init", f"--muhome={home}", f"--maildir={source}"], check=True, capture_output=True
    )
    begun = monotonic()
    subprocess.run([mu, "index", f"--muhome={home}"], check=True, capture_output=True)
    return monotonic() - begun
