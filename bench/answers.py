"""What a modern terminal answers when a program asks it something.

Sources: ECMA-48 and xterm's ctlseqs (DA, DSR, DECRQM, OSC 10/11, XTVERSION), the kitty keyboard
protocol, and the specifications of synchronized output (2026) and in-band resizes (2048).
"""

import re

QUERY = re.compile(
    rb"\x1b\[(?P<attributes>>?)0?c"
    rb"|\x1b\[(?P<status>[56])n"
    rb"|\x1b\[\?(?P<mode>\d+)\$p"
    rb"|\x1b\[(?P<keyboard>\?)u"
    rb"|\x1b\[(?P<version>>)0?q"
    rb"|\x1b\](?P<colour>1[01]);\?(?:\x07|\x1b\\)"
    rb"|\x1b\[\?(?P<resizes>2048)h"
)
KNOWN_MODES = {7, 25, 1000, 1002, 1003, 1004, 1006, 1016, 1049, 2004, 2026, 2048}
COLOURS = {b"10": b"dddd/dddd/dddd", b"11": b"1c1c/1c1c/1c1c"}
CELL_WIDTH, CELL_HEIGHT = 10, 20


def asks_for_cursor(query: re.Match[bytes]) -> bool:
    """Whether the answer depends on what was written before the query."""
    return query["status"] == b"6"


def answer(query: re.Match[bytes], cursor: tuple[int, int], size: tuple[int, int]) -> bytes:
    """The bytes to send back. ``cursor`` is (x, y) from 0, ``size`` (columns, rows)."""
    columns, rows = size
    if query["attributes"] is not None:
        return b"\x1b[>1;4000;0c" if query["attributes"] else b"\x1b[?64;1;22c"
    if query["status"] == b"5":
        return b"\x1b[0n"
    if query["status"] == b"6":
        return b"\x1b[%d;%dR" % (cursor[1] + 1, cursor[0] + 1)
    if query["mode"]:
        mode = int(query["mode"])
        return b"\x1b[?%d;%d$y" % (mode, 2 if mode in KNOWN_MODES else 0)
    if query["keyboard"]:
        return b"\x1b[?0u"
    if query["version"]:
        return b"\x1bP>|clerk-bench(1.0)\x1b\\"
    if number := query["colour"]:
        return b"\x1b]%s;rgb:%s\x1b\\" % (number, COLOURS[number])
    return b"\x1b[48;%d;%d;%d;%dt" % (rows, columns, rows * CELL_HEIGHT, columns * CELL_WIDTH)
