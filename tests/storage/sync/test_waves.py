"""Which entries of a batch may be judged together."""

from storage.sync.waves import waves

Patches = list[tuple[str, str, str, dict[str, str], dict[str, str], list[str], list[str]]]


def entry(
    name: str, *patches: tuple[str, str, str], undoes: str | None = None, **new: str
) -> dict[str, object]:
    wire: Patches = [(t, i, op, dict(new), {}, [], []) for t, i, op in patches]
    return {"id": name, "undoes": undoes, "patches": wire}


def numbers(*entries: dict[str, object]) -> list[int]:
    return waves(entries, lambda key: [("cases", "c")] if key == ("notes", "n") else [])


def test_what_has_nothing_to_do_with_each_other_goes_together() -> None:
    one = [entry(str(k), ("items", str(k), "set"), subject="s") for k in range(5)]
    assert numbers(*one) == [0] * 5


def test_one_row_is_one_after_the_other() -> None:
    one = [entry(str(k), ("items", "i", "set"), subject=str(k)) for k in range(3)]
    assert numbers(*one) == [0, 1, 2]


def test_what_names_a_row_comes_behind_it_and_before_its_next_change() -> None:
    found = numbers(
        entry("a", ("cases", "c", "add")),
        entry("b", ("notes", "x", "add"), case_id="c"),
        entry("c", ("notes", "y", "add"), case_id="c"),
        entry("d", ("cases", "c", "set"), office_id="bau"),
        entry("e", ("items", "i", "set"), subject="s"),
    )
    assert found == [0, 1, 1, 2, 0]


def test_what_hangs_on_a_row_goes_with_it() -> None:
    moved = entry("a", ("cases", "c", "set"), office_id="bau")
    assert numbers(moved, entry("b", ("notes", "n", "set"), text="t")) == [0, 1]


def test_taking_back_comes_behind_what_is_taken_back() -> None:
    assert numbers(
        entry("a", ("items", "i", "set")), entry("b", ("items", "j", "set"), undoes="a")
    ) == [0, 1]


def test_a_number_goes_from_one_row_to_the_next() -> None:
    freed = entry("a", ("items", "i", "drop"))
    freed["patches"] = [("items", "i", "drop", {}, {"external_id": "x"}, [], [])]
    assert numbers(freed, entry("b", ("items", "j", "add"), external_id="x")) == [0, 1]
