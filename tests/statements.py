"""Bank statements made up for the tests: camt.053 in its two shapes."""

from dataclasses import dataclass
from xml.sax.saxutils import escape

IBAN = "DE02120300000000202051"


@dataclass(frozen=True)
class Line:
    """One movement. ``own``: the bank's own reference, '' where it gives none."""

    amount: str = "88.50"
    text: str = ""
    payer: str = "Erika Beispiel"
    iban: str = "DE75512108001245126199"
    day: str = "2026-07-20"
    own: str = ""
    sign: str = "CRDT"
    reversal: bool = False
    status: str = "BOOK"
    currency: str = "EUR"
    structured: str = ""
    end_to_end: str = "NOTPROVIDED"


def _details(line: Line, new: bool, amount: bool) -> str:
    side = "Dbtr" if (line.sign == "CRDT") != line.reversal else "Cdtr"
    name = f"<Nm>{escape(line.payer)}</Nm>"
    party = f"<Pty>{name}</Pty>" if new else name
    parts = [line.text[at : at + 27] for at in range(0, len(line.text), 27)]
    unstructured = "".join(f"<Ustrd>{escape(part)}</Ustrd>" for part in parts)
    strd = (
        f"<Strd><CdtrRefInf><Ref>{escape(line.structured)}</Ref></CdtrRefInf></Strd>"
        if line.structured
        else ""
    )
    money = f'<Amt Ccy="{line.currency}">{line.amount}</Amt>' if amount else ""
    sign = f"<CdtDbtInd>{line.sign}</CdtDbtInd>" if amount else ""
    own = f"<AcctSvcrRef>{line.own}</AcctSvcrRef>" if amount and line.own else ""
    return (
        f"<TxDtls><Refs>{own}<EndToEndId>{escape(line.end_to_end)}</EndToEndId></Refs>{money}{sign}"
        f"<RltdPties><{side}>{party}</{side}><{side}Acct><Id><IBAN>{line.iban}</IBAN></Id>"
        f"</{side}Acct></RltdPties><RmtInf>{unstructured}{strd}</RmtInf></TxDtls>"
    )


def _entry(lines: tuple[Line, ...], new: bool) -> str:
    first = lines[0]
    total = sum(float(line.amount) for line in lines) if len(lines) > 1 else None
    amount = first.amount if total is None else f"{total:.2f}"
    status = f"<Sts><Cd>{first.status}</Cd></Sts>" if new else f"<Sts>{first.status}</Sts>"
    reversal = "<RvslInd>true</RvslInd>" if first.reversal else ""
    own = f"<AcctSvcrRef>{first.own}</AcctSvcrRef>" if first.own and len(lines) == 1 else ""
    details = "\n".join(_details(line, new, len(lines) > 1) for line in lines)
    return (
        f'<Ntry><Amt Ccy="{first.currency}">{amount}</Amt><CdtDbtInd>{first.sign}</CdtDbtInd>'
        f"{reversal}{status}<BookgDt><Dt>{first.day}</Dt></BookgDt>{own}"
        f"<NtryDtls>{details}</NtryDtls></Ntry>"
    )


def camt(*entries: Line | tuple[Line, ...], version: str = "08", iban: str = IBAN) -> bytes:
    """A statement; a tuple is one booking of many payments."""
    new = int(version) >= 8
    body = "\n".join(_entry(e if isinstance(e, tuple) else (e,), new) for e in entries)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"><BkToCstmrStmt>'
        f"<Stmt><Id>1</Id><Acct><Id><IBAN>{iban}</IBAN></Id></Acct>\n{body}\n</Stmt>"
        "</BkToCstmrStmt></Document>\n"
    ).encode()
