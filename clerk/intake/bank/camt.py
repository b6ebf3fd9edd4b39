"""camt.053 (ISO 20022), versions 001.02 to 001.08, read as a stream.

One booking (``Ntry``) may hold many payments (``TxDtls``). Where the bank gives no reference of its
own, an entry's identity is made of what it says, counted among equal ones of its day.
"""

import hashlib
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import IO, TYPE_CHECKING

from clerk.i18n import _
from clerk.intake.bank.entry import BadEntry, BankEntry, Passed
from clerk.refusal import Refused, refuse

if TYPE_CHECKING:
    from lxml.etree import _Element

_NAMESPACE = re.compile(r"urn:iso:std:iso:20022:tech:xsd:camt\.053\.001\.(0[2-8]|1[0-9])")
_MOST_CENTS = 10**13  # EPC069-12 allows 999,999,999.99; nobody owes a town more
_LONGEST = 500
_BROKEN = (zlib.error, zipfile.BadZipFile, EOFError)  # of a packed file, while it is read
Found = BankEntry | BadEntry | Passed


def read(file: IO[bytes], name: str) -> Iterator[Found]:
    """Every movement of a statement file. Refused ``bank.format`` for a file that is no camt.053,
    ``bank.broken`` for one that ends in the middle: what came before was read."""
    from lxml import etree

    events = etree.iterparse(
        file,
        events=("start", "end"),
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    seen: Counter[str] = Counter()
    iban, first = "", True
    try:
        for event, element in events:
            if first:
                first = False
                _refuse_foreign(element, name)
            if event != "end":
                continue
            kind = _local(element)
            if kind == "Acct" and _local(element.getparent()) == "Stmt":
                iban = _text(element, "Id", "IBAN") or _text(element, "Id", "Othr", "Id")
            elif kind == "Ntry":
                yield from _entries(element, iban, seen)
                _forget(element)
    except (etree.XMLSyntaxError, *_BROKEN) as error:
        if first:
            raise _no_statement(name) from error
        line = error.lineno if isinstance(error, etree.XMLSyntaxError) else None
        raise refuse(
            "bank.broken",
            _(
                "{name} is damaged in line {line}. What stands before it was read; ask the bank"
                " for the file again."
            ).format(name=name, line=line or "?"),
        ) from error


def _no_statement(name: str) -> Refused:
    return refuse("bank.format", _("{name} is no camt.053 statement.").format(name=name))


def _refuse_foreign(root: "_Element", name: str) -> None:
    """Only camt.053, and none with a document type: there entities would be declared."""
    if root.getroottree().docinfo.internalDTD is not None:
        raise refuse(
            "bank.entities",
            _("{name} declares a document type. Statements have none: it was not read.").format(
                name=name
            ),
        )
    namespace = str(root.tag).partition("}")[0].lstrip("{")
    if _local(root) != "Document" or not _NAMESPACE.fullmatch(namespace):
        raise _no_statement(name)


def _entries(entry: "_Element", iban: str, seen: "Counter[str]") -> Iterator[Found]:
    line = _line(entry)
    status = _text(entry, "Sts", "Cd") or _text(entry, "Sts")
    if status != "BOOK":
        yield Passed(line)
        return
    found = [one for box in _all(entry, "NtryDtls") for one in _all(box, "TxDtls")]
    details: list[_Element | None] = [*found] or [None]
    for place, detail in enumerate(details):
        try:
            yield _one(entry, detail, iban, seen, place, alone=len(details) == 1)
        except ValueError as error:
            number = line if detail is None else _line(detail)
            yield BadEntry(number, str(error))


def _one(
    entry: "_Element",
    detail: "_Element | None",
    iban: str,
    seen: "Counter[str]",
    place: int,
    *,
    alone: bool,
) -> BankEntry:
    inner = entry if detail is None else detail
    money = _find(inner, "Amt")
    if money is None and detail is not None:
        money = _find(detail, "AmtDtls", "TxAmt", "Amt")
    if money is None and alone:
        money = _find(entry, "Amt")
    if money is None:
        raise ValueError(_("the amount is missing"))
    amount = _cents(money.text or "")
    sign = _text(inner, "CdtDbtInd") or _text(entry, "CdtDbtInd")
    if sign not in ("CRDT", "DBIT"):
        raise ValueError(_("it is neither a credit nor a debit"))
    booked = (_text(entry, "BookgDt", "Dt") or _text(entry, "BookgDt", "DtTm"))[:10]
    try:
        date.fromisoformat(booked)
    except ValueError:
        raise ValueError(_("the booking date is missing or wrong")) from None
    reversal = (_text(inner, "RvslInd") or _text(entry, "RvslInd")).lower() in ("true", "1")
    side = "Dbtr" if (sign == "CRDT") != reversal else "Cdtr"
    party = _find(inner, "RltdPties", side)
    payer = "" if party is None else _text(party, "Nm") or _text(party, "Pty", "Nm")
    lines = [(one.text or "") for box in _all(inner, "RmtInf") for one in _all(box, "Ustrd")]
    purpose = " ".join(" ".join(lines).split()) or _text(entry, "AddtlNtryInf")
    structured = _text(inner, "RmtInf", "Strd", "CdtrRefInf", "Ref")
    end_to_end = _text(inner, "Refs", "EndToEndId")
    payer_iban = _text(inner, "RltdPties", f"{side}Acct", "Id", "IBAN")
    own = _text(inner, "Refs", "AcctSvcrRef")
    of_entry = _text(entry, "AcctSvcrRef")
    said = (booked, amount, sign, reversal, payer_iban, payer, end_to_end, structured, purpose)
    if own and own != of_entry:
        key = own
    elif of_entry:
        key = of_entry if alone else f"{of_entry}/{place}"
    else:
        digest = hashlib.sha256(repr(said).encode()).hexdigest()[:24]
        seen[digest] += 1
        key = f"{digest}#{seen[digest]}"
    return BankEntry(
        key=f"{iban}:{key}",
        line=_line(inner),
        booked_on=booked,
        amount=amount,
        credit=sign == "CRDT",
        reversal=reversal,
        currency=str(money.get("Ccy") or ""),
        iban=iban,
        payer=payer[:_LONGEST],
        payer_iban=payer_iban,
        purpose=purpose[:_LONGEST],
        structured=structured[:_LONGEST],
        end_to_end="" if end_to_end == "NOTPROVIDED" else end_to_end[:_LONGEST],
    )


def _cents(text: str) -> int:
    try:
        euros = Decimal(text.strip())
    except InvalidOperation:
        raise ValueError(_("“{text}” is no amount").format(text=text[:40])) from None
    cents = euros * 100
    if not euros.is_finite() or cents != cents.to_integral_value():
        raise ValueError(_("“{text}” is no amount").format(text=text[:40]))
    if not 0 < cents < _MOST_CENTS:
        raise ValueError(_("the amount {text} is out of range").format(text=text[:40]))
    return int(cents)


def _line(element: "_Element") -> int:
    line: object = element.sourceline  # lxml's stubs leave its type open
    return line if isinstance(line, int) else 0


def _local(element: "_Element | None") -> str:
    return "" if element is None else str(element.tag).rpartition("}")[2]


def _all(element: "_Element", name: str) -> "list[_Element]":
    return list(element.iterchildren(f"{{*}}{name}"))


def _find(element: "_Element", *path: str) -> "_Element | None":
    found: _Element | None = element
    for name in path:
        if found is None:
            return None
        found = next(found.iterchildren(f"{{*}}{name}"), None)
    return found


def _text(element: "_Element", *path: str) -> str:
    found = _find(element, *path)
    return "" if found is None else " ".join((found.text or "").split())


def _forget(element: "_Element") -> None:
    """A statement of 50,000 entries needs no more memory than one of ten."""
    parent = element.getparent()
    element.clear()
    if parent is not None:
        while element.getprevious() is not None:
            del parent[0]
