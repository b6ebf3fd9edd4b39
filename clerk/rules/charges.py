"""The words of a charge: what stands in braces is said by who records it. Pure.

``Sie haben Ihren Hund {Name} in {Ort} nicht angeleint.`` has the placeholders ``Name`` and ``Ort``.
"""

import re
from collections.abc import Mapping

_PLACEHOLDER = re.compile(r"\{([^{}]{1,60})\}")


def placeholders(charge: str) -> tuple[str, ...]:
    """What a charge wants to be told, in its order, none twice."""
    return tuple(dict.fromkeys(match.strip() for match in _PLACEHOLDER.findall(charge)))


def fill(charge: str, details: Mapping[str, str]) -> str:
    """The charge in full; what nobody has said keeps its braces. What is filled in is only text:
    braces in it stay as they are."""
    return _PLACEHOLDER.sub(lambda m: details.get(m[1].strip(), "").strip() or m[0], charge)


def missing(charge: str, details: Mapping[str, str]) -> tuple[str, ...]:
    """The placeholders of a charge that nobody has said anything for."""
    return tuple(one for one in placeholders(charge) if not details.get(one, "").strip())
