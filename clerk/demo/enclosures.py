"""A few small enclosures that many letters share: photos of one colour, scans of one page."""

import hashlib
import struct
import zlib
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file as it came with a letter."""

    name: str
    media_type: str
    data: bytes
    sha256: str


@cache
def enclosures() -> tuple[Enclosure, ...]:
    """All of them, in a fixed order."""
    photos = [
        _made(f"foto-{name}.png", "image/png", _png(colour))
        for name, colour in (
            ("laterne", (40, 40, 70)), ("schlagloch", (90, 90, 90)), ("gehweg", (150, 140, 130)),
            ("baum", (60, 110, 50)), ("schild", (200, 40, 40)),
        )
    ]  # fmt: skip
    scans = [
        _made(f"{name}.pdf", "application/pdf", _pdf(f"Demo: {name}"))
        for name in ("scan", "vollmacht", "bescheid", "bestaetigung", "lebenslauf")
    ]
    text = "Demo: Lärmprotokoll\n22:10 Musik\n23:45 Gesang\n02:30 Ruhe\n"
    return (*photos, *scans, _made("protokoll.txt", "text/plain", text.encode()))


def _made(name: str, media_type: str, data: bytes) -> Enclosure:
    return Enclosure(name, media_type, data, hashlib.sha256(data).hexdigest())


def _png(colour: tuple[int, int, int], side: int = 64) -> bytes:
    """A square of one colour (PNG, 8 bit RGB)."""
    row = b"\0" + bytes(colour) * side
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(row * side, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def _pdf(title: str) -> bytes:
    """One page with one line of ASCII text."""
    stream = f"BT /F1 18 Tf 60 760 Td ({title}) Tj ET".encode("ascii")
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        table,
    )
    return bytes(out)
