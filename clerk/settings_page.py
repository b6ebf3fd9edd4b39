"""docs/settings.md from the docstrings: ``python -m clerk.settings_page [FILE]`` writes it."""

import ast
import inspect
import re
import sys
from dataclasses import MISSING, Field, fields
from pathlib import Path
from typing import TypeAlias

from clerk import settings
from clerk.actions import ACTIONS, Place
from clerk.keymap import shown
from clerk.settings import (
    FILE_NAME,
    IntakeSettings,
    LettersSettings,
    MailSettings,
    Settings,
    SyncSettings,
)

_Kind: TypeAlias = type[Settings | IntakeSettings | SyncSettings | LettersSettings | MailSettings]
PAGE = Path(__file__).parent.parent / "docs" / "settings.md"
_PLACES: dict[Place, str] = {
    "everywhere": "Everywhere",
    "list": "In every list",
    "inbox": "In the inbox",
    "case": "In a case",
    "cases": "In the list of cases",
    "follow_ups": "In the follow-ups",
    "letters": "In the letters",
    "fines": "In the list of fines",
    "fine": "In a fine and in the list of fines",
    "absences": "In the absences",
    "payments": "In the payments",
    "conflicts": "In the conflicts",
}


def page() -> str:
    """The page as Markdown."""
    lines = [
        "# Settings",
        "",
        "<!-- Made by `python -m clerk.settings_page`; do not edit by hand. -->",
        "",
        f"The file `{FILE_NAME}` lies in the home of the store (`clerk settings path` says where)."
        " It is TOML, every key is optional, and comments are kept when the program changes a"
        " setting. A file with a mistake is refused as a whole, with line and reason;"
        " `clerk settings check` says whether it is right, `clerk settings show` what holds.",
        "",
        "```toml",
        'language = "de"',
        'theme = "kontrast"',
        "idle_lock_minutes = 5",
        "",
        "[intake]",
        "every_minutes = 10",
        "",
        "[keys]",
        '"item.take" = ["t", "f7"]',
        "```",
        "",
        *_settings(Settings, ""),
        "## The table `[intake]`",
        "",
        *_settings(IntakeSettings, "intake."),
        "## The table `[sync]`",
        "",
        *_settings(SyncSettings, "sync."),
        "## The table `[letters]`",
        "",
        *_settings(LettersSettings, "letters."),
        "## The table `[mail]`",
        "",
        *_settings(MailSettings, "mail."),
        "## The table `[keys]`",
        "",
        _docstrings(Settings)["keys"],
        "",
        "Refused are keys that two actions would share where both can be meant, keys that a German"
        " keyboard only has with AltGr or as dead keys (`@ [ ] { } \\ | ~ ^ ´`), keys that a"
        " terminal cannot tell from others (`ctrl+i`, `ctrl+m`, `ctrl+h`), the keys that move the"
        " cursor, `g`, `:`, and whatever would take away `F1` or the way out.",
        "",
        *_actions(),
    ]
    return "\n".join(lines).rstrip() + "\n"


def _settings(kind: _Kind, prefix: str) -> list[str]:
    """A heading, the default and the docstring of each setting."""
    docs = _docstrings(kind)
    lines = []
    for one in fields(kind):
        if one.name in ("intake", "sync", "letters", "mail", "keys") and kind is Settings:
            continue  # tables of their own, below
        lines += [f"### `{prefix}{one.name}`", "", docs[one.name], "", _default(one), ""]
    return lines


def _default(one: "Field[object]") -> str:
    if one.default is None or one.default is MISSING:
        return "Default: none."
    value = one.default
    if isinstance(value, bool):
        return f"Default: `{str(value).lower()}`."
    return f"Default: `{value if isinstance(value, int) else chr(34) + str(value) + chr(34)}`."


def _docstrings(kind: _Kind) -> dict[str, str]:
    """The string below each field; ``inspect`` has no word for them."""
    tree = ast.parse(inspect.getsource(settings))
    body = next(n for n in tree.body if isinstance(n, ast.ClassDef) and n.name == kind.__name__)
    found: dict[str, str] = {}
    name = ""
    for node in body.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            name = node.target.id
        elif name and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            text = " ".join(str(node.value.value).split())
            found[name] = re.sub(r"``", "`", text)
            name = ""
    return found


def _actions() -> list[str]:
    lines = []
    for place, title in _PLACES.items():
        rows = [one for one in ACTIONS if one.place == place]
        if rows:
            lines += [f"### {title}", "", "| id | keys | what it does |", "|---|---|---|"]
            for one in rows:
                keys = " ".join(f"`{shown(key)}`" for key in one.keys) or "–"
                lines.append(f"| `{one.id}` | {keys} | {one.help} |")
            lines.append("")
    return lines


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else PAGE
    target.write_text(page(), encoding="utf-8")
