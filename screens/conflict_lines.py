"""One action that came back as lines: mine and theirs side by side where there is room, else below
each other."""

from collections.abc import Mapping, Sequence
from itertools import zip_longest

from clerk import dates
from clerk.desks.conflicts import Choice, Typed
from clerk.desks.returned import Point, Returned
from clerk.desks.undoing import title_of
from clerk.fields import field_word, record_word, value_text
from clerk.i18n import _
from clerk.text import clip, display_lines
from storage.pages.names import Names
from widgets.wrapping import Line, Run, wrap

SIDE_BY_SIDE = 60  # columns
_GAP = " │ "
_MOST_LINES = 40  # of one version
_LONGEST = 20_000  # characters of one version
_INDENT = "  "


def lines_of(
    one: Returned,
    chosen: Mapping[str, Choice],
    place: int | None,
    *,
    names: Names,
    width: int,
) -> tuple[list[Line], int]:
    """The lines, and which of them should be in sight: that of the field at ``place``."""
    lines: list[Line] = [
        ((one.about or title_of(one.action), "title"),),
        ((f"{title_of(one.action)} · {dates.full(one.at)}", "muted"),),
        ((one.sentence, "warning"),),
        (),
    ]
    at = 0
    for n, point in enumerate(one.points):
        here = n == place and one.is_conflict
        if here:
            at = len(lines)
        if one.is_conflict:
            lines.append(_head(point, chosen.get(point.key, point.preset), here))
            lines += _versions(point, names, width)
        else:
            lines.append(((_word(point), "strong"),))
            lines += [((_INDENT + text, ""),) for text in _texts(point, "mine", names)]
        lines.append(())
    if not one.points:
        lines.append(((_("Nothing is left to decide: it stands as you wanted it."), "muted"),))
    return lines, at


def _word(point: Point) -> str:
    return field_word(point.field) if point.field else record_word(point.table)


def _head(point: Point, choice: Choice | None, here: bool) -> Line:
    """The field and what holds for it so far."""
    if isinstance(choice, Typed):
        said: Run = (_("→ {text}").format(text=choice.text or "–"), "good")
    elif choice == "mine":
        said = (_("→ mine"), "good")
    elif choice == "theirs":
        said = (_("→ stays theirs") if point.fixed else _("→ theirs"), "good")
    else:
        said = (_("? not decided yet"), "warning")
    mark = "› " if here else _INDENT
    return ((f"{mark}{_word(point)} ", "selected" if here else "strong"), ("  ", ""), said)


def _versions(point: Point, names: Names, width: int) -> list[Line]:
    mine, theirs = (_texts(point, side, names) for side in ("mine", "theirs"))
    when = dates.full(point.when) if point.when else ""
    who = ", ".join(part for part in (names.clerk(point.who), when) if part)
    if width < SIDE_BY_SIDE:
        lines = _labelled(_("mine"), mine) + _labelled(_("theirs"), theirs)
        if who:
            lines.append((("    " + who, "muted"),))
        return lines
    column = (width - len(_INDENT) - len(_GAP)) // 2
    left = _column([((_("mine"), "accent"),), *(((text, ""),) for text in mine)], column)
    told: list[Line] = [((who, "muted"),)] if who else []
    right = _column([((_("theirs"), "accent"),), *(((t, ""),) for t in theirs), *told], column)
    blank: tuple[list[Run], int] = ([], 0)
    lines = []
    for (one, cells), (other, _cells) in zip_longest(left, right, fillvalue=blank):
        room = " " * (column - cells)
        lines.append(((_INDENT, ""), *one, (room, ""), (_GAP, "muted"), *other))
    return lines


def _labelled(label: str, texts: Sequence[str]) -> list[Line]:
    return [
        ((f"  {label if n == 0 else '':<9}", "accent"), (text, "")) for n, text in enumerate(texts)
    ]


def _column(lines: Sequence[Line], width: int) -> list[tuple[list[Run], int]]:
    return [row for line in lines for row in wrap(line, width)]


def _texts(point: Point, side: str, names: Names) -> list[str]:
    """One version, line by line; a cut is said."""
    value = point.mine if side == "mine" else point.theirs
    text = value_text(point.table, point.field, value, names)
    lines = display_lines(clip(text, _LONGEST)) or [""]
    if len(lines) > _MOST_LINES or len(text) > _LONGEST:
        lines = [*lines[:_MOST_LINES], _("… the text is longer; the whole of it is kept.")]
    return lines
