"""The screens in the handbook: text between ``<!-- screen: NAME -->`` and ``<!-- end -->``."""

import re
from pathlib import Path

HANDBOOK = Path(__file__).parent.parent / "handbuch.md"
_PLACE = re.compile(r"(<!-- screen: ([a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def places(document: str) -> list[str]:
    """The names of the screens that the document shows, in its order."""
    return [match[2] for match in _PLACE.finditer(document)]


def filled(document: str, screens: dict[str, str]) -> str:
    """The document with these screens in their places."""
    return _PLACE.sub(lambda at: f"{at[1]}```text\n{screens[at[2]]}\n```\n{at[3]}", document)
