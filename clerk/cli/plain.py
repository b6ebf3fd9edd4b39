"""Lines that are read without typer, because importing it takes as long as some of their work.

Whatever is not the plain form of such a line is left to typer, with its help and its mistakes.
"""

from collections.abc import Callable, Sequence
from functools import partial

_SWITCHES = {"--once": "once", "--json": "as_json"}


def plain(noun: str, words: Sequence[str]) -> Callable[[], None] | None:
    """What ``clerk intake mail SOURCE [--once] [--json]`` asks for; None for any other line."""
    if noun != "intake" or words[:1] != ["mail"]:
        return None
    switches = {_SWITCHES[word]: True for word in words if word in _SWITCHES}
    named = [word for word in words[1:] if word not in _SWITCHES]
    if len(named) != 1 or named[0].startswith("-"):
        return None
    from clerk.cli.bring_in import Order, bring_in

    return partial(bring_in, Order(named[0], **switches))
