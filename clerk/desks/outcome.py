"""What became of an action on one or many records."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from clerk.i18n import _
from clerk.refusal import Refusal, Refused
from storage.record import Record

R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True)
class Outcome:
    """``done`` and ``refused`` hold record ids; one entry of the journal covers all of ``done``."""

    action: str
    done: tuple[str, ...]
    refused: tuple[tuple[str, Refusal], ...] = ()


def sort_out(
    records: Iterable[R], guard: Callable[[R], Refusal | None]
) -> tuple[list[R], list[tuple[str, Refusal]]]:
    """Which records the guard lets pass, and why not the others; Refused if none passes.

    Of no records at all none passes: Refused ``nothing.chosen``.
    """
    passed: list[R] = []
    refused: list[tuple[str, Refusal]] = []
    for record in records:
        refusal = guard(record)
        if refusal is None:
            passed.append(record)
        else:
            refused.append((record.id, refusal))
    if not passed:
        nothing = Refusal("nothing.chosen", _("Nothing is chosen."))
        raise Refused(refused[0][1] if refused else nothing)
    return passed, refused
