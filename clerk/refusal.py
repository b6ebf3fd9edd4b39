"""A refusal: why something cannot be done, with a stable code and a sentence for the user."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """``code`` is stable and ASCII (``item.not_open``); ``sentence`` is translated and complete."""

    code: str
    sentence: str


class Refused(Exception):
    """Raised by a use case whose guard refused. The door turns it into exit code 1."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.sentence)
        self.refusal = refusal


def refuse(code: str, sentence: str) -> Refused:
    """Shorthand: ``raise refuse("item.gone", _("…"))``."""
    return Refused(Refusal(code, sentence))
