"""Keys as they are written on a German keyboard, and bindings from the table of actions."""

from textual.binding import Binding

from clerk.actions import Place, at
from clerk.i18n import N_, _

_NAMES = {
    "enter": "↵",
    "escape": "Esc",
    "tab": N_("Tab"),
    "shift+tab": N_("Shift+Tab"),
    "slash": "/",
    "colon": ":",
    "question_mark": "?",
    "number_sign": "#",
    "plus": "+",
    "minus": "-",
    "full_stop": ".",
    "pageup": N_("PgUp"),
    "pagedown": N_("PgDn"),
    "home": N_("Home"),
    "end": N_("End"),
    "up": "↑",
    "down": "↓",
    "space": N_("Space"),
}


def key_name(key: str) -> str:
    """``ctrl+k`` -> ``Strg+K``, ``number_sign`` -> ``#``."""
    if key in _NAMES:
        return _(_NAMES[key])
    if key.startswith("ctrl+"):
        return _("Ctrl+{key}").format(key=key_name(key[5:]).upper())
    if key.startswith("f") and key[1:].isdigit():
        return key.upper()
    return key


def bindings_for(*places: Place) -> list[Binding]:
    """Bindings of these places from the one table; chords (``g e``) are read by the app."""
    return [
        Binding(
            ",".join(action.keys),
            f"do('{action.id}')",
            action.label,
            id=action.id,
        )
        for action in at(*places)
        if action.keys and " " not in action.keys[0]
    ]
