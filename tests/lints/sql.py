"""SQL stays in storage, and no value is written into it: values are bound.

What is put into an SQL text in storage is a constant of the module (``_SELECT``, ``COLUMNS``),
placeholders, or one of the names that ``tests/test_lints.py`` lists with the reason.
"""

import ast
import re
from collections.abc import Iterator

Finding = tuple[int, str]

_STATEMENT = re.compile(
    r"\s*(SELECT\s|INSERT\s+(OR|INTO)\s|REPLACE\s+INTO\s|UPDATE\s+\S+\s+SET\s|DELETE\s+FROM\s"
    r"|PRAGMA\s|(CREATE|DROP|ALTER)\s+(TABLE|INDEX|TRIGGER|VIEW|VIRTUAL|TEMP|ROLE|SCHEMA)"
    r"|WITH\s+\w+\s+AS\s|ATTACH\s|VACUUM\b|COPY\s|GRANT\s|BEGIN\s+IMMEDIATE)"
)
_PART = re.compile(
    r"\b(SELECT|INSERT|UPDATE|DELETE|PRAGMA|CREATE|DROP|ALTER|WHERE|FROM|VALUES|ORDER BY|LIMIT"
    r"|ATTACH|LISTEN|JOIN|UNION|AND|OR|IN|EXISTS|MATCH|SET LOCAL|GRANT|COPY)\b"
)
_EXECUTE = {"execute", "executemany", "executescript", "copy"}
_PLACEHOLDERS = re.compile(r"""'[, ]+'\.join\('\?' \* len\([\w.]+\)\)""")
_CONSTANT = re.compile(r"(\w+\.)*_?[A-Z][A-Z0-9_]*(\[.*\])?")
_WRAPPERS = {"encode", "strip", "SQL", "text"}  # what may stand around an SQL text in a call


def statements(source: str) -> list[Finding]:
    """SQL in a module that should have none: texts that are statements, and calls that run them."""
    found: set[Finding] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if _STATEMENT.match(node.value):
                found.add((node.lineno, node.value[:60]))
        elif isinstance(node, ast.Call) and _called(node) in _EXECUTE - {"copy"}:
            found.add((node.lineno, ast.unparse(node)[:60]))
    return sorted(found)


def insertions(source: str) -> list[Finding]:
    """Expressions that are put into SQL texts and are neither constants nor placeholders."""
    found: set[Finding] = set()
    for node in ast.walk(ast.parse(source)):
        for value in _inserted(node):
            text = ast.unparse(value)
            if not (_CONSTANT.fullmatch(text) or _PLACEHOLDERS.fullmatch(text)):
                found.add((value.lineno, text))
    return sorted(found)


def _inserted(node: ast.AST) -> Iterator[ast.expr]:
    match node:
        case ast.JoinedStr() if _PART.search(_static(node)):
            yield from _fields(node)
        case ast.Call() if _called(node) in _EXECUTE and node.args:
            first = _unwrapped(node.args[0])
            if isinstance(first, ast.JoinedStr):  # also where no word of SQL stands in it
                yield from _fields(first)
        case ast.BinOp(op=ast.Mod() | ast.Add()) if _PART.search(_static(node)):
            yield from (one for one in (node.left, node.right) if not _is_text(one))
        case ast.Call(func=ast.Attribute(attr="format", value=receiver)):
            quoted = ast.unparse(receiver).startswith("sql.SQL(")  # psycopg quotes what is put in
            if not quoted and _PART.search(_static(receiver)):
                yield from (*node.args, *(keyword.value for keyword in node.keywords))


def _fields(node: ast.JoinedStr) -> Iterator[ast.expr]:
    return (one.value for one in node.values if isinstance(one, ast.FormattedValue))


def _static(node: ast.AST) -> str:
    """The text of an expression without what is put into it."""
    constants = (one.value for one in ast.walk(node) if isinstance(one, ast.Constant))
    return " ".join(one for one in constants if isinstance(one, str))


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant | ast.JoinedStr | ast.BinOp)


def _unwrapped(node: ast.expr) -> ast.expr:
    while isinstance(node, ast.Call) and _called(node) in _WRAPPERS:
        inner = node.func.value if isinstance(node.func, ast.Attribute) else None
        node = node.args[0] if node.args else inner or node
        if inner is None and not isinstance(node, ast.Call):
            break
    return node


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
