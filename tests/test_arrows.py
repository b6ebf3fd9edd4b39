"""The arrows between the rooms, and what a start must not load."""

import configparser
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HEAVY = (
    "sqlmodel",
    "sqlalchemy",
    "pydantic",
    "textual",
    "rich",
    "typer",
    "click",
    "httpx",
    "keyring",
    "imapclient",
    "argon2",
    "selectolax",
    "babel",
    "unittest",
    "pytest",
)
# What the first paint and the command line import, before they know what is wanted of them.
LIGHT = (
    "storage.store",
    "storage.journal",
    "storage.undo",
    "storage.verify",
    "storage.search",
    "storage.history",
    "storage.keys",
    "storage.keyring",
    "storage.clockcheck",
    "storage.pages.items",
    "storage.pages.cases",
    "storage.pages.follow_ups",
    "clerk.desks.inbox",
    "clerk.desks.cases",
    "clerk.desks.follow_ups",
    "clerk.desks.people",
    "clerk.desks.services",
    "clerk.rules.finder",
    "clerk.rules.shorthand",
    "clerk.session",
    "clerk.actions",
    "clerk.__main__",
)


def lint(config: Path) -> subprocess.CompletedProcess[str]:
    """import-linter as ``make arrows`` runs it."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--config", str(config)]
    command.append("--no-cache")
    return subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True)


def test_the_contracts_are_kept() -> None:
    done = lint(ROOT / ".importlinter")
    assert done.returncode == 0, done.stdout
    assert "0 broken" in done.stdout


def test_a_broken_contract_would_be_seen(tmp_path: Path) -> None:
    """The door's two imports are exceptions by name; without them the contracts are broken."""
    text = (ROOT / ".importlinter").read_text(encoding="utf-8")
    config = tmp_path / ".importlinter"
    config.write_text("\n".join(x for x in text.splitlines() if "clerk.cli." not in x))
    done = lint(config)
    assert done.returncode == 1
    assert "clerk is not allowed to import screens" in " ".join(done.stdout.split())


def test_every_room_is_under_contract() -> None:
    config = configparser.ConfigParser()
    config.read(ROOT / ".importlinter")
    rooms = config["importlinter"]["root_packages"].split()
    packages = {p.parent.name for p in ROOT.glob("*/__init__.py")} - {"bench", "tests", "docs"}
    assert set(rooms) == packages


def loaded_by(module: str) -> set[str]:
    """The top-level modules that importing one brings along, in a process of its own."""
    source = f"import sys, {module}; print(*{{name.split('.')[0] for name in sys.modules}})"
    done = subprocess.run(
        [sys.executable, "-c", source], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


@pytest.mark.parametrize("module", LIGHT)
def test_what_a_start_does_not_load(module: str) -> None:
    assert not loaded_by(module) & set(HEAVY)


def test_the_heavy_ones_would_be_seen() -> None:
    assert {"sqlmodel", "sqlalchemy", "pydantic"} <= loaded_by("storage.tables")


def test_the_ground_loads_nothing_of_the_upper_rooms() -> None:
    assert not loaded_by("storage.store") & {"clerk", "screens", "widgets"}
