"""What a field device recorded, as it stood in its file."""

from dataclasses import dataclass

from storage.terms import FineSource, Guilt, ParticipantRole, Unity


class WrongRecord(Exception):  # noqa: N818 - a record that is refused is no error
    """Raised where a record cannot be taken; ``line`` is where in the file, ``reason`` a
    sentence."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Seen:
    """An offence. ``details``: what fills its placeholders, as ``;314;``; ``amount`` in cents,
    None: the catalogue's."""

    code: str
    details: str = ""
    amount: int | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """A person. ``born_on`` is ISO."""

    role: ParticipantRole
    family_name: str
    given_name: str = ""
    born_on: str | None = None
    street: str = ""
    postcode: str = ""
    city: str = ""
    email: str = ""
    phone: str = ""
    birth_name: str | None = None
    birth_place: str | None = None
    nationality: str | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo or document: a file of the package, or its bytes where they stood in the record.

    ``length``: its bytes as the record tells them, None: it does not. ``line``: where it is named.
    """

    name: str
    kind: str
    line: int
    length: int | None = None
    data: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRecord:
    """One record. ``number``: the device's own for it, '' where it has none; ``acted_from`` and
    ``acted_to`` are ISO, local; ``municipality``: its key of eight digits, '' where not told."""

    line: int
    source: FineSource
    number: str = ""
    reference: str = ""
    municipality: str = ""
    offences: tuple[Seen, ...]
    acted_from: str
    acted_to: str | None = None
    place: str
    place_more: str = ""
    district: str = ""
    latitude: str = ""
    longitude: str = ""
    officer: str = ""
    unity: Unity = Unity.SAME_ACT
    guilt: Guilt = Guilt.NEGLIGENT
    plate: str = ""
    plate_country: str = ""
    vehicle: str = ""
    evidence: str = ""
    note: str = ""
    people: tuple[Named, ...] = ()
    pictures: tuple[Picture, ...] = ()
