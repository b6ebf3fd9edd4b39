"""The one boundary for foreign text: what citizens write is only text.

Everything that reaches a widget, the terminal or an export passes through
:func:`display` (one line) or :func:`display_lines` (many lines).
"""

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
# Spaces a German office really types or pastes; anything else invisible is made visible.
_SPACES = {ord(c): " " for c in "\u00a0\u2002\u2003\u2007\u2009\u200a\u202f\u3000"}


def display(text: str) -> str:
    """One printable line: each character that is not printable becomes U+FFFD.

    Control characters, NUL, line ends, bidi overrides, zero-width characters, tabs and soft
    hyphens are all replaced: on a screen they hide or reorder what stands there. The length in
    characters stays the same.
    """
    if text.isprintable():
        return text
    text = text.translate(_SPACES)
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else REPLACEMENT for c in text)


def display_lines(text: str) -> list[str]:
    """Printable lines of a text: split at line ends, tabs widened to stops of 4 columns."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return [display(line.expandtabs(4)) for line in lines]


def clip(text: str, length: int) -> str:
    """At most ``length`` characters; a cut is shown by an ellipsis."""
    return text if len(text) <= length else text[: max(0, length - 1)] + "…"
