"""Entries from before joining as they are said in the shared store's terms."""

from storage import seal
from storage.patches import Fields, Patch
from storage.record import Value
from storage.sync.bringing import Bringing
from storage.sync.carry import Work

HERE = Bringing(
    me="meier",
    seat="lena",
    names={"lena": "Lena Leitung", "ben": "Ben Büro", "eva": "Eva Ehemals"},
    clerks={"lena": "meier", "ben": "ben-there"},
    offices={"ba": "buergeramt"},
    numbers={"1-2026-000001": "1-2026-000051"},
    left_out=frozenset({"known"}),
)


def told(
    *patches: Patch, clerk: str = "lena", boss: str | None = None
) -> tuple[dict[str, Value], dict[str, Fields]] | None:
    """An entry's head and its rows' fields, as they are sent."""
    values: dict[str, Value] = dict.fromkeys(seal.COLUMNS.split(", "), 1)
    values |= {"id": "e", "clerk_id": clerk, "on_behalf_of": boss, "office_id": "ba"}
    found = list(HERE.said_there([Work(tuple(values.values()), 0, list(patches))]))
    if not found:
        return None
    (work,) = found
    assert work.brought
    head = dict(zip(seal.COLUMNS.split(", "), work.head, strict=True))
    return head, {patch.row_id: patch.fields for patch in work.patches}


def added(table: str, row_id: str, **fields: Value) -> Patch:
    return Patch(table, row_id, "add", {name: [None, value] for name, value in fields.items()})


def who(clerk: str, boss: str | None = None) -> tuple[Value, Value]:
    found = told(added("cases", "c", office_id="ba"), clerk=clerk, boss=boss)
    assert found is not None
    return found[0]["clerk_id"], found[0]["on_behalf_of"]


def test_ones_own_acts_stay_ones_own_and_others_keep_their_names() -> None:
    assert who("lena") == ("meier", "brought:Lena Leitung")
    assert who("ben") == ("brought:Ben Büro", "meier")
    assert who("intake", "lena") == ("brought:intake", "meier")
    assert who("lena", "eva") == ("meier", "brought:Lena Leitung for Eva Ehemals")
    assert who("ben", "eva") == ("brought:Ben Büro for Eva Ehemals", "meier")


def test_work_goes_to_a_colleague_and_what_was_done_never_does() -> None:
    found = told(
        added("cases", "c", number="1-2026-000001", office_id="ba", assignee_id="ben"),
        added("items", "i", external_id="x", claimed_by="eva", office_id="other"),
        added("letters", "l", drafted_by="ben", signed_by="ben", second_by="lena", sent_by="eva"),
        added("fine_steps", "s", clerk_id="ben"),
        added("notes", "n", clerk_id="lena", text="ben"),
        added("fine_offences", "o", offence_id="ba/1.2@2026-01-01"),
        clerk="ben",
    )
    assert found is not None
    head, rows = found
    assert head["office_id"] == "buergeramt"
    new = {row: {name: pair[1] for name, pair in fields.items()} for row, fields in rows.items()}
    assert new["c"] == {
        "number": "1-2026-000051", "office_id": "buergeramt", "assignee_id": "ben-there",
    }  # fmt: skip
    assert new["i"] == {"external_id": "x", "claimed_by": "meier", "office_id": "other"}
    assert set(new["l"].values()) == {"meier"}
    assert new["s"] == {"clerk_id": "brought:Ben Büro"}
    assert new["n"] == {"clerk_id": "meier", "text": "ben"}
    assert new["o"] == {"offence_id": "buergeramt/1.2@2026-01-01"}


def test_the_towns_own_and_what_is_there_stay_out() -> None:
    assert told(added("offices", "ba", name="Bürgeramt"), added("services", "s")) is None
    assert told(added("items", "known"), added("documents", "d", item_id="known")) is None
    found = told(added("clerks", "x"), added("items", "new"), added("notes", "n", item_id="known"))
    assert found is not None
    assert list(found[1]) == ["new"]
