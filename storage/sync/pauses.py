"""How long synchronisation pauses after what went wrong: not all workstations at once, and seldom
where trying again does not help."""

import random
from typing import Final

GIVEN_UP: Final = frozenset({
    "hub.login", "hub.no_password", "hub.certificate", "hub.plain", "hub.url", "hub.database",
    "hub.client_old", "hub.client_new", "hub.device", "hub.refused",
    "hub.gap", "sync.hole", "sync.diverged",
})  # fmt: skip
"""The codes of what somebody has to put right. It is tried all the same, once in a while: nobody
has to come to each workstation afterwards."""

_SLOW: Final = ("hub.crowded", "hub.full", "hub.fault", "store.")
_FIRST_S, _LONGEST_S, _LONGEST_SLOW_S, _GIVEN_UP_S = 0.2, 4.0, 15.0, 60.0


class Pauses:
    """Longer and longer, until something went well."""

    def __init__(self) -> None:
        self._next = _FIRST_S

    def over(self) -> None:
        """It went well."""
        self._next = _FIRST_S

    def after(self, code: str) -> float:
        """Seconds to wait after a failure with this code."""
        if code in GIVEN_UP:
            pause = self._next = _GIVEN_UP_S
        else:
            longest = _LONGEST_SLOW_S if code.startswith(_SLOW) else _LONGEST_S
            pause = min(self._next, longest)
            self._next = pause * 2
        return pause * random.uniform(0.5, 1.0)  # noqa: S311 - spreads load
