"""The programs that are started in a terminal, and how to see that each is ready."""

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bench.pty import Terminal, TerminalError
from bench.stock import ClerkError, clerk_command, clerk_environment, floor_file, office_home

FLOORS = Path(__file__).parent / "floors"


@dataclass(frozen=True)
class App:
    """A command, and a pattern that is on screen when the program shows its rows. ``total`` finds
    the length of the list where Tab turns to another one."""

    name: str
    command: tuple[str, ...]
    ready: re.Pattern[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    total: re.Pattern[str] | None = None

    def open(self) -> Terminal:
        """Start it in a terminal of 120x40."""
        return Terminal(self.command, environment=self.environment)


def clerk(items: int) -> App:
    """The workstation on a demo city; ready with rows of the inbox on screen."""
    return _workstation(f"clerk, {items:,} items", office_home(items))


def joined(home: Path) -> App:
    """The workstation on a home that shares what it has."""
    return _workstation("clerk, joined", home)


def _workstation(name: str, home: Path) -> App:
    # Lines one below the other, each with the moment it came in: 09:14, Fr 20.11., 20.11.25
    ready = re.compile(r"(?:^.{0,20}\d\d(?::\d\d|\.\d\d\.).*\n){3}", re.MULTILINE)
    command = (clerk_command(), "--home", str(home))
    total = re.compile(r"\b1 (?:von|of) ([\d.,]+)")
    return App(name, command, ready, clerk_environment(home), total)


def bare_list(items: int) -> App:
    """Textual's line API over plain SQLite."""
    return App(
        f"bare list, {items:,} rows",
        (sys.executable, str(FLOORS / "bare_list.py"), str(floor_file(items))),
        re.compile(r"^ +9 \d\d\.", re.MULTILINE),
    )


def bare_table(rows: int) -> App:
    """Textual's DataTable."""
    return App(
        f"DataTable, {rows:,} rows",
        (sys.executable, str(FLOORS / "bare_table.py"), str(rows)),
        re.compile(r"^ *0000009 ", re.MULTILINE),
    )


def bare_static() -> App:
    """An empty Textual app."""
    command = (sys.executable, str(FLOORS / "bare_static.py"))
    return App("empty Textual app", command, re.compile("ready"))


def clerk_or_why(items: int) -> tuple[App | None, str]:
    """clerk on a demo city, or None and the reason why it cannot be had."""
    try:
        app = clerk(items)
        with app.open() as terminal:
            terminal.wait_for(app.ready)
    except (ClerkError, OSError, TerminalError) as error:
        return None, f"clerk: {reason(error)}"
    return app, ""


def reason(error: Exception) -> str:
    """Why, with no more of the screen than its first line."""
    return " ".join(str(error).splitlines()[:2])
