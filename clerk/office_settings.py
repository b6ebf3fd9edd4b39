"""What an office has set for itself: where it sits, its letterhead, its bank, its periods.

It is TOML, kept in the office's record, so that all its workstations have the same; what is not
said has the default. ``clerk offices settings`` shows and imports it.
"""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path

from clerk.i18n import _
from clerk.library.problems import LibraryError
from clerk.library.source import Source
from clerk.library.table import Table
from clerk.rules.holidays import Land, Seat
from clerk.rules.references import ReferenceMethod

_EURO = 100


@dataclass(frozen=True, slots=True)
class SeatSettings:
    """Where the authority sits: it decides which days are holidays (StPO 43(2), BGB 193)."""

    land: Land = Land.NW
    catholic: bool = False
    extra_holidays: tuple[date, ...] = ()
    municipality: str = ""  # the key of eight digits

    @property
    def seat(self) -> Seat:
        """For the rules that count terms."""
        return Seat(self.land, self.catholic, self.extra_holidays, self.municipality)


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What stands at the head of the office's letters."""

    authority: str = ""
    department: str = ""
    street: str = ""
    postcode: str = ""
    city: str = ""
    phone: str = ""
    email: str = ""
    web: str = ""
    hours: str = ""


@dataclass(frozen=True, slots=True)
class Bank:
    """The account that payments go to; '' where there is none yet."""

    holder: str = ""
    iban: str = ""
    bic: str = ""


@dataclass(frozen=True, slots=True)
class ReferenceSettings:
    """How payment references (Kassenzeichen) are made."""

    method: ReferenceMethod = ReferenceMethod.MOD11_10
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class FineSettings:
    """Periods in days and limits in cents of the fines desk. ``four_eyes_above``: fines above it
    need a second signature, None: none does. ``grace_periods``: how many periods of two weeks
    lie between finality and enforcement (OWiG 95(1)); towns differ. ``reminder_fee``: in cents,
    what the Land's enforcement law lets a reminder cost."""

    four_eyes_above: int | None = None
    warning_days: int = 7
    hearing_days: int = 14
    limitation_warning_days: int = 30
    grace_periods: int = 1
    investigation_days: int = 14  # until the answer to a query is looked for
    objection_days: int = 7  # until an objection is decided about
    reminder_days: int = 14  # to pay after a reminder
    reminder_fee: int = 0
    status_days: int = 90  # until prosecutor, court or enforcement are asked how it stands


@dataclass(frozen=True, slots=True)
class OnlinePaymentSettings:
    """The payment provider (XBezahldienste 1.0); its secret lies in the keyring. ``originator`` and
    ``end_point`` are the provider's names for the town and for this office."""

    url: str = ""
    originator: str = ""
    end_point: str = ""
    token_url: str = ""
    client_id: str = ""
    certificate: str = ""  # a file of this workstation, instead of a secret


@dataclass(frozen=True, slots=True)
class OfficeSettings:
    """All of it."""

    seat: SeatSettings = field(default_factory=SeatSettings)
    letterhead: Letterhead = field(default_factory=Letterhead)
    bank: Bank = field(default_factory=Bank)
    reference: ReferenceSettings = field(default_factory=ReferenceSettings)
    fines: FineSettings = field(default_factory=FineSettings)
    online_payment: OnlinePaymentSettings = field(default_factory=OnlinePaymentSettings)


@lru_cache(maxsize=64)
def stored(text: str | None) -> OfficeSettings:
    """From an office's record, where only what was read once is kept."""
    if text is None:
        return OfficeSettings()
    return _office(Table(tomllib.loads(text), (), lambda where, reason: None))


def read(path: Path, data: bytes) -> tuple[OfficeSettings, str]:
    """From a file: the settings, and the text to keep. ``path`` is only for what is wrong.

    Raises LibraryError with every line that is wrong and why.
    """
    source = Source(path, data)
    found = OfficeSettings() if source.table is None else _office(source.table)
    if source.problems:
        raise LibraryError(source.problems)
    return found, data.decode()


def as_values(found: OfficeSettings) -> dict[str, dict[str, object]]:
    """In the shape of the file, of JSON types only: dates ``YYYY-MM-DD``, amounts in euros."""
    values: dict[str, dict[str, object]] = asdict(found)
    values["seat"]["extra_holidays"] = [day.isoformat() for day in found.seat.extra_holidays]
    limit = found.fines.four_eyes_above
    values["fines"]["four_eyes_above"] = None if limit is None else limit // _EURO
    return values


def as_toml(found: OfficeSettings) -> str:
    """A file that says all of it; what is not set stands there as a comment."""
    out: list[str] = []
    for section, values in as_values(found).items():
        out.append(f"[{section}]")
        for key, value in values.items():
            if value is None or value == "":
                out.append(f"# {key} =")
            elif key == "extra_holidays":
                out.append(
                    f"{key} = [{', '.join(d.isoformat() for d in found.seat.extra_holidays)}]"
                )
            else:  # JSON's texts, numbers and truth values are those of TOML
                written = json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
                out.append(f"{key} = {written}")
        out.append("")
    return "\n".join(out)


def _office(root: Table) -> OfficeSettings:
    found = OfficeSettings(
        seat=_seat(_section(root, "seat")),
        letterhead=_letterhead(_section(root, "letterhead")),
        bank=_bank(_section(root, "bank")),
        reference=_reference(_section(root, "reference")),
        fines=_fines(_section(root, "fines")),
        online_payment=_online(_section(root, "online_payment")),
    )
    root.close()
    return found


def _section(root: Table, key: str) -> Table:
    """A table that may be missing."""
    return root.table(key) if root.has(key) else Table({}, (), lambda where, reason: None)


def _seat(table: Table) -> SeatSettings:
    found = SeatSettings(
        land=table.choice("land", Land, Land.NW),
        catholic=table.flag("catholic"),
        extra_holidays=table.days("extra_holidays"),
        municipality=table.text_or("municipality"),
    )
    if found.municipality and not (found.municipality.isdecimal() and len(found.municipality) == 8):
        table.wrong("municipality", _("“municipality” must be the key of eight digits"))
    table.close()
    return found


def _texts(table: Table, *keys: str) -> Mapping[str, str]:
    return {key: table.text_or(key) for key in keys}


def _letterhead(table: Table) -> Letterhead:
    found = Letterhead(**_texts(table, *Letterhead.__slots__))
    table.close()
    return found


def _bank(table: Table) -> Bank:
    found = Bank(**_texts(table, *Bank.__slots__))
    if found.iban and not _is_iban(found.iban):
        table.wrong("iban", _("“iban” is no valid IBAN"))
    if len(found.holder) > 70:  # what fits into a GiroCode (EPC069-12)
        table.wrong("holder", _("“holder” has more than 70 characters"))
    table.close()
    return Bank(found.holder, found.iban.replace(" ", "").upper(), found.bic.upper())


def _is_iban(text: str) -> bool:
    from stdnum import iban  # only who sets up an account pays for it

    return bool(iban.is_valid(text))


def _reference(table: Table) -> ReferenceSettings:
    found = ReferenceSettings(
        method=table.choice("method", ReferenceMethod, ReferenceMethod.MOD11_10),
        prefix=table.text_or("prefix"),
    )
    wanted = str.isalnum if found.method is ReferenceMethod.RF else str.isdecimal
    if found.prefix and not (found.prefix.isascii() and wanted(found.prefix)):
        table.wrong("prefix", _("“prefix” must be digits; letters too with the method “rf”"))
    table.close()
    return found


def _fines(table: Table) -> FineSettings:
    default = FineSettings()
    euros = table.number("four_eyes_above", 0, 1_000_000, -1)
    found = FineSettings(
        four_eyes_above=None if euros < 0 else euros * _EURO,
        warning_days=table.number("warning_days", 1, 90, default.warning_days),
        hearing_days=table.number("hearing_days", 1, 90, default.hearing_days),
        limitation_warning_days=table.number(
            "limitation_warning_days", 1, 365, default.limitation_warning_days
        ),
        grace_periods=table.number("grace_periods", 1, 4, default.grace_periods),
        investigation_days=table.number("investigation_days", 1, 90, default.investigation_days),
        objection_days=table.number("objection_days", 1, 90, default.objection_days),
        reminder_days=table.number("reminder_days", 1, 90, default.reminder_days),
        reminder_fee=table.number("reminder_fee", 0, 150_00, default.reminder_fee),
        status_days=table.number("status_days", 1, 365, default.status_days),
    )
    table.close()
    return found


def _online(table: Table) -> OnlinePaymentSettings:
    found = OnlinePaymentSettings(**_texts(table, *OnlinePaymentSettings.__slots__))
    for key, value in (("url", found.url), ("token_url", found.token_url)):
        if value and not value.startswith("https://"):
            table.wrong(key, _("“{key}” must begin with https://").format(key=key))
    table.close()
    return found
