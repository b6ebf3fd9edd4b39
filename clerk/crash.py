"""The crash report: enough to find a fault, nothing about people.

An exception's text and the locals of its frames hold names, passwords and mails, so a report has
neither: only types, and where in which function each frame was.
"""

import os
import secrets
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from clerk import clock

FOLDER = "crashes"
_ROOT = Path(__file__).parent.parent
_MOST_FRAMES = 200
_MOST_KEPT = 50


def write_report(error: BaseException, home: Path) -> str:
    """Write the report into ``home/crashes`` (0600) and return its id; never raises.

    Where it cannot be written (a full disk) the id stands alone: it still marks the moment in
    what the user tells the IT.
    """
    at = datetime.fromtimestamp(clock.now() / 1000, UTC)
    report_id = f"{at:%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"
    try:
        folder = home / FOLDER
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / f"{report_id}.txt"
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(report(error, report_id, at))
        _drop_old(folder)
    except Exception:  # noqa: S110 - a second fault must not hide the first
        pass
    return report_id


def report(error: BaseException, report_id: str, at: datetime) -> str:
    """The text of a report: id, time, versions, and each exception of the chain with its frames."""
    lines = [
        f"clerk crash report {report_id}",
        f"at {at:%Y-%m-%dT%H:%M:%SZ}",
        f"clerk {version()}, Python {sys.version.split()[0]}, {sys.platform}",
    ]
    for one in _chain(error):
        kind = type(one)
        lines += ["", f"{kind.__module__}.{kind.__qualname__}"]
        lines += [f"  {frame}" for frame in _frames(one.__traceback__)]
    return "\n".join(lines) + "\n"


def version() -> str:
    """The installed version, ``unknown`` when the program runs without being installed."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as of

    try:
        return of("clerk")
    except PackageNotFoundError:
        return "unknown"


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The exception and what led to it, the last first; a ring ends."""
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        yield one
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)


def _frames(traceback: TracebackType | None) -> Iterator[str]:
    """``file:line:function``, outermost first; an endless recursion is cut in its middle."""
    frames: list[str] = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        frames.append(f"{_where(code.co_filename)}:{traceback.tb_lineno}:{code.co_name}")
        traceback = traceback.tb_next
    if len(frames) > _MOST_FRAMES:
        half = _MOST_FRAMES // 2
        frames[half:-half] = [f"… {len(frames) - 2 * half} more …"]
    yield from frames


def _where(filename: str) -> str:
    """The file without the folders above the program: they may name a person."""
    path = Path(filename)
    try:
        return path.relative_to(_ROOT).as_posix()
    except ValueError:
        parts = path.parts
        if "site-packages" in parts:
            return "/".join(parts[parts.index("site-packages") + 1 :])
        return path.name


def _drop_old(folder: Path) -> None:
    """Keep the newest reports only; their names sort by time."""
    for old in sorted(folder.glob("*.txt"))[:-_MOST_KEPT]:
        old.unlink(missing_ok=True)
