"""The memory of a process tree, read from /proc (Linux)."""

from collections.abc import Iterator
from pathlib import Path

PROC = Path("/proc")


def session_members(session: int) -> Iterator[int]:
    """The processes of a session: what a program started in a terminal of its own consists of."""
    for folder in PROC.iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text(errors="replace").rpartition(")")[2].split()
            except OSError:
                continue  # ended since the listing
            if int(fields[3]) == session:
                yield int(folder.name)


def peak_mib(session: int) -> float:
    """The sum of the peaks of resident memory (VmHWM), in MiB."""
    return sum(_kib(pid, "status", "VmHWM:") for pid in session_members(session)) / 1024


def forget_peak(session: int) -> None:
    """Let the peaks count from now on (proc(5), clear_refs)."""
    for pid in session_members(session):
        (PROC / str(pid) / "clear_refs").write_text("5")


def _kib(pid: int, file: str, field: str) -> int:
    try:
        lines = (PROC / str(pid) / file).read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith(field)), 0)
