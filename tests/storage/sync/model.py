"""A shared store in a few lines of Python: what the functions in ``storage.hub`` should do.

Rows by scope, one dense stream for each, entries judged as a whole; enough to prove the replica's
side against, with no server. Persons lie as copies in each scope that names them.
"""

import copy
import json
from dataclasses import dataclass, field
from typing import cast

from storage.overlay import Row
from storage.sync.streams import digest_after
from storage.sync.wire import StreamRow, WirePatch

Key = tuple[str, str]
TOWN = ("offices", "clerks", "memberships", "absences", "services")
UNIQUE = {"cases": "number", "items": "external_id", "clerks": "login"}


@dataclass
class Hub:
    """All records, all streams, the high-water mark of each device."""

    rows: dict[Key, Row] = field(default_factory=dict)
    persons: dict[Key, set[str]] = field(default_factory=dict)
    streams: dict[str, list[StreamRow]] = field(default_factory=dict)
    marks: dict[str, int] = field(default_factory=dict)
    reads: dict[str, set[str]] = field(default_factory=dict)
    no: int = 0
    began: int = 1_000  # when its first entry is judged, ms UTC

    # where rows lie

    def scopes(self, key: Key, rows: dict[Key, Row] | None = None) -> set[str]:
        """In which streams a row lies."""
        known = self.rows if rows is None else rows
        row = known.get(key)
        if row is None:
            return set()
        if key[0] in TOWN:
            return {"town"}
        if key[0] == "persons":
            return set(self.persons.get(key, ()))
        if key[0] == "cases":
            return {str(row["office_id"])}
        for column, table in (("case_id", "cases"), ("item_id", "items")):
            if column in row and (found := self.scopes((table, str(row[column])), known)):
                return found
        return {str(row.get("office_id", "inbox"))}

    def visible(self, scopes: set[str]) -> dict[Key, Row]:
        """What a replica with these scopes should hold."""
        return {key: row for key, row in self.rows.items() if self.scopes(key) & scopes}

    # what comes in

    def push(self, device: str, entries: list[str]) -> list[tuple[int, str]]:
        """Judge entries as they are pushed; returns (dseq, outcome)."""
        verdicts = []
        for text in entries:
            entry = json.loads(text)
            dseq = entry["dseq"]
            mark = self.marks.get(device, 0)
            if dseq <= mark:
                verdicts.append((dseq, "dup"))
                continue
            assert dseq == mark + 1, "a gap"
            self.marks[device] = dseq
            verdicts.append((dseq, self.write(device, entry)))
        return verdicts

    def write(self, device: str, entry: dict[str, object]) -> str:
        """One entry: wholly or not at all."""
        patches: list[WirePatch] = [tuple(p) for p in entry["patches"]]  # type: ignore[attr-defined]
        self.no += 1
        theirs: dict[str, object] = {}
        code = ""
        for patch in patches:
            code = code or self.objection(patch, bool(entry.get("claim")))
            if patch[2] != "add":
                theirs[f"{patch[0]}/{patch[1]}"] = self.rows.get((patch[0], patch[1]))
        if code:
            outcome = "conflict" if code == "conflict" else "rejected"
            verdict = {"code": code, "detail": None, "theirs": theirs}
            self.tell(device, entry, "refusal", outcome, verdict)
            return outcome
        before = copy.deepcopy(self.rows)
        where = {key: self.scopes(key) for key in before}
        for patch in patches:
            self.do(patch)
        self.publish(device, entry, patches, before, where)
        return "ok"

    def objection(self, patch: WirePatch, claim: bool) -> str:
        key = (patch[0], patch[1])
        row = self.rows.get(key)
        if patch[2] == "add":
            if row is not None:
                return "record.exists"
        elif row is None:
            return "record.gone"
        column = UNIQUE.get(patch[0])
        if column in patch[3] and any(
            k[0] == patch[0] and k != key and r.get(column) == patch[3][column]
            for k, r in self.rows.items()
        ):
            return "value.taken"
        if row is None or patch[2] == "add":
            return ""
        _t, _i, op, new, old, cleared, was_null = patch
        same = all(row.get(k) == v for k, v in old.items()) and not any(k in row for k in was_null)
        fits = all(row.get(k) in (old.get(k), new.get(k)) for k in (*new, *cleared))
        if same or (fits and op == "set" and not claim):
            return ""
        return "claim.lost" if claim else "conflict"

    def do(self, patch: WirePatch) -> None:
        key = (patch[0], patch[1])
        if patch[2] == "drop":
            del self.rows[key]
            return
        row = {} if patch[2] == "add" else dict(self.rows[key])
        row |= patch[3]
        for name in patch[5]:
            row.pop(name, None)
        self.rows[key] = row

    # what goes out

    def publish(
        self,
        device: str,
        entry: dict[str, object],
        patches: list[WirePatch],
        before: dict[Key, Row],
        where: dict[Key, set[str]],
    ) -> None:
        parts: dict[str, list[WirePatch]] = {}
        later: dict[str, list[WirePatch]] = {}
        changed = {(p[0], p[1]) for p in patches}
        for patch in patches:
            key = (patch[0], patch[1])
            if key[0] == "persons" and patch[2] == "add":
                homes = {
                    scope
                    for k in changed
                    if self.rows.get(k, {}).get("person_id") == key[1]
                    for scope in self.scopes(k)
                }
                self.persons[key] = homes or {"inbox"}
                where[key] = self.persons[key]
            home = where.get(key) or self.scopes(key)
            told = as_it_was(patch, before.get(key))
            for scope in home:
                parts.setdefault(scope, []).append(told)
        for key, row in self.rows.items():
            if key[0] == "persons" or key not in where or where[key] == (now := self.scopes(key)):
                continue
            for scope in where[key]:
                later.setdefault(scope, []).append((*key, "leave", {}, {}, [], []))
            for scope in now:
                later.setdefault(scope, []).append((*key, "enter", row, {}, [], []))
        self.follow(later, changed)
        for scope in parts.keys() | later.keys():
            self.stream(scope, device, entry, parts.get(scope, []) + later.get(scope, []))
        if device in self.reads and not self.reads[device] & (parts.keys() | later.keys()):
            self.tell(device, entry, "elsewhere", "ok", {})

    def follow(self, later: dict[str, list[WirePatch]], changed: set[Key]) -> None:
        """Persons' copies go where somebody names them and stay nowhere else."""
        for key in [k for k in self.persons if k in self.rows]:
            named = {
                scope
                for k, row in self.rows.items()
                if row.get("person_id") == key[1]
                for scope in self.scopes(k)
            }
            here = self.persons[key]
            for scope in named - here:
                later.setdefault(scope, []).append((*key, "enter", self.rows[key], {}, [], []))
            left = set() if key in changed else here - named - {"inbox"}
            for scope in left:
                later.setdefault(scope, []).append((*key, "leave", {}, {}, [], []))
            self.persons[key] = (here | named) - left
        for key in [k for k in self.persons if k not in self.rows]:
            del self.persons[key]

    def tell(
        self, device: str, entry: dict[str, object], kind: str, outcome: str, verdict: object
    ) -> None:
        """What only the device itself hears."""
        patch = cast("WirePatch", (kind, entry["id"], outcome, verdict))
        self.stream(f"device:{device}", device, entry, [patch])

    def stream(
        self, scope: str, device: str, entry: dict[str, object], patches: list[WirePatch]
    ) -> None:
        rows = self.streams.setdefault(scope, [])
        digest = rows[-1].digest if rows else 0
        n = len(rows) + 1
        rows.append(
            StreamRow(
                scope=scope,
                n=n,
                no=self.no,
                id=str(entry["id"]),
                device=device,
                dseq=entry.get("dseq"),  # type: ignore[arg-type]
                clerk_id=str(entry["clerk_id"]),
                on_behalf_of=None,
                action=str(entry["action"]),
                kind=str(entry["kind"]),
                undoes=entry.get("undoes"),  # type: ignore[arg-type]
                undoable=1,
                claim=int(bool(entry.get("claim"))),
                schema=7,
                device_at=1,
                at=self.began + self.no,
                patches=json.loads(json.dumps(patches)),
                digest=digest_after(digest, str(entry["id"]), n),
            )
        )

    def pull(self, scopes: set[str], cursors: dict[str, int], most: int) -> list[StreamRow]:
        """Rows behind the cursors, whole entries only."""
        rows = [r for s in scopes for r in self.streams.get(s, [])[cursors.get(s, 0) :]]
        nos = sorted({row.no for row in rows})[:most]
        return sorted((r for r in rows if r.no in nos), key=lambda r: (r.no, r.scope))


def as_it_was(patch: WirePatch, was: Row | None) -> WirePatch:
    """A merged set says what stood there, not what its author saw."""
    if patch[2] != "set" or was is None:
        return patch
    names = [*patch[3], *patch[5]]
    old: Row = {name: was[name] for name in names if name in was}
    null = [name for name in names if name not in was]
    return (patch[0], patch[1], "set", patch[3], old, patch[5], null)
