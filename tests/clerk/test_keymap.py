"""Keys: the defaults fit a German keyboard, and a remap that cannot work is refused in words."""

import unicodedata
from itertools import combinations

import pytest
from textual.keys import _character_to_key

from clerk.actions import ACTIONS
from clerk.keymap import keymap, problems, shown, typed_keys
from clerk.refusal import Refused


def sentences(action_id: str, *typed: str) -> list[str]:
    keys = ",".join(name for one in typed for name in typed_keys(one))
    return [problem.sentence for problem in problems(ACTIONS, {action_id: keys})]


# ux.md: in the inbox "-" lowers the priority; elsewhere it goes back to the previous view.
SHARED_BY_DEFAULT = {
    ("app.previous", "item.lower", "minus"),
    ("list.search", "case.letters", "s"),  # a case is no list
    # A fine ends and goes on by the steps of its procedure: the case's own keys are refused there.
    ("case.close", "fine.discontinue", "e"),
    ("case.reopen", "fine.reopen", "o"),
}
TOGETHER = [{"case", "fine"}, {"fine", "fines"}]  # places of one screen


def test_no_default_is_forbidden() -> None:
    everything = {one.id: ",".join(one.keys) for one in ACTIONS}
    assert problems(ACTIONS, everything) == []


def test_no_default_clashes() -> None:
    wide = ("everywhere", "list")
    shared = {
        (one.id, other.id, key)
        for one, other in combinations(ACTIONS, 2)
        for key in one.keys
        if key in other.keys
        and (
            one.place == other.place
            or one.place in wide
            or other.place in wide
            or {one.place, other.place} in TOGETHER
        )
    }
    assert shared == SHARED_BY_DEFAULT


def test_no_default_needs_what_a_terminal_keeps_for_itself() -> None:
    kept = {"ctrl+s", "ctrl+q", "ctrl+b", "f10", "f11", "ctrl+i", "ctrl+m", "ctrl+h", "ctrl+j"}
    keys = {key for one in ACTIONS for key in one.keys}
    assert keys & kept == set()
    assert not any(key.startswith(("ctrl+alt+", "alt+")) for key in keys)


def test_without_a_remap_the_keys_are_those_of_the_table() -> None:
    assert keymap(ACTIONS, {}) == {one.id: one.keys for one in ACTIONS}


def test_a_remap_replaces_and_an_empty_one_takes_away() -> None:
    keys = keymap(ACTIONS, {"item.take": "t,f7", "item.spam": "", "go.mine": "g x"})
    assert keys["item.take"] == ("t", "f7")
    assert keys["item.spam"] == ()
    assert keys["go.mine"] == ("g x",)
    assert keys["item.done"] == ("e",)


def test_keys_may_be_swapped() -> None:
    assert problems(ACTIONS, {"item.take": "e", "item.done": "n"}) == []
    assert keymap(ACTIONS, {"item.take": "e", "item.done": "n"})["item.take"] == ("e",)


@pytest.mark.parametrize(
    ("action_id", "typed", "said"),
    [
        ("item.take", "e", "Done"),  # the same place
        ("item.take", "z", "Undo"),  # everywhere
        ("item.take", "s", "Search"),  # every list
        ("app.theme", "W", "Wait"),  # everywhere meets the case
        ("list.mark", "+", "More urgent"),  # every list meets the inbox
        ("item.take", "@", "AltGr"),
        ("item.take", "{", "AltGr"),
        ("item.take", "€", "AltGr"),
        ("item.take", "²", "AltGr"),
        ("item.take", "ctrl+alt+x", "AltGr"),
        ("item.take", "^", "dead key"),
        ("item.take", "´", "dead key"),
        ("item.take", "`", "dead key"),
        ("item.take", "ctrl+i", "tab"),
        ("item.take", "ctrl+m", "enter"),
        ("item.take", "ctrl+h", "backspace"),
        ("item.take", "f1", "kept"),
        ("item.take", "Strg+C", "kept"),
        ("app.help", "h", "keeps f1"),
        ("app.quit", "", "keeps ctrl+c"),
        ("item.take", "g", "work areas"),
        ("item.take", "g t", "work areas"),
        ("go.mine", "x m", "work areas"),
        ("go.mine", "F2", "work areas"),
        ("go.mine", "g @", "AltGr"),
        ("go.mine", "g e", "Inbox"),
        ("item.take", ":", "jumping"),
        ("item.take", "j", "cursor"),
        ("item.take", "Pos1", "cursor"),
        ("item.take", "5", "suggested office"),
        ("item.take", "é", "no key"),
        ("item.take", "ctrl+#", "no key"),
        ("item.take", "hyper+x", "no key"),
        ("item.take", "\x1b", "no key"),
        ("item.take", "F99", "no key"),
        ("item.tke", "t", "item.take"),
    ],
)
def test_what_cannot_work_is_refused_with_the_reason(action_id: str, typed: str, said: str) -> None:
    found = sentences(action_id, typed)
    assert found
    assert all(said in sentence for sentence in found)
    with pytest.raises(Refused) as refused:
        keymap(ACTIONS, {action_id: ",".join(typed_keys(typed))})
    assert refused.value.refusal.code == "keys.wrong"


@pytest.mark.parametrize(
    ("action_id", "typed"),
    [
        ("item.take", "ä"),
        ("item.take", "ß"),
        ("item.take", "Ü"),
        ("item.take", "F9"),
        ("item.take", "ctrl+t"),
        ("item.take", "alt+5"),
        ("item.take", "shift+f5"),
        ("item.take", "<"),
        ("app.help", "F1"),
        ("app.jump", ":"),
        ("case.note", "d"),  # taken in the inbox, which is not there
    ],
)
def test_what_works_is_taken(action_id: str, typed: str) -> None:
    assert sentences(action_id, typed) == []


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("#", ["number_sign"]),
        ("+", ["plus"]),
        (",", ["comma"]),
        ("t,N", ["t", "N"]),
        ("Strg+X", ["ctrl+x"]),
        ("Umschalt+Tab", ["shift+tab"]),
        ("shift+t", ["T"]),
        ("ctrl++", ["ctrl+plus"]),
        ("Entf", ["delete"]),
        ("g  e", ["g e"]),
        (" ", []),
        ("", []),
    ],
)
def test_keys_are_read_as_people_write_them(typed: str, names: list[str]) -> None:
    assert typed_keys(typed) == names


def test_characters_have_the_names_that_textual_gives_them() -> None:
    for code in range(0x21, 0x180):
        character = chr(code)
        if unicodedata.name(character, "") and not character.isspace() and character != ",":
            assert typed_keys(character) == [_character_to_key(character)]


def test_keys_are_shown_as_they_stand_on_the_keyboard() -> None:
    for typed in ("#", "+", "ctrl+x", "g e", "f5", "T", "ß"):
        (name,) = typed_keys(typed)
        assert shown(name) == typed
