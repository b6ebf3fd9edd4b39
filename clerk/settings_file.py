"""Changing one setting in the file, leaving everything else as its owner wrote it.

The text is changed where the value stands, so comments and order stay. The result is read again
before it replaces the file: what would not come out as meant is refused, and nothing is written.
"""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path

from clerk.i18n import _
from clerk.library.lines import line_table
from clerk.refusal import refuse
from clerk.settings import FILE_NAME, Settings, load_settings, read_settings

Value = str | int | bool
_TABLES = ("intake", "sync", "letters", "keys")
_HEAD = "# Settings of clerk; docs/settings.md explains them, `clerk settings show` lists them.\n"


def save_setting(home: Path, name: str, value: Value) -> Settings:
    """Set ``theme``, ``intake.every_minutes`` or ``keys.item.take``; returns what now holds.

    Raises SettingsError where the file or the value is not right, and Refused
    ``settings.by_hand`` where the file is written in a way that only its owner can change.
    """
    from storage.store import make_home

    path = home / FILE_NAME
    load_settings(home)  # a file with a mistake is its owner's to mend, not ours to rewrite
    text = path.read_text(encoding="utf-8-sig") if path.exists() else _HEAD
    where = _where(name)
    new = _changed(text, where, value)
    if new is None or _read(new) != _expected(tomllib.loads(text), where, value):
        raise refuse(
            "settings.by_hand",
            _("{name} cannot be changed without spoiling {path}; change it by hand.").format(
                name=name, path=path
            ),
        )
    settings = read_settings(new.encode(), path)
    if not home.exists():
        make_home(home)
    _replace(path, new)
    return settings


def _read(text: str) -> dict[str, object] | None:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:  # a value of several lines was cut
        return None


def _where(name: str) -> tuple[str, ...]:
    """``keys.item.take`` -> ``("keys", "item.take")``: ids of actions have dots of their own."""
    head, _dot, rest = name.partition(".")
    return (head, rest) if head in _TABLES and rest else (name,)


def _changed(text: str, where: tuple[str, ...], value: Value) -> str | None:
    """The text with the value in its place; None where it cannot be put there safely."""
    lines = text.splitlines(keepends=True)
    known = line_table(text)
    written = f"{_key(where[-1])} = {_literal(value)}"
    if (where[0], *where[-1].split(".")) in known and "." in where[-1]:
        return None  # item.take without quotes: both spellings beside each other would be worse
    if where in known:
        at = known[where] - 1
        line = lines[at]
        comment = _comment(line)
        end = line[len(line.rstrip("\r\n")) :]
        lines[at] = written + (f"  {comment}" if comment else "") + end
        return "".join(lines)
    if len(where) == 1:
        # Before the first table: behind it, the key would belong to that table.
        heads = [known[name,] - 1 for name in _TABLES if (name,) in known]
        at = min(heads, default=len(lines))
        while at > 0 and at < len(lines) and lines[at - 1].lstrip().startswith("#"):
            at -= 1  # a comment above a table belongs to it
    elif where[:1] in known:
        at = known[where[:1]]
    else:
        _end_line(lines)
        return "".join([*lines, f"\n[{where[0]}]\n", written + "\n"])
    if at == len(lines):
        _end_line(lines)
    return "".join([*lines[:at], written + "\n", *lines[at:]])


def _end_line(lines: list[str]) -> None:
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"


def _comment(line: str) -> str:
    """The comment at the end of a ``key = value`` line, found by what TOML reads without it."""
    try:
        values = tomllib.loads(line)
    except tomllib.TOMLDecodeError:
        return ""
    for at, character in enumerate(line):
        if character == "#":
            try:
                if tomllib.loads(line[:at]) == values:
                    return line[at:].rstrip()
            except tomllib.TOMLDecodeError:
                continue
    return ""


def _expected(
    before: Mapping[str, object], where: tuple[str, ...], value: Value
) -> dict[str, object]:
    """What the file should say afterwards."""
    after = dict(before)
    if len(where) == 1:
        after[where[0]] = value
        return after
    inner = after.get(where[0], {})
    after[where[0]] = {**(inner if isinstance(inner, dict) else {}), where[1]: value}
    return after


def _key(name: str) -> str:
    return _literal(name) if "." in name else name


def _literal(value: Value) -> str:
    """A TOML value; the strings of TOML take JSON's escapes."""
    import json

    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _replace(path: Path, text: str) -> None:
    """Whole or not at all: written beside, then renamed."""
    beside = path.with_name(path.name + ".new")
    descriptor = os.open(beside, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
