"""Keys as they are written on a German keyboard, and which action each means on a screen."""

from collections.abc import Callable, Sequence

from clerk.actions import Action, Place, at
from clerk.i18n import N_, _

_NAMES = {
    "enter": "↵",
    "escape": "Esc",
    "backspace": "⌫",
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
    "left": "←",
    "right": "→",
    "space": N_("Space"),
}


def key_name(key: str) -> str:
    """``ctrl+k`` -> ``Strg+K``, ``number_sign`` -> ``#``, ``g e`` stays."""
    if " " in key:
        return " ".join(key_name(part) for part in key.split(" "))
    if key in _NAMES:
        return _(_NAMES[key])
    if key.startswith("ctrl+"):
        return _("Ctrl+{key}").format(key=key_name(key[5:]).upper())
    if key.startswith("f") and key[1:].isdigit():
        return key.upper()
    if len(key) > 1:  # other signs, as a remap may name them
        from clerk.keymap import shown

        return shown(key)
    return key


def key_table(
    places: Sequence[Place], keys_of: Callable[[Action], Sequence[str]]
) -> dict[str, str]:
    """Key -> action id on a screen of these places, the last of which is the most its own.

    Where two places claim a key, the screen's own wins: ``-`` lowers the priority in the inbox and
    goes to the previous view everywhere else.
    """
    found: dict[str, str] = {}
    for place in places:
        for action in at(place):
            found.update(dict.fromkeys(keys_of(action), action.id))
    return found
