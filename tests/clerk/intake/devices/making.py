"""Field devices' files for the tests and benchmarks: both forms, as many records as wanted, and
what goes wrong with them. Everything in them is invented."""

import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(range(256)) * 8 + b"\xff\xd9"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
XOWI = "http://www.owi21.de"


def case(n: int = 1, **but: str) -> str:
    """A WiNOWiG record of a car parked on 29 May 2024; ``but`` changes parts of it, '' leaves them
    out: number, reference, day, till, begin, end, code, details, plate, place, pictures, people,
    more (in the Falldaten), extra (in the Fall)."""
    said = {
        "number": f"23900{n:06}",
        "reference": "",
        "day": "29.05.2024",
        "till": "",
        "begin": f"{8 + n // 60 % 12:02}:{n % 60:02}",
        "end": "",
        "code": "141312",
        "details": "",
        "plate": f"XY-AB {n}",
        "place": "Marktplatz, vor Haus 3",
        "pictures": "",
        "people": "",
        "more": "",
        "extra": "",
    } | but
    facts = "".join(
        (
            _if("Aktenzeichen", said["number"]),
            _if("Kassenzeichen", said["reference"]),
            "<Fahrzeug><Nationalitaet>D</Nationalitaet><Fabrikat>Musterwagen</Fabrikat>"
            f"<Farbe>grün</Farbe>{_if('Kennzeichen', said['plate'])}</Fahrzeug>",
            f"<Tattag>{_if('Von', said['day'])}{_if('Bis', said['till'])}</Tattag>",
            f"<Tatzeit>{_if('Von', said['begin'])}{_if('Bis', said['end'])}</Tatzeit>"
            if said["begin"]
            else "",
            said["more"],
        )
    )
    return f"""<Fall FallArt="VOWI" GPS="53.1;10.2">
  <Falldaten>{facts}</Falldaten>
  <Tatbestaende><Tatbestand>{_if("Tatbestandsnummer", said["code"])}\
{_if("Konkretisierungen", said["details"])}</Tatbestand></Tatbestaende>
  {said["pictures"]}{said["people"]}
  <Beweise><Beweis>Foto</Beweis></Beweise>
  <Zeuge><Zeilen><Zeile>02; 10</Zeile><Zeile>Müßig, Jörg</Zeile></Zeilen></Zeuge>
  {f"<Tatorte><Tatort>{escape(said['place'])}</Tatort></Tatorte>" if said["place"] else ""}
  {said["extra"]}
</Fall>"""


def pictures(*names: str, kind: str = "Gesamtbild") -> str:
    """The element that names pictures."""
    each = (f"<Bild Inhalt={quoteattr(kind)} Dateiname={quoteattr(name)}/>" for name in names)
    return f"<Bilder>{''.join(each)}</Bilder>"


def person(kind: str = "Betroffener", born: str = "", name: str = "Beispiel") -> str:
    """The element that names somebody."""
    more = f"<Zusatzdaten><Geburtsdatum>{born}</Geburtsdatum></Zusatzdaten>" if born else ""
    return (
        f'<Beteiligte><Beteiligter Funktion="keine" Typ={quoteattr(kind)}><Kontakt><Anschrift>'
        f"<Vorname>Erika</Vorname><Name>{escape(name)}</Name><Strasse>Am Weiher</Strasse>"
        "<Hausnummer>5</Hausnummer><PLZ>12345</PLZ><Ort>Musterstadt</Ort>"
        f"</Anschrift></Kontakt>{more}</Beteiligter></Beteiligte>"
    )


def winowig(cases: Iterable[str], head: str = HEAD) -> str:
    """The file of these records."""
    return (
        f'{head}\n<OWIGMDEData Version="1">\n'
        '<Header Herkunft="Test" Sachbearbeitername="A. Streife"/>\n'
        "<Mandant>\n" + "\n".join(cases) + "\n</Mandant>\n</OWIGMDEData>\n"
    )


def stock(n: int = 1, inside: str = "", **but: str) -> str:
    """An owi21 record; ``but`` changes attributes, '' leaves them out; ``inside``: more
    elements."""
    said = {
        "GMK": "05999001",
        "GUID": f"00000000-0000-0000-0000-{n:012}",
        "Gemarkung": "Musterstadt",
        "Tatort": "Marktplatz, vor Haus 3",
        "Tattag": "2024-05-29",
        "Tatzeit": f"{8 + n // 60 % 12:02}:{n % 60:02}",
        "Beweis_Schluessel_1": "1",
        "Beweis_Schluessel_2": "4",
        "KFZ_Kennzeichen": f"XY-AB {n}",
        "KFZ_Farbe": "grün",
        "code": "141312",
        "details": "",
    } | but
    code, details = said.pop("code"), said.pop("details")
    offence = f'<Tatbestand TBNr="{code}"{_attribute("Konkretisierung", details)}/>' if code else ""
    attributes = "".join(_attribute(name, value) for name, value in said.items())
    return (
        f"<Bestand{attributes}>{offence}"
        f'<Entscheidung Schluessel="111" Typ="2" Datum="2024-05-30"/>{inside}</Bestand>'
    )


def xowi(stocks: Iterable[str], head: str = HEAD, within: str = "Hinzufuegen") -> str:
    """The file of these records."""
    return (
        f'{head}\n<Datenstrom xmlns="{XOWI}">\n<Bestaende>\n<{within}>\n'
        + "\n".join(stocks)
        + f"\n</{within}>\n</Bestaende>\n</Datenstrom>\n"
    )


def folder(root: Path, files: Mapping[str, bytes | str]) -> Path:
    """Write files into a folder."""
    for name, data in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)
    return root


def zipped(path: Path, files: Mapping[str, bytes | str]) -> Path:
    """Write files into a ZIP."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def _if(name: str, value: str) -> str:
    return f"<{name}>{escape(value)}</{name}>" if value else ""


def _attribute(name: str, value: str) -> str:
    return f" {name}={quoteattr(value)}" if value else ""
