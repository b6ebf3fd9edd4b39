"""What the journal should do, written down a second time without SQL: the model of the machine."""

import copy
from dataclasses import dataclass, field

from storage.records import RECORDS
from tests.storage.making import Rows

UNIQUE = {"clerks": "login", "items": "external_id", "cases": "number"}


@dataclass(eq=False)
class Action:
    """One entry: what each of its rows was before and after it. Two that did the same are two."""

    clerk: str
    kind: str
    undoable: bool
    before: Rows
    after: Rows
    undone: bool = False

    @property
    def rows(self) -> set[tuple[str, str]]:
        return set(self.before) | set(self.after)


@dataclass
class Model:
    """All rows as they should stand, and all actions in their order."""

    rows: Rows = field(default_factory=dict)
    actions: list[Action] = field(default_factory=list)

    def record(self, clerk: str, kind: str, rows: Rows, *, undoable: bool = True) -> Action | None:
        """The rows stand so from now on; None if nothing changed."""
        touched = {
            key for key in self.rows.keys() | rows.keys() if self.rows.get(key) != rows.get(key)
        }
        if not touched:
            return None
        action = Action(
            clerk,
            kind,
            undoable,
            {key: dict(self.rows[key]) for key in touched if key in self.rows},
            {key: dict(rows[key]) for key in touched if key in rows},
        )
        self.rows = copy.deepcopy(rows)
        self.actions.append(action)
        return action

    def to_undo(self, clerk: str) -> Action | None:
        """What an undo of this clerk would take back."""
        mine = [a for a in self.actions if a.clerk == clerk and a.kind != "undo" and not a.undone]
        return mine[-1] if mine else None

    def to_redo(self, clerk: str) -> Action | None:
        """What a redo of this clerk would take back."""
        mine = [a for a in self.actions if a.clerk == clerk]
        taken_back = [a for a in mine if a.kind == "undo" and not a.undone]
        if not taken_back:
            return None
        later = mine[mine.index(taken_back[-1]) :]
        return None if any(a.kind == "do" for a in later) else taken_back[-1]

    def without(self, action: Action) -> Rows | None:
        """The rows after the action is taken back; None if something stands on it."""
        rows = copy.deepcopy(self.rows)
        for key in action.rows:
            before, after = action.before.get(key), action.after.get(key)
            if before is None or after is None:
                if rows.get(key) != after:
                    return None
                rows.pop(key, None)
                if before is not None:
                    rows[key] = dict(before)
                continue
            if key not in rows:
                return None
            for name in before:
                if before[name] != after[name]:
                    if rows[key][name] != after[name]:
                        return None
                    rows[key][name] = before[name]
        return rows if self._holds_together(action, rows) else None

    def _holds_together(self, action: Action, rows: Rows) -> bool:
        """Nothing refers to a row that goes, none that comes back refers to one dropped since, and
        what is unique is so."""
        gone = {key for key in action.rows if key not in rows}
        since = self.actions[self.actions.index(action) + 1 :]
        for (table, row_id), fields in rows.items():
            for column, target in RECORDS[table].REFERENCES.items():
                named = (target, str(fields[column]))
                if named in gone:
                    return False
                comes = (table, row_id) in action.rows and (
                    fields[column] != action.after.get((table, row_id), {}).get(column)
                )
                dangles = comes and fields[column] is not None and named not in rows
                if dangles and any(named in later.rows for later in since):
                    return False
        for table, column in UNIQUE.items():
            values = [fields[column] for (t, _id), fields in rows.items() if t == table]
            if len(set(values)) != len(values):
                return False
        return True
