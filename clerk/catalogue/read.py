"""Reading a catalogue from CSV: every wrong line with its reason, and nothing where one is
wrong."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

from clerk.catalogue.entry import AREAS, CLASSES, COLUMNS, LENGTHS, OPTIONAL, Entry
from clerk.i18n import _
from clerk.library.problems import LibraryError, Problem
from clerk.money import parse_euros
from clerk.rules.charges import well_formed
from clerk.rules.fine_costs import HIGHEST_FINE, MIN_FINE
from clerk.rules.warnings import is_warning, threatened
from storage.folding import fold
from storage.terms import Guilt, LimitationClass, OffenceArea

SHIPPED = Path(__file__).with_name("musterkatalog.csv")
MAX_BYTES = 20_000_000
_CODE = re.compile(r"[A-Za-z0-9ÄÖÜäöü][A-Za-z0-9ÄÖÜäöü./_-]*")
_TBNR = re.compile(r"[12346789][0-9]{5}")
_GERMAN_DAY = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
_FORMULA = ("=", "+", "-", "@")  # what a spreadsheet would reckon instead of show
T = TypeVar("T", bound=str)
_FINE_FROM = 500  # the last three digits of a TBNR: warnings below, fines from here on


def shipped() -> tuple[Entry, ...]:
    """The catalogue that comes with the program."""
    return read_catalogue(SHIPPED, SHIPPED.read_bytes())


def read_catalogue(path: Path, data: bytes) -> tuple[Entry, ...]:
    """The entries of a file in its order. ``path`` is only for what is wrong.

    UTF-8 or, as a German Excel writes it, cp1252; parted by semicolons, tabs or commas. Raises
    LibraryError with every line that is wrong and why.
    """
    problems: list[Problem] = []
    found: list[Entry] = []
    try:
        for line, row in _rows(_text(path, data), path):
            entry = _Row(path, line, row, problems).entry()
            if entry is not None:
                found.append(entry)
    except csv.Error as error:
        problems.append(Problem(path, 1, _("is no CSV: {reason}").format(reason=str(error))))
    problems += overlaps(path, found)
    if not found and not problems:
        problems.append(Problem(path, 1, _("holds no offence")))
    if problems:
        raise LibraryError(problems)
    return tuple(found)


def overlaps(path: Path, entries: Iterable[Entry]) -> Iterator[Problem]:
    """Where two versions of an offence would hold on the same day, told at the one of the file."""
    by_code: dict[str, list[Entry]] = {}
    for entry in entries:
        by_code.setdefault(entry.code, []).append(entry)
    for code, versions in by_code.items():
        versions.sort(key=lambda version: version.valid_from)
        for before, after in pairwise(versions):
            if before.valid_to is None or before.valid_to >= after.valid_from:
                reason = _(
                    "{code}: the version from {first} on holds still when that from {second} on"
                    " begins; end it before"
                ).format(
                    code=code,
                    first=before.valid_from.isoformat(),
                    second=after.valid_from.isoformat(),
                )
                yield Problem(path, after.line or before.line, reason)


def _text(path: Path, data: bytes) -> str:
    if len(data) > MAX_BYTES:
        raise LibraryError([Problem(path, 1, _("is too large for a catalogue"))])
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):  # Excel's "Unicode text"
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problem = Problem(path, line, _("is neither UTF-8 nor Windows-1252 here"))
        raise LibraryError([problem]) from None


def _rows(text: str, path: Path) -> Iterator[tuple[int, Mapping[str, str]]]:
    """The line on which each row begins, and its cells by field."""
    first = text.partition("\n")[0]
    parted = max(";\t,", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=parted, strict=True)
    fields: list[str | None] | None = None
    begun = 1
    for cells in reader:
        line, begun = begun, reader.line_num + 1
        if not any(cell.strip() for cell in cells):
            continue
        if fields is None:
            fields = _head(path, line, cells)
            continue
        row = {name: cell.strip() for name, cell in zip(fields, cells, strict=False) if name}
        if len(cells) > len(fields) and any(cell.strip() for cell in cells[len(fields) :]):
            row["_more"] = "x"
        yield line, row


def _head(path: Path, line: int, cells: list[str]) -> list[str | None]:
    """The field of each column; LibraryError where one is unknown, missing or there twice."""
    known = {fold(head): name for name, head in COLUMNS.items()}
    known |= {fold(name): name for name in COLUMNS}
    fields = [known.get(fold(cell.strip())) for cell in cells]
    reasons = [
        _("unknown column “{name}”").format(name=cell.strip())
        for cell, name in zip(cells, fields, strict=True)
        if name is None and cell.strip()
    ]
    named = [name for name in fields if name]
    reasons += [
        _("column “{name}” is there twice").format(name=COLUMNS[name])
        for name in COLUMNS
        if named.count(name) > 1
    ]
    reasons += [
        _("column “{name}” is missing").format(name=COLUMNS[name])
        for name in COLUMNS
        if name not in named and name not in OPTIONAL
    ]
    if reasons:
        raise LibraryError([Problem(path, line, reason) for reason in reasons])
    return fields


class _Row:
    """One line being read; what is wrong goes into ``problems``."""

    def __init__(
        self, path: Path, line: int, cells: Mapping[str, str], problems: list[Problem]
    ) -> None:
        self._path, self._line, self._cells = path, line, cells
        self._problems, self._before = problems, len(problems)

    def entry(self) -> Entry | None:
        """The entry, or None where the line is wrong."""
        if "_more" in self._cells:
            self._wrong(_("has more cells than there are columns"))
            return None
        area = self._choice("area", AREAS) or OffenceArea.MUNICIPAL
        usual = LimitationClass.TRAFFIC if area is OffenceArea.TRAFFIC else None
        found = Entry(
            code=self._text("code", needed=True),
            area=area,
            subject=self._text("subject", needed=True),
            title=self._text("title", needed=True),
            charge=self._text("charge", needed=True),
            provisions=self._text("provisions", needed=True),
            rate=self._amount("rate") or 0,
            rate_repeat=self._amount("rate_repeat", needed=False),
            rate_intent=self._amount("rate_intent", needed=False),
            maximum=self._amount("maximum") or 0,
            limitation=self._choice("limitation", CLASSES, needed=False)
            or usual
            or LimitationClass.BY_MAXIMUM,
            words=self._text("words"),
            valid_from=self._day("valid_from") or date.min,
            valid_to=self._day("valid_to", needed=False),
            line=self._line,
        )
        if len(self._problems) == self._before:
            self._check(found)
        return found if len(self._problems) == self._before else None

    def _check(self, found: Entry) -> None:
        """What is wrong about an entry whose cells can all be read."""
        if found.area is OffenceArea.TRAFFIC and not _TBNR.fullmatch(found.code):
            self._wrong(_("“{code}” is no TBNR of six digits").format(code=found.code))
        elif not _CODE.fullmatch(found.code):
            self._wrong(
                _("“{code}” may hold letters, digits and ./_- only").format(code=found.code)
            )
        elif (
            found.area is OffenceArea.TRAFFIC
            and int(found.code[3:]) < _FINE_FROM
            and not is_warning(found.rate, found.area)
        ):
            self._wrong(_("a TBNR below 500 is a warning: 5 to 55 euros in steps of 5"))
        if not well_formed(found.charge):
            self._wrong(_("a bracket of the charge is no placeholder"))
        negligent = threatened(found.maximum, Guilt.NEGLIGENT)
        for name, amount, most in (
            ("rate", found.rate, negligent),
            ("rate_repeat", found.rate_repeat, negligent),
            ("rate_intent", found.rate_intent, found.maximum),
        ):
            if amount is not None and amount > most:
                self._wrong(
                    _("{name} is more than the {most} euros that are threatened").format(
                        name=COLUMNS[name], most=most // 100
                    )
                )
            if amount is not None and amount < found.rate:
                self._wrong(_("{name} is less than the rate").format(name=COLUMNS[name]))
        if found.valid_to is not None and found.valid_to < found.valid_from:
            self._wrong(_("ends before it begins"))

    def _wrong(self, reason: str) -> None:
        self._problems.append(Problem(self._path, self._line, reason))

    def _text(self, name: str, *, needed: bool = False) -> str:
        text = " ".join(self._cells.get(name, "").split())
        if needed and not text:
            self._wrong(_("{name} is missing").format(name=COLUMNS[name]))
        if not text.isprintable():
            self._wrong(
                _("{name} holds a character that cannot be printed").format(name=COLUMNS[name])
            )
        if len(text) > LENGTHS[name]:
            self._wrong(
                _("{name} has more than {n} characters").format(name=COLUMNS[name], n=LENGTHS[name])
            )
        if text.startswith(_FORMULA):
            self._wrong(
                _("{name} begins like a formula of a spreadsheet").format(name=COLUMNS[name])
            )
        return text

    def _amount(self, name: str, *, needed: bool = True) -> int | None:
        text = self._cells.get(name, "")
        if not text:
            if needed:
                self._wrong(_("{name} is missing").format(name=COLUMNS[name]))
            return None
        cents = parse_euros(text)
        if cents is None or not MIN_FINE <= cents <= HIGHEST_FINE:
            self._wrong(
                _("{name}: “{text}” is no amount from 5 euros on").format(
                    name=COLUMNS[name], text=text
                )
            )
            return None
        return cents

    def _day(self, name: str, *, needed: bool = True) -> date | None:
        text = self._cells.get(name, "")
        if not text:
            if needed:
                self._wrong(_("{name} is missing").format(name=COLUMNS[name]))
            return None
        match = _GERMAN_DAY.fullmatch(text)
        try:
            if match:
                return date(int(match[3]), int(match[2]), int(match[1]))
            return date.fromisoformat(text)
        except ValueError:
            self._wrong(
                _("{name}: “{text}” is no date such as 01.01.2026").format(
                    name=COLUMNS[name], text=text
                )
            )
            return None

    def _choice(self, name: str, choices: Mapping[T, str], *, needed: bool = True) -> T | None:
        text = self._cells.get(name, "")
        if not text and not needed:
            return None
        for value, word in choices.items():
            if fold(text) in (fold(word), fold(value)):
                return value
        self._wrong(
            _("{name}: “{text}” is none of {known}").format(
                name=COLUMNS[name], text=text, known=", ".join(choices.values())
            )
        )
        return None
