"""Where Textual and Rich would read a text as markup, no text goes that is not known to be plain.

Known to be plain is a constant without "[", and whatever is a ``Text``, a ``Content`` or a number.
A name, an f-string, a joined or a translated text is not: it goes in as ``Text`` or ``Content``, or
where the call says ``markup=False``.
"""

import ast
from collections.abc import Iterator

Finding = tuple[int, str]

# Widgets that read their texts as markup.
WIDGETS = {
    "Static", "Label", "Button", "Option", "OptionList", "Select", "SelectionList", "Selection",
    "Tab", "Tabs", "TabPane", "Checkbox", "RadioButton", "RadioSet", "ToggleButton", "Collapsible",
    "Link", "Tree", "DirectoryTree", "Digits", "Placeholder", "Markdown", "MarkdownViewer",
    "Toast", "Tooltip", "Header", "Footer", "Welcome", "Log", "RichLog", "Pretty",
    "Hit", "DiscoveryHit", "SimpleCommand", "SystemCommand", "Notification",
}  # fmt: skip
# Methods that do, whatever they are called on.
METHODS = {
    "notify", "add_column", "add_columns", "add_row", "add_rows", "update_cell", "update_cell_at",
    "add_option", "add_options", "replace_option_prompt", "replace_option_prompt_at_index",
    "add_leaf", "set_label", "set_options", "with_tooltip", "add_tab", "from_markup", "render_str",
    "print", "get_system_commands",
}  # fmt: skip
# ``update`` and ``add`` are those of dicts and sets as well: only in modules with such a widget.
METHODS_OF_WIDGETS = {"update", "add", "write"}
ATTRIBUTES = {
    "tooltip", "border_title", "border_subtitle", "title", "sub_title", "label", "prompt",
    "TITLE", "SUB_TITLE", "BORDER_TITLE", "BORDER_SUBTITLE",
}  # fmt: skip
# Keywords that hold no text to be shown.
_SILENT = {
    "id", "classes", "name", "variant", "severity", "timeout", "disabled", "key", "width", "height",
    "markup", "action", "wrap", "scroll", "compact", "shrink", "expand", "max_lines", "data",
    "justify", "no_wrap", "overflow", "style", "value", "end", "sep", "file", "collapsed", "type",
}  # fmt: skip
_PLAIN_CALLS = {"Text", "Content", "assemble", "from_text", "Table", "len", "int", "Segments"}
_PLAIN_TYPES = {"Text", "Content", "int", "float", "bool", "None", "Table", "Visual"}


def findings(source: str) -> list[Finding]:
    """What is wrong in a module."""
    tree = ast.parse(source)
    return sorted({one for scope in _scopes(tree) for one in _in_scope(scope, _imported(tree))})


def _imported(tree: ast.Module) -> set[str]:
    """Widgets of the list that the module uses by name."""
    return {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("textual")
        for alias in node.names
        if alias.name in WIDGETS
    }


def _scopes(tree: ast.Module) -> Iterator[ast.AST]:
    yield tree
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node


def _own(scope: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a scope without those of the scopes inside it."""
    for node in ast.iter_child_nodes(scope):
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield from _own(node)
    if isinstance(scope, ast.ClassDef):  # what its __init__ hands on goes into the widget
        bases = {_last_name(base) for base in scope.bases}
        if bases & WIDGETS:
            for node in ast.walk(scope):
                if isinstance(node, ast.Call) and ast.unparse(node.func) == "super().__init__":
                    yield ast.Call(ast.Name("Static"), node.args, node.keywords, lineno=node.lineno)


def _in_scope(scope: ast.AST, widgets: set[str]) -> Iterator[Finding]:
    plain = _plain_names(scope)
    for node in _own(scope):
        if isinstance(node, ast.Call):
            yield from _in_call(node, plain, widgets)
        elif isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign) and node.value:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                named = isinstance(target, ast.Attribute) or isinstance(scope, ast.ClassDef)
                inner = isinstance(scope, ast.ClassDef) and _last_name(target).islower()
                if named and not inner and _last_name(target) in ATTRIBUTES:
                    yield from _if_not_plain(node.value, plain, f"{_last_name(target)} =")
        elif isinstance(node, ast.Return) and _renders(scope) and node.value:
            yield from _if_not_plain(node.value, plain, "render() returns")


def _renders(scope: ast.AST) -> bool:
    return isinstance(scope, ast.FunctionDef) and scope.name == "render"


def _in_call(call: ast.Call, plain: set[str], widgets: set[str]) -> Iterator[Finding]:
    name = _last_name(call.func)
    method = isinstance(call.func, ast.Attribute)
    sink = name in WIDGETS or (method and name in METHODS)
    if ast.unparse(call.func).startswith("typer."):  # its help is told to read no markup
        return
    if not sink and not (method and widgets and name in METHODS_OF_WIDGETS):
        # Any widget takes a tooltip and titles.
        for keyword in call.keywords:
            if keyword.arg in ("tooltip", "border_title", "border_subtitle"):
                yield from _if_not_plain(keyword.value, plain, f"{keyword.arg}=")
        return
    if any(k.arg == "markup" and ast.unparse(k.value) == "False" for k in call.keywords):
        return
    values = [*call.args, *(k.value for k in call.keywords if k.arg not in _SILENT)]
    for value in values:
        yield from _if_not_plain(value, plain, f"{name}()")


def _if_not_plain(value: ast.expr, plain: set[str], where: str) -> Iterator[Finding]:
    if not _is_plain(value, plain):
        yield value.lineno, f"{where} {ast.unparse(value)[:60]}"


def _is_plain(value: ast.expr, plain: set[str]) -> bool:
    match value:
        case ast.Constant():
            return not (isinstance(value.value, str) and "[" in value.value)
        case ast.Name():
            return value.id in plain
        case ast.Call():
            return _last_name(value.func) in _PLAIN_CALLS | WIDGETS
        case ast.IfExp():
            return _is_plain(value.body, plain) and _is_plain(value.orelse, plain)
        case ast.List() | ast.Tuple():
            return all(_is_plain(one, plain) for one in value.elts)
        case ast.ListComp() | ast.GeneratorExp():
            return _is_plain(value.elt, plain)
        case ast.Starred():
            return _is_plain(value.value, plain)
        case ast.Subscript():
            return _is_plain(value.value, plain)
        case ast.Lambda():
            return True
    return False


def _plain_names(scope: ast.AST) -> set[str]:
    """Names of a scope that are always bound to something plain."""
    bound: dict[str, list[bool]] = {}
    if isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef):
        arguments = scope.args
        for one in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
            known = one.annotation is not None and _plain_type(one.annotation)
            bound.setdefault(one.arg, []).append(known)
    for node in _own(scope):
        known_so_far = {name for name, ok in bound.items() if all(ok)}
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    bound.setdefault(target.id, []).append(_is_plain(node.value, known_so_far))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            bound.setdefault(node.target.id, []).append(_plain_type(node.annotation))
        elif isinstance(node, ast.For) and isinstance(node.target, ast.Name):
            bound.setdefault(node.target.id, []).append(_is_plain(node.iter, known_so_far))
    return {name for name, ok in bound.items() if all(ok)}


def _plain_type(annotation: ast.expr) -> bool:
    text = ast.unparse(annotation).strip("'\"")
    return all(part.strip().rsplit(".", 1)[-1] in _PLAIN_TYPES for part in text.split("|"))


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Subscript):
        return _last_name(node.value)
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
