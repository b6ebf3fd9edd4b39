"""Which keys an action has after remapping, and which remaps are refused and why. Pure.

Keys are named as Textual names them (``number_sign``, ``ctrl+x``); people may write them as they
stand on the keyboard (``#``, ``Ctrl+X``), :func:`typed_keys` turns one into the other.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from clerk.actions import Action, Place
from clerk.i18n import _
from clerk.refusal import Refusal, Refused

CHORD = "g"
# These keep their key whatever else they get: without help and the way out nobody is safe.
KEPT = {"app.help": "f1", "app.quit": "ctrl+c"}
_ALTGR = {
    "at", "left_square_bracket", "right_square_bracket", "left_curly_bracket",
    "right_curly_bracket", "backslash", "vertical_line", "tilde", "euro_sign", "µ", "²", "³",
}  # fmt: skip
_DEAD = {"circumflex_accent", "acute_accent", "grave_accent"}
_SAME_BYTE = {"ctrl+i": "tab", "ctrl+m": "enter", "ctrl+j": "enter", "ctrl+h": "backspace"}
_MOVES = {
    "up", "down", "left", "right", "pageup", "pagedown", "home", "end", "j", "k",
}  # fmt: skip
# Textual's own shorter names.
_SHORT = {
    "solidus": "slash", "reverse_solidus": "backslash", "commercial_at": "at",
    "hyphen_minus": "minus", "plus_sign": "plus", "low_line": "underscore",
}  # fmt: skip
_ALIASES = {
    "esc": "escape", "return": "enter", "strg": "ctrl", "umschalt": "shift", "del": "delete",
    "entf": "delete", "einfg": "insert", "pos1": "home", "ende": "end", "bild↑": "pageup",
    "bild↓": "pagedown", "leertaste": "space",
}  # fmt: skip
_NAMED = {
    "enter", "escape", "tab", "space", "backspace", "delete", "insert", *_MOVES,
    *(f"f{n}" for n in range(1, 25)),
}  # fmt: skip
_MODIFIERS = ("ctrl", "shift", "alt")


@dataclass(frozen=True, slots=True)
class Problem:
    """Why the remap of an action is refused, as a translated sentence."""

    action_id: str
    sentence: str


def keymap(actions: Sequence[Action], remap: Mapping[str, str]) -> Mapping[str, tuple[str, ...]]:
    """Action id -> its keys, the first is shown. ``remap``: id -> keys joined by commas, '' for
    none. Raises Refused ``keys.wrong`` with the first of :func:`problems`."""
    for problem in problems(actions, remap):
        raise Refused(Refusal("keys.wrong", f"{problem.action_id}: {problem.sentence}"))
    return _map(actions, remap)


def problems(actions: Sequence[Action], remap: Mapping[str, str]) -> list[Problem]:
    """Everything that is wrong with a remap; empty if nothing is."""
    found = [*_unknown(actions, remap)]
    known = {one.id: one for one in actions}
    for action_id, keys in remap.items():
        if action_id in known:
            found += [
                Problem(action_id, sentence)
                for key in _split(keys)
                if (sentence := _unfit(key, known[action_id]))
            ]
            found += _lost(action_id, _split(keys))
    return found or list(_clashes(actions, remap))


def typed_keys(typed: str) -> list[str]:
    """The Textual names of a key (or of several, between commas) as it was typed.

    ``#`` -> ``number_sign``, ``Strg+X`` -> ``ctrl+x``, ``g e`` stays a chord. What cannot be read
    comes back as it is, so that it can be complained about.
    """
    parts = [typed] if typed == "," else typed.split(",")
    return [" ".join(map(_typed_key, one.split())) for one in parts if one.strip()]


def _typed_key(typed: str) -> str:
    if len(typed) == 1:
        return _character_name(typed)
    before, _plus, key = typed.rpartition("+")
    if not key:  # "ctrl++"
        before, key = before.rstrip("+"), "+"
    modifiers = [_ALIASES.get(one, one) for one in before.lower().split("+") if one]
    if len(key) > 1:
        return "+".join([*modifiers, _ALIASES.get(key.lower(), key.lower())])
    if modifiers == ["shift"] and key.isalpha():
        return key.upper()  # which is how a terminal says it
    return "+".join([*modifiers, _character_name(key.lower())])


def _character_name(character: str) -> str:
    """As Textual names a character: a letter or digit is itself, others have their Unicode name."""
    if character.isalnum():
        return character
    name = unicodedata.name(character, "?").lower().replace("-", "_").replace(" ", "_")
    return _SHORT.get(name, name)


def _split(keys: str) -> list[str]:
    return [key for key in keys.split(",") if key]


def _map(actions: Sequence[Action], remap: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    return {
        one.id: tuple(_split(remap[one.id])) if one.id in remap else one.keys for one in actions
    }


def _unknown(actions: Sequence[Action], remap: Mapping[str, str]) -> Iterator[Problem]:
    ids = {one.id for one in actions}
    for action_id in remap:
        if action_id not in ids:
            from difflib import get_close_matches

            near = get_close_matches(action_id, sorted(ids), 1)
            sentence = _("there is no action “{id}”").format(id=action_id)
            if near:
                sentence += _("; “{near}” perhaps?").format(near=near[0])
            yield Problem(action_id, sentence)


def shown(key: str) -> str:
    """A key as it stands on the keyboard: ``ctrl+x`` stays, ``number_sign`` is ``#``."""
    return " ".join(
        "+".join(_SIGNS.get(part, part) for part in one.split("+")) for one in key.split(" ")
    )


def _lost(action_id: str, keys: Sequence[str]) -> Iterator[Problem]:
    kept = KEPT.get(action_id)
    if kept is not None and kept not in keys:
        sentence = _("“{id}” keeps {key}; name it among its keys").format(
            id=action_id, key=shown(kept)
        )
        yield Problem(action_id, sentence)


def _unfit(key: str, action: Action) -> str:
    """Why no action, or not this one, can have the key; '' if it can."""
    first, _space, second = key.partition(" ")
    if second:
        if first != CHORD or not action.id.startswith("go.") or " " in second:
            return _("“{key}”: two keys are for the work areas only, “g” and a letter").format(
                key=shown(key)
            )
        return _unfit_alone(second)
    if action.id.startswith("go."):
        return _("the work areas are reached by “g” and a letter")
    if key == CHORD:
        return _("“g” begins the way to the work areas")
    if key == "colon" and action.id != "app.jump":
        return _("“:” is for jumping")
    if key in KEPT.values() and KEPT.get(action.id) != key:
        return _("“{key}” is kept for help and for leaving the program").format(key=shown(key))
    if key in _MOVES:
        return _("“{key}” moves the cursor").format(key=shown(key))
    if action.place == "inbox" and len(key) == 1 and key in "123456789":
        return _("1 to 9 hand over to a suggested office")
    return _unfit_alone(key)


def _unfit_alone(key: str) -> str:
    """Why a German keyboard or a terminal cannot do the key; '' if they can."""
    *modifiers, name = key.split("+")
    if not _exists(modifiers, name):
        return _("there is no key “{key}”").format(key=shown(key))
    if name in _ALTGR:
        return _("“{key}” needs AltGr on a German keyboard").format(key=shown(key))
    if name in _DEAD:
        return _("“{key}” is a dead key on a German keyboard").format(key=shown(key))
    if other := _SAME_BYTE.get(key):
        return _("a terminal cannot tell “{key}” from “{other}”").format(
            key=shown(key), other=shown(other)
        )
    if "ctrl" in modifiers and "alt" in modifiers:
        return _("“{key}” is AltGr on a German keyboard").format(key=shown(key))
    return ""


def _exists(modifiers: Sequence[str], name: str) -> bool:
    """Whether the key is on the keyboard and a terminal sends it so."""
    if any(one not in _MODIFIERS for one in modifiers) or len(set(modifiers)) < len(modifiers):
        return False
    if name in _NAMED:
        return True
    if modifiers:  # with ctrl and alt terminals send letters, with alt digits as well
        return name in _LETTERS or (modifiers == ["alt"] and name in _DIGITS)
    return name in _CHARACTERS


# What a German keyboard has: as it is, with shift, with AltGr, dead.
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz")
_DIGITS = frozenset("0123456789")
_SIGNS = {_character_name(c): c for c in "^+#<,.-°!\"§$%&/()=?*'>;:_@€{[]}\\~|µ²³´`"}
_CHARACTERS = frozenset(
    [*_SIGNS, *"abcdefghijklmnopqrstuvwxyzäöüßABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÜ0123456789"]
)


def _clashes(actions: Sequence[Action], remap: Mapping[str, str]) -> Iterator[Problem]:
    """Two actions that could be meant by one key: in one place, or one of them wherever the other
    is. The remapped one is named. What both have by default is meant so (``-`` in the inbox)."""
    keys = _map(actions, remap)
    order = sorted(actions, key=lambda one: one.id in remap)
    for place, one in enumerate(order):
        for other in order[:place]:
            if one.id not in remap and other.id not in remap:
                continue
            if _meet(one.place, other.place):
                for key in keys[one.id]:
                    by_default = key in one.keys and key in other.keys
                    if key in keys[other.id] and not by_default:
                        sentence = _("“{key}” is taken by “{other}” ({id})")
                        yield Problem(
                            one.id, sentence.format(key=shown(key), other=other.title, id=other.id)
                        )


def _meet(one: Place, other: Place) -> bool:
    """Whether both places can be under the hands at once."""
    wide: Iterable[Place] = ("everywhere", "list")
    return one == other or one in wide or other in wide
