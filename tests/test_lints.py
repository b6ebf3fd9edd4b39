"""Foreign text is never markup, SQL stays in storage: read from the code, proved by mutants."""

from pathlib import Path

import pytest

from tests.lints import markup, sql

ROOT = Path(__file__).parent.parent

# What is put into SQL in storage besides constants and placeholders, and why it is no foreign text.
_OWN_NAMES = "names of tables and columns of our records (RECORDS, columns()), never of data"
_OWN_CONDITIONS = "conditions written in this module or by another of storage"
_MARKS = "question marks, as many as there are values"
INSERTED: dict[str, dict[str, set[str]]] = {
    "storage/content.py": {"a number of bytes, from the code": {"column"}},
    "storage/driver.py": {
        "hexadecimal digits, a PRAGMA takes no parameter": {"key.hex()"},
        "a number, a PRAGMA takes no parameter": {"busy_ms"},
    },
    "storage/erasing.py": {_OWN_NAMES: {"area", "child", "column", "table"}},
    "storage/history.py": {_OWN_CONDITIONS: {"where"}, _OWN_NAMES: {"child", "column"}},
    "storage/hub/admin.py": {_OWN_CONDITIONS: {"query"}},
    "storage/hub/calls.py": {
        _OWN_CONDITIONS: {
            "wanted", "lives", "case.format('r.case_id')", "filed", "item",
        },
        "a fixed word and hexadecimal digits; LISTEN takes no parameter": {"channel"},
    },
    "storage/hub/migrations/env.py": {"roles are made and checked by storage.hub": {"owner"}},
    "storage/hub/migrations/versions/0001_founding.py": {
        "roles are made and checked by storage.hub": {"roles['owner']", "roles['clerks']"}
    },
    "storage/hub/rules.py": {"names of tables that stand in the loop": {"table"}},
    "storage/indexing.py": {
        _OWN_NAMES: {"columns", "table", "', '.join(names)", "', '.join(INDEXED[table])"}
    },
    "storage/journal.py": {_OWN_NAMES: {"', '.join(columns(record))"}},
    "storage/pages/absences.py": {_OWN_CONDITIONS: {"condition"}, _OWN_NAMES: {"name", "table"}},
    "storage/pages/cases.py": {"placeholders": {"marks"}, _OWN_NAMES: {"names"}},
    "storage/pages/fines.py": {
        "placeholders": {"marks"},
        _OWN_NAMES: {
            "names", "', '.join(columns(record))", "', '.join(columns(Case))",
        },
    },
    "storage/pages/follow_ups.py": {_OWN_NAMES: {"column", "names"}},
    "storage/pages/ids.py": {"a record's TABLE": {"table"}},
    "storage/pages/items.py": {"placeholders": {"marks"}},
    "storage/pages/letters.py": {
        "placeholders": {"marks"},
        _OWN_NAMES: {"', '.join(columns(Letter))"},
    },
    "storage/pages/keyset.py": {
        _OWN_NAMES: {"columns", "position", "', '.join(self.order)", "self.source", "self.select"},
        "parts made here of what is given by storage.pages": {
            "sign", "edge", "limit", "order", "end", "part", "outer", "parts", "keys", "page",
        },
    },
    "storage/pages/payments.py": {
        "placeholders": {"marks"},
        _OWN_NAMES: {"', '.join(columns(record))", "column", "names"},
    },
    "storage/pages/persons.py": {
        _OWN_NAMES: {"names", "', '.join(columns(Person))"},
        _MARKS: {"marks"},
    },
    "storage/pages/services.py": {_OWN_NAMES: {"names"}, _OWN_CONDITIONS: {"where"}},
    "storage/patches.py": {
        "a table of RECORDS, and of the patch's fields only its columns": {
            "table", "sets", "', '.join(names)", "', '.join(('id', *fields))",
        },
        "placeholders": {"marks"},
    },
    "storage/schema.py": {"a number, a PRAGMA takes no parameter": {"number"}},
    "storage/search.py": {
        _OWN_NAMES: {"area"},
        _OWN_CONDITIONS: {"condition"},
        "a search expression, which is bound: its words are letters and digits": {
            "' OR '.join((f'\"{form}\"' for form in forms[:MOST_FORMS]))"
        },
    },
    "storage/sync/answering.py": {"a table of RECORDS: all others are passed over": {"far.table"}},
    "storage/sync/blank.py": {
        _OWN_NAMES: {"name", "area", "table", "office", "', '.join(found)", "clerk", "values"},
        "index or trigger: the kind of what sqlite_master names": {"kind.upper()"},
        _MARKS: {"marks"},
    },
    "storage/sync/carry.py": {_OWN_NAMES: {"table", "column"}, _MARKS: {"marks"}},
    "storage/sync/compare.py": {
        _OWN_NAMES: {"of", "table", "', '.join(names)", "by"},
        _OWN_CONDITIONS: {"alone", "query"},
    },
    "storage/sync/evict.py": {_OWN_NAMES: {"table", "column", "child"}, _OWN_CONDITIONS: {"named"}},
    "storage/sync/own.py": {_OWN_NAMES: {"', '.join(_HEAD)"}},
    "storage/sync/rows.py": {
        "a table of RECORDS: storage.sync.apply passes over all others": {"key[0]", "patch.table"},
        _OWN_NAMES: {"column"},
    },
    "storage/sync/scopes.py": {
        _OWN_NAMES: {"table"},
        _OWN_CONDITIONS: {"free", "alone", "where", "own"},
    },
    "storage/sync/vocabulary.py": {_OWN_NAMES: {"area"}},
    "storage/sync/workingset.py": {_OWN_NAMES: {"table"}},
    "storage/tables/generate.py": {_OWN_NAMES: {"name", "values"}},
    "storage/undo.py": {_OWN_NAMES: {"table", "column"}},
    "storage/verify.py": {
        _OWN_NAMES: {"t", "', '.join(names)", "table", "area", "office", "clerk", "name", "column"}
    },
    "storage/verify_letters.py": {_MARKS: {"marks"}},
    "storage/verify_joined.py": {
        _OWN_NAMES: {"table", "', '.join(names)"},
        _OWN_CONDITIONS: {"one", "other", "pending", "sent", "known", "what"},
    },
}  # fmt: skip


def _modules(*rooms: str) -> dict[str, str]:
    return {
        str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
        for room in rooms
        for path in sorted((ROOT / room).rglob("*.py"))
    }


def test_no_text_is_read_as_markup() -> None:
    modules = _modules("screens", "widgets", "clerk")
    assert len(modules) > 100
    found = {name: wrong for name, code in modules.items() if (wrong := markup.findings(code))}
    assert found == {}


def test_sql_stays_in_storage() -> None:
    modules = _modules("screens", "widgets", "clerk")
    found = {name: wrong for name, code in modules.items() if (wrong := sql.statements(code))}
    assert found == {}


def test_nothing_unknown_is_written_into_sql() -> None:
    found = {
        name: {text for _line, text in inserted}
        for name, code in _modules("storage").items()
        if (inserted := sql.insertions(code))
    }
    known = {name: set().union(*reasons.values()) for name, reasons in INSERTED.items()}
    assert found == known  # also nothing is listed that is there no more


# The proof that the rules find what they are for.

_WIDGETS = "from textual.widgets import Static, Label, Button, DataTable, Tree\n"


@pytest.mark.parametrize(
    "code",
    [
        "Static(subject)",
        "Static(f'Von {name}')",
        "Static('Von ' + name)",
        "Static('[b]fett[/b]')",
        "Static(_('Subject'))",
        "Static('Von {name}'.format(name=name))",
        "Static('Von %s' % name)",
        "Static(content=row.subject, id='x')",
        "Static(Text('a') if name else name)",
        "Label(name)",
        "textual.widgets.Label(name)",
        "Button(name, id='ok')",
        "Button(label=name, tooltip=Text('x'))",
        "OptionList(Option('a'), name)",
        "Option(name)",
        "Select([(name, 1)])",
        "Tab(name)",
        "table.add_row('a', name)",
        "table.add_row(*row)",
        "table.add_column(name)",
        "table.update_cell('a', 'b', name)",
        "tree.root.add_leaf(name)",
        "node.set_label(name)",
        "self.query_one(Static).update(name)",
        "self.tree.root.add(name)",
        "self.app.notify(name)",
        "self.notify('Fertig', title=name)",
        "self.notify(_('Filed: {s}').format(s=subject))",
        "widget.tooltip = name",
        "self.border_title = f'Vorgang {number}'",
        "self.border_subtitle = name",
        "self.title = name",
        "self.sub_title = name",
        "Vertical(tooltip=name)",
        "Text.from_markup(name)",
        "Content.from_markup(f'[b]{name}[/b]')",
        "console.print(name)",
        "console.print(f'[red]{name}')",
        "yield Hit(1.0, name, act)",
        "class Own(Static):\n    def __init__(self, text: str) -> None:\n"
        "        super().__init__(text)",
        "class Own(App):\n    TITLE = _('x')",
        "class Own(Widget):\n    def render(self) -> str:\n        return self.subject",
        "def f(text: Text) -> None:\n    text = row.subject\n    Static(text)",
    ],
)
def test_markup_is_found(code: str) -> None:
    assert markup.findings(_WIDGETS + code)


@pytest.mark.parametrize(
    "code",
    [
        "Static()",
        "Static('Fertig', id=name, classes=f'-{name}')",
        "Static(subject, markup=False)",
        "Static(Text(subject))",
        "Static(Content(subject))",
        "Static(Text.assemble((subject, 'bold')))",
        "text = Text(subject)\nStatic(text)",
        "def f(text: Text | Content) -> None:\n    Static(text)",
        "cells = [[Text(one) for one in row] for row in rows]\nfor row in cells:\n"
        "    table.add_row(*row[:3])",
        "self.notify(sentence, markup=False, severity=level)",
        "button.tooltip = None",
        "class Own(Widget):\n    def render(self) -> Text:\n        return Text(self.subject)",
        "class Row:\n    title: str\n    label = field(default='')",
        "LinesView([((subject, 'strong'),)])",
    ],
)
def test_what_is_plain_is_left_alone(code: str) -> None:
    assert markup.findings(_WIDGETS + code) == []


@pytest.mark.parametrize(
    "code",
    [
        "db.execute('SELECT 1')",
        "db.execute(query, (1,))",
        "sql = 'SELECT id FROM items'",
        "sql = f'SELECT {names} FROM items'",
        "sql = '''\n    UPDATE items SET state = ?'''",
        "sql = 'INSERT INTO items VALUES (?)'",
        "sql = 'DELETE FROM items'",
        "sql = 'PRAGMA user_version'",
        "sql = 'CREATE TABLE x (id)'",
        "session.store.db.executescript(text)",
        "cursor.executemany(text, rows)",
    ],
)
def test_sql_is_found(code: str) -> None:
    assert sql.statements(code)


@pytest.mark.parametrize(
    "code",
    ["_('Select an office')", "'Create a case'", "'UPDATE'", "executor.submit(run)", "'Delete'"],
)
def test_what_is_no_sql_is_left_alone(code: str) -> None:
    assert sql.statements(code) == []


@pytest.mark.parametrize(
    "code",
    [
        "db.execute(f\"SELECT id FROM items WHERE subject = '{subject}'\")",
        "db.execute(f'{condition}')",
        "db.execute(f'{subject}'.encode())",
        "sql = f'SELECT id FROM {table}'",
        "sql = \"SELECT id FROM items WHERE id = '%s'\" % row_id",
        "sql = \"SELECT id FROM items WHERE id = '{}'\".format(row_id)",
        "sql = 'SELECT id FROM items WHERE ' + condition",
        "sql += f' AND office_id = {office}'",
        "db.execute(f'PRAGMA key = {key}')",
        "db.execute(sql.SQL(f'GRANT x TO {role}'))",
    ],
)
def test_a_value_in_sql_is_found(code: str) -> None:
    assert sql.insertions(code)


@pytest.mark.parametrize(
    "code",
    [
        "db.execute('SELECT id FROM items WHERE id = ?', (row_id,))",
        "sql = f'{_SELECT} WHERE id = ?'",
        "sql = f'SELECT {seal.COLUMNS} FROM entries'",
        "sql = f\"SELECT id FROM items WHERE id IN ({', '.join('?' * len(ids))})\"",
        "db.execute(sql.SQL('GRANT {} TO {}').format(sql.Identifier(a), sql.Identifier(b)))",
        "name = f'{first} {last}'",
    ],
)
def test_bound_values_are_left_alone(code: str) -> None:
    assert sql.insertions(code) == []
