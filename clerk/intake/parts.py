"""The leaves of a MIME tree, found without recursion and without copying.

The stdlib's parser nests one generator per level (a mail of 1,000 levels ends it) and tests every
line against every open boundary; here each level is one search over its span of the raw bytes.
"""

import binascii
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from clerk.intake.headers import Headers, parameters, read_headers
from clerk.intake.limits import MAX_DEPTH, MAX_PARTS

_BASE64: Final = re.compile(rb"[^A-Za-z0-9+/]")


class Leaf(NamedTuple):
    """One part that holds no others: ``raw[start:end]``, still transfer-encoded.

    ``group`` numbers the multipart/alternative it stands in (0 for none).
    """

    media_type: str
    charset: str
    encoding: bytes
    disposition: str
    name: str
    start: int
    end: int
    group: int


class _Span(NamedTuple):
    """A part still to be looked at; ``headers`` is None where they are not read yet."""

    start: int
    end: int
    depth: int
    group: int
    default: str
    headers: Headers | None


def leaves(raw: bytes, headers: Headers, body: int, defects: set[str]) -> Iterator[Leaf]:
    """The leaves of a mail in the order of the text."""
    pending = [_Span(body, len(raw), 0, 0, "text/plain", headers)]
    groups = 0
    count = 0
    while pending:
        span = pending.pop()
        start, fields = span.start, span.headers
        if fields is None:
            fields, start = read_headers(raw, start, span.end, defects)
        media_type, params = parameters(fields.get(b"content-type", b""), defects)
        if media_type.startswith("multipart/"):
            media_type, children = _open(
                raw, span._replace(start=start), media_type, params, defects
            )
            if children:
                if media_type == "multipart/alternative":
                    groups += 1
                    children = [child._replace(group=groups) for child in children]
                children.reverse()
                pending += children
                continue
        if media_type.count("/") != 1:
            media_type = span.default
        count += 1
        if count > MAX_PARTS:
            defects.add("parts.too_many")
            return
        disposition, more = parameters(fields.get(b"content-disposition", b""), defects)
        yield Leaf(
            media_type,
            params.get("charset", ""),
            fields.get(b"content-transfer-encoding", b"").strip(b" \t\r\n\"'").lower(),
            disposition,
            more.get("filename") or params.get("name") or "",
            start,
            span.end,
            span.group,
        )


def _open(
    raw: bytes, span: _Span, media_type: str, params: dict[str, str], defects: set[str]
) -> tuple[str, list[_Span]]:
    """The children of a multipart; without any, the type that its bytes are shown as."""
    if span.depth >= MAX_DEPTH:
        defects.add("parts.too_deep")
        return "application/octet-stream", []
    boundary = params.get("boundary", "").rstrip().encode("utf-8", "replace")
    if not boundary:
        defects.add("boundary.missing")
        return "text/plain", []
    default = "message/rfc822" if media_type == "multipart/digest" else "text/plain"
    children = [
        _Span(first, last, span.depth + 1, span.group, default, None)
        for first, last in _split(raw, span.start, span.end, boundary, defects)
    ]
    if not children:
        defects.add("boundary.missing")
        return "text/plain", []
    return media_type, children


def _split(
    raw: bytes, start: int, end: int, boundary: bytes, defects: set[str]
) -> list[tuple[int, int]]:
    """The spans between the delimiter lines of one multipart (RFC 2046, 5.1.1)."""
    mark = b"--" + boundary
    spans: list[tuple[int, int]] = []
    begin = -1
    at = raw.find(mark, start, end)
    while at >= 0:
        after = at + len(mark)
        line_end = raw.find(b"\n", after, end)
        line_end = end if line_end < 0 else line_end
        tail = raw[after : min(line_end, after + 80)].strip()
        if (at == start or raw[at - 1] == 10) and tail in (b"", b"--"):
            if begin >= 0:
                spans.append((begin, _before_line_end(raw, begin, at)))
            begin = -1
            if tail:
                return spans
            if len(spans) > MAX_PARTS:
                defects.add("parts.too_many")
                return spans
            begin = min(line_end + 1, end)
        at = raw.find(mark, after, end)
    if begin >= 0:
        defects.add("boundary.unclosed")
        spans.append((begin, end))
    return spans


def _before_line_end(raw: bytes, begin: int, at: int) -> int:
    """The line end before a delimiter belongs to the delimiter."""
    if at > begin and raw[at - 1] == 10:
        at -= 1
        if at > begin and raw[at - 1] == 13:
            at -= 1
    return at


def content(raw: bytes, leaf: Leaf, defects: set[str]) -> bytes:
    """The leaf's bytes with the transfer encoding undone, as far as they go. Never raises."""
    data = raw[leaf.start : leaf.end]
    match leaf.encoding:
        case b"base64":
            return _base64(data, defects)
        case b"quoted-printable":
            return binascii.a2b_qp(data)
        case b"x-uuencode" | b"uuencode" | b"uue" | b"x-uue":
            return _uuencoded(data, defects)
        case b"" | b"7bit" | b"8bit" | b"binary":
            return data
        case _:
            defects.add("encoding.unknown")
            return data


def _base64(data: bytes, defects: set[str]) -> bytes:
    try:
        return binascii.a2b_base64(data)
    except ValueError:
        defects.add("encoding.broken")
    letters = _BASE64.sub(b"", data)
    usable = len(letters) - (len(letters) % 4 == 1)
    return binascii.a2b_base64(letters[:usable] + b"=" * (-usable % 4))


def _uuencoded(data: bytes, defects: set[str]) -> bytes:
    lines = data.split(b"\n")
    first = next((n for n, line in enumerate(lines) if line.startswith(b"begin ")), -1)
    found = []
    for line in lines[first + 1 :]:
        if line.strip() in (b"", b"end"):
            break
        try:
            found.append(binascii.a2b_uu(line.rstrip(b"\r")))
        except ValueError:
            defects.add("encoding.broken")
    return b"".join(found)
