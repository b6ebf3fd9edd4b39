"""What stands around the details of a letter: the office, the day, who signed."""

from dataclasses import asdict, dataclass
from datetime import date

from clerk.office_settings import OfficeSettings


@dataclass(frozen=True, slots=True)
class Signature:
    """A name under a letter; ``on_behalf``: of the absent colleague, '' for nobody."""

    name: str
    on_behalf: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """``office``: its name; ``day``: of the letter, that of the last signature. A ``draft`` says on
    every page that it is one."""

    office: str
    settings: OfficeSettings
    day: date
    signatures: tuple[Signature, ...] = ()
    draft: bool = True

    def as_values(self, subject: str) -> dict[str, object]:
        """As the templates read it."""
        return {
            "office": self.office,
            "letterhead": asdict(self.settings.letterhead),
            "bank": asdict(self.settings.bank),
            "day": self.day.isoformat(),
            "signatures": [asdict(one) for one in self.signatures],
            "draft": self.draft,
            "subject": subject,
        }
