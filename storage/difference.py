"""What ``verify`` says when it finds something."""

from dataclasses import dataclass


@dataclass(slots=True)
class FoundError(Exception):
    """The first difference: where it is and what is wrong."""

    where: str
