"""The picture of the four rooms, drawn from what the code imports.

An arrow from one room to another stands there because a module of the one imports one of the
other; it is dashed where every such import waits until it is needed (inside a function, or for the
type checker only). So the picture cannot say anything that is not so.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
ROOMS = ("screens", "widgets", "clerk", "storage")


@dataclass(frozen=True)
class Box:
    """Where a room stands in the picture, in pixels, and what is said of it."""

    x: int
    y: int
    width: int
    height: int
    says: str


BOXES = {
    "screens": Box(40, 30, 360, 84, "what a clerk sees: one screen per file"),
    "widgets": Box(560, 30, 300, 84, "Textual widgets that know no cases"),
    "clerk": Box(40, 220, 820, 130, "what the office does; never imports Textual"),
    "storage": Box(40, 456, 820, 130, "replica, journal, pages, search; imports nothing of ours"),
}
# From where to where each possible arrow runs.
PATHS = {
    ("screens", "widgets"): ((400, 72), (560, 72)),
    ("screens", "clerk"): ((150, 114), (150, 220)),
    ("clerk", "screens"): ((300, 220), (300, 114)),
    ("screens", "storage"): ((40, 72), (14, 72), (14, 521), (40, 521)),
    ("widgets", "clerk"): ((710, 114), (710, 220)),
    ("widgets", "storage"): ((860, 72), (886, 72), (886, 521), (860, 521)),
    ("clerk", "storage"): ((450, 350), (450, 456)),
}
# What an arrow may carry, where it is not everything.
WORDS = {
    ("clerk", "screens"): "the command line opens the workstation",
    ("screens", "clerk"): "use cases",
    ("screens", "storage"): "",
    ("widgets", "clerk"): "clerk.text, clerk.i18n",
    ("clerk", "storage"): "changes through the journal, reading by pages",
}


def arrows() -> dict[tuple[str, str], bool]:
    """Which room imports which: (from, to) -> whether at least one import is at a module's top."""
    found: dict[tuple[str, str], bool] = {}
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            for module, eager in _imports(tree, eager=True):
                other = module.partition(".")[0]
                if other in ROOMS and other != room:
                    found[room, other] = found.get((room, other), False) or eager
    return found


def _imports(node: ast.AST, *, eager: bool) -> Iterator[tuple[str, bool]]:
    """Every module imported below a node, and whether it comes with the importing module."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            yield from ((one.name, eager) for one in child.names)
        elif isinstance(child, ast.ImportFrom):
            yield child.module or "", eager
        else:
            yield from _imports(child, eager=eager and not _waits(child))


def _waits(node: ast.AST) -> bool:
    """Whether what stands below is not run when its module is imported."""
    if isinstance(node, ast.If):
        return "TYPE_CHECKING" in ast.unparse(node.test)
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)


def parts(room: str) -> list[str]:
    """The folders of a room that are packages of their own."""
    return sorted(path.parent.name for path in (ROOT / room).glob("*/__init__.py"))


def draw() -> str:
    """The picture as SVG."""
    lines = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 900 616" width="900" height="616"'
        ' font-family="Segoe UI, Noto Sans, DejaVu Sans, sans-serif" role="img"'
        ' aria-label="The four rooms and who imports whom">',
        "<defs>"
        '<marker id="head" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7"'
        ' orient="auto"><path d="M0 0L10 5L0 10z" fill="#1a4f9c"/></marker></defs>',
        '<rect width="900" height="616" fill="#fbfbf9"/>',
    ]
    for room, box in BOXES.items():
        lines += _box(room, box)
    for (source, target), eager in sorted(arrows().items()):
        lines += _arrow(source, target, eager=eager)
    lines.append(
        '<text x="856" y="606" font-size="12" fill="#4d5661" text-anchor="end">'
        "dashed: imported when it is needed</text>"
    )
    return "\n".join([*lines, "</svg>", ""])


def _box(room: str, box: Box) -> list[str]:
    lines = [
        f'<rect x="{box.x}" y="{box.y}" width="{box.width}" height="{box.height}" rx="8"'
        ' fill="#eef2f7" stroke="#1a4f9c"/>',
        f'<text x="{box.x + 16}" y="{box.y + 30}" font-size="20" font-weight="600"'
        f' fill="#16191d">{room}/</text>',
        f'<text x="{box.x + 16}" y="{box.y + 54}" font-size="14" fill="#4d5661">{box.says}</text>',
    ]
    names = parts(room)
    width = (box.width - 24) // max(1, len(names))
    for n, name in enumerate(names):
        x, y = box.x + 16 + n * width, box.y + 76
        lines += [
            f'<rect x="{x}" y="{y}" width="{width - 10}" height="36" rx="5" fill="#ffffff"'
            ' stroke="#9aa7b8"/>',
            f'<text x="{x + (width - 10) // 2}" y="{y + 23}" font-size="14" fill="#16191d"'
            f' text-anchor="middle">{name}/</text>',
        ]
    return lines


def _arrow(source: str, target: str, *, eager: bool) -> list[str]:
    """An arrow with its word; KeyError for one that the house does not allow."""
    path = PATHS[source, target]
    points = " ".join(f"{x},{y}" for x, y in path)
    dashes = "" if eager else ' stroke-dasharray="6 5"'
    lines = [
        f'<polyline points="{points}" fill="none" stroke="#1a4f9c" stroke-width="2"{dashes}'
        ' marker-end="url(#head)"/>'
    ]
    if word := WORDS.get((source, target)):
        (x, y), (_x, end) = path[0], path[1]
        lines.append(
            f'<text x="{x + 10}" y="{(y + end) // 2 + 5}" font-size="14" fill="#16191d">'
            f"{word}</text>"
        )
    return lines
