"""Records of the demo that are hostile on purpose, and say so: text must stay only text.

Each names itself a test record (Prüfsatz) where a clerk can read it. Control characters stand in
escapes here, so that this file stays readable itself.
"""

from dataclasses import dataclass
from typing import Final

SENDER: Final = "Prüfsatz (Demo)"
ADDRESS: Final = "pruefsatz@hostile.invalid"


@dataclass(frozen=True, slots=True)
class Hostile:
    """A record; ``office_id`` '' lies with no office."""

    office_id: str
    sender: str
    subject: str
    body: str


_ESCAPES = "\x1b[31mrot\x1b[0m \x1b]0;Titel\x07 \x1b[2J \x9b1m"
_BIDI = "Rechnung \u202egnp.exe\u202c \u202bumgedreht\u202c \u200f\u200b\u2028Zeile"

HOSTILE: Final[tuple[Hostile, ...]] = (
    Hostile(
        "buergerbuero",
        SENDER,
        "Prüfsatz Markup: [/nope] [@click=app.quit]Klick[/] [bold red]rot[/bold red]",
        "Prüfsatz (Demo). Auszeichnung ist nur Text:\n[/nope] [link=https://example.org]x[/link]\n"
        "[@click=app.quit]beendet nichts[/] <b>nicht fett</b> {nicht} %s $HOME `ls` \\[/]",
    ),
    Hostile(
        "",
        SENDER,
        f"Prüfsatz Steuerzeichen: {_ESCAPES}",
        f"Prüfsatz (Demo). Folgen für Terminals:\n{_ESCAPES}\n\x07\x08\x0c\x7f Ende",
    ),
    Hostile(
        "buergerbuero",
        f"{SENDER} \u202etulosba\u202c",
        f"Prüfsatz Schreibrichtung: {_BIDI}",
        f"Prüfsatz (Demo). Umgekehrte Schrift:\n{_BIDI}\nשלום עולם مرحبا",
    ),
    Hostile(
        "",
        SENDER,
        "Prüfsatz Zeilen:\nzweite Zeile\r\ndritte\tmit Tabulator",
        "Prüfsatz (Demo).\r\nZeilenenden\rvon\x0bvielen\x0cArten\x85und\u2029noch eine.",
    ),
    Hostile(
        "buergerbuero",
        SENDER,
        "Prüfsatz Länge: " + "sehr" * 600 + "lang",
        "Prüfsatz (Demo). " + "Wort " * 4000 + "\n" + "ohneLücke" * 1500,
    ),
    Hostile(
        "tiefbau",
        "<script>Prüfsatz (Demo)</script>'; DROP TABLE items; --",
        "Prüfsatz Zeichen: 😀 e\u0301 Zalgo: Z\u0351\u036b\u0343a\u0328\u0354 ﷽ 𝔉𝔯𝔞𝔨𝔱𝔲𝔯 ：＂",
        'Prüfsatz (Demo). "Anführung" \'; DROP TABLE items; -- AND OR NOT NEAR("x")* ^\x00',
    ),
)
