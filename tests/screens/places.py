"""Every screen and dialog, and the keys that lead there from the start.

For the office of the fixture ``place`` (conftest): the hostile record stands in everything.
"""

SHARED = ("conflicts", "conflict")
"""The places that want a town which is shared with others."""

PLACES: dict[str, tuple[str, ...]] = {
    "inbox": (),
    "reading": ("enter",),
    "marked": ("x", "x"),
    "hand_over": ("a",),
    "file": ("v",),
    "file_service": ("v", "0"),
    "file_person": ("v", "0", "0"),
    "note": ("i",),
    "follow_up": ("w", "3", "t"),
    "search": ("s",),
    "nothing_found": ("s", "q", "x", "q", "enter"),
    "toast": ("e",),
    "cases": ("g", "v"),
    "mine": ("g", "m"),
    "case_overview": ("g", "v", "enter"),
    "case_correspondence": ("g", "v", "enter", "2"),
    "case_notes": ("g", "v", "enter", "3"),
    "case_history": ("g", "v", "enter", "4"),
    "case_close": ("g", "v", "enter", "e"),
    "follow_ups": ("g", "w"),
    "services": ("g", "p"),
    "letters": ("g", "s"),
    "letter_reading": ("g", "s", "enter"),
    "letter_write": ("g", "v", "enter", "r"),
    "payments": ("g", "z"),
    "conflicts": ("g", "k"),
    "conflict": ("g", "k", "enter"),
    "absences": ("g", "u"),
    "absence": ("g", "u", "n"),
    "fines": ("g", "o"),
    "fine": ("g", "o", "enter"),
    "fine_steps": ("g", "o", "enter", "2"),
    "fine_people": ("g", "o", "enter", "3"),
    "fine_money": ("g", "o", "enter", "4"),
    "fine_next": ("g", "o", "space"),
    "fine_question": ("g", "o", "m"),
    "fine_entry": ("g", "o", "n", "f9"),
    "chord": ("g",),
    "help": ("f1",),
    "help_of_question": ("a", "f1"),
    "palette": ("ctrl+k",),
    "jump": (":",),
    "lock": ("ctrl+l",),
}
