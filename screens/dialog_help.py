"""F1 over a question: its keys, read from the bindings that are live in it."""

from collections.abc import Iterator

from textual.binding import Binding

from clerk.i18n import N_, _
from screens.keys import key_name
from widgets.dialog import Dialog
from widgets.wrapping import Line

KEY_CELLS = 16
_MOST_KEYS = 2  # of one meaning; Textual knows more than one needs to read
# What Textual's own fields do, by the action of the binding, in words that are translated.
_WORDS = {
    "cursor_left_word": N_("A word to the left"),
    "cursor_word_left": N_("A word to the left"),
    "cursor_right_word": N_("A word to the right"),
    "cursor_word_right": N_("A word to the right"),
    "home": N_("To the start"),
    "end": N_("To the end"),
    "cursor_line_start": N_("To the start of the line"),
    "cursor_line_end": N_("To the end of the line"),
    "delete_left_word": N_("Delete the word before"),
    "delete_word_left": N_("Delete the word before"),
    "delete_left_all": N_("Delete everything before"),
    "delete_to_start_of_line": N_("Delete the line up to here"),
    "delete_right_all": N_("Delete everything behind"),
    "delete_to_end_of_line_or_delete_line": N_("Delete the line from here"),
    "undo": N_("Take back what was typed"),
    "redo": N_("Type it again"),
}


def lines_for_dialog(dialog: Dialog[object]) -> list[Line]:
    """What the keys of the dialog do, then those of the field that has the focus."""
    own = {**dialog.steered(), **_meanings(dialog, own=True)}
    lines: list[Line] = [
        ((_("Keys of this question"), "title"), ("   " + _("Esc goes back to it"), "muted")),
        ((dialog.heading, "muted"),),
        (),
        *_rows(own),
    ]
    field = _meanings(dialog, own=False)
    return [*lines, (), ((_("In the field"), "strong"),), *_rows(field)] if field else lines


def _rows(meanings: dict[str, str]) -> Iterator[Line]:
    for what, keys in meanings.items():
        yield ((f"{keys:<{KEY_CELLS}}", "accent"), (what, ""))


def _meanings(dialog: Dialog[object], *, own: bool) -> dict[str, str]:
    """Meaning -> keys: of clerk's own widgets, or of the field of Textual that has the focus."""
    found: dict[str, list[str]] = {}
    for binding in _live(dialog):
        ours = binding.id is not None
        word = binding.description if ours else _WORDS.get(binding.action)
        if not dialog.check_action(binding.action, ()):
            continue
        if word and ours == own and not binding.key.startswith("super+"):
            keys = found.setdefault(_(word), [])
            keys += [name for name in [key_name(binding.key)] if name not in keys]
    return {what: " ".join(keys[:_MOST_KEYS]) for what, keys in found.items()}


def _live(dialog: Dialog[object]) -> Iterator[Binding]:
    """From the focused part outwards; what an inner part binds, an outer one does not get."""
    seen: set[str] = set()
    inner = dialog.focused or dialog
    for node in inner.ancestors_with_self:
        for key, bindings in node._bindings.key_to_bindings.items():
            if key not in seen:
                yield from bindings
        seen |= set(node._bindings.key_to_bindings)
        if node is dialog:
            return
