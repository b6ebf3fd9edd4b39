"""What the start may import: what the first paint asks, and nothing that can come later."""

import subprocess
import sys

LATER = {
    "argon2.low_level", "clerk.demo", "clerk.desks.inbox", "clerk.intake", "clerk.library",
    "clerk.rules.finder", "httpx", "imapclient", "keyring", "pydantic", "screens.case",
    "screens.inbox_acts", "screens.inbox_questions", "screens.palette", "selectolax",
    "sqlalchemy", "sqlmodel", "storage.journal", "storage.overlay", "storage.records",
    "storage.search", "storage.undo", "storage.verify", "typer",
}  # fmt: skip


def imported(statement: str) -> set[str]:
    """The modules of a fresh process that ran this statement."""
    code = f"import sys; {statement}; print(' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_the_workstation_starts_without_what_can_come_later() -> None:
    modules = imported("import screens.start, screens.app")
    assert "textual.app" in modules
    assert modules & LATER == set()


def test_the_door_starts_without_a_screen_or_a_store() -> None:
    modules = imported("import clerk.cli.run")
    assert not {name for name in modules if name.split(".")[0] in ("textual", "screens", "typer")}
    assert not {name for name in modules if name.startswith(("rich", "sqlcipher3"))}
