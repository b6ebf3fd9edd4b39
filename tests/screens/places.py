"""Every screen and dialog, and the keys that lead there from the start.

For the office of the fixture ``office`` (conftest): the hostile record stands in everything.
"""

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
    "payments": ("g", "z"),
    "absences": ("g", "u"),
    "absence": ("g", "u", "n"),
    "chord": ("g",),
    "help": ("f1",),
    "help_of_question": ("a", "f1"),
    "palette": ("ctrl+k",),
    "jump": (":",),
    "lock": ("ctrl+l",),
}
