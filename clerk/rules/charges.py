"""The words of a charge: its placeholders are said by who records it. Pure.

``Sie haben Ihren Hund {Name} in {Ort} nicht angeleint.`` takes any words for ``Name`` and ``Ort``;
``Sie parkten bei Zeichen <314/315> …``, as the federal catalogue writes it, takes one of the
choices."""

import re
from collections.abc import Mapping

LONGEST = 200  # characters of what is filled in
_PLACEHOLDER = re.compile(r"\{([^{}<>]{1,60})\}|<([^{}<>]{1,200})>")


def placeholders(charge: str) -> tuple[str, ...]:
    """What a charge wants to be told, in its order, none twice: a name, or choices with slashes."""
    return tuple(dict.fromkeys(map(_name, _PLACEHOLDER.finditer(charge))))


def choices(charge: str, placeholder: str) -> tuple[str, ...]:
    """What may take the place of a placeholder; () where any words may."""
    if not any(match[2] and _name(match) == placeholder for match in _PLACEHOLDER.finditer(charge)):
        return ()
    parts = tuple(part.strip() for part in placeholder.split("/"))
    return parts if len(parts) > 1 and all(parts) else ()


def well_formed(charge: str) -> bool:
    """Whether every bracket of a charge belongs to a placeholder with a name."""
    rest = _PLACEHOLDER.sub("", charge)
    return not re.search("[{}<>]", rest) and all(placeholders(charge))


def fill(charge: str, details: Mapping[str, str]) -> str:
    """The charge in full; what nobody has said keeps its brackets. What is filled in is only text:
    brackets in it stay as they are."""
    return _PLACEHOLDER.sub(lambda m: details.get(_name(m), "").strip() or m[0], charge)


def missing(charge: str, details: Mapping[str, str]) -> tuple[str, ...]:
    """The placeholders of a charge that nobody has said anything for, or none of the choices."""
    return tuple(
        one for one in placeholders(charge) if not _fits(charge, one, details.get(one, ""))
    )


def from_device(charge: str, sent: str) -> tuple[dict[str, str], tuple[str, ...]]:
    """What a field device sent as ``;314;``: the details, and what fits nowhere.

    A value that is one of the choices of a placeholder goes there, any other into the next one that
    takes any words.
    """
    details: dict[str, str] = {}
    left: list[str] = []
    for value in filter(None, (part.strip() for part in sent.split(";"))):
        empty = [one for one in placeholders(charge) if one not in details]
        chosen = next((one for one in empty if value in choices(charge, one)), None)
        chosen = chosen or next((one for one in empty if not choices(charge, one)), None)
        if chosen is None or len(value) > LONGEST:
            left.append(value)
        else:
            details[chosen] = value
    return details, tuple(left)


def _name(match: re.Match[str]) -> str:
    return (match[1] or match[2]).strip()


def _fits(charge: str, placeholder: str, value: str) -> bool:
    allowed = choices(charge, placeholder)
    return value.strip() in allowed if allowed else bool(value.strip())
