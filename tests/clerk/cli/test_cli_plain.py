"""A line that is read without typer means what typer would have read in it."""

from collections.abc import Callable

import pytest

from clerk.cli import bring_in, typer_help
from clerk.cli.bring_in import Order
from clerk.cli.nouns import app_of
from clerk.cli.plain import plain


@pytest.fixture
def ordered(monkeypatch: pytest.MonkeyPatch) -> list[Order]:
    """What would have been brought in."""
    orders: list[Order] = []
    monkeypatch.setattr(bring_in, "bring_in", orders.append)
    return orders


@pytest.mark.parametrize(
    "line",
    [
        "mail SOURCE",
        "mail SOURCE --once",
        "mail SOURCE --json",
        "mail SOURCE --once --json",
        "mail --json --once SOURCE",
        "mail --once SOURCE --once",
    ],
)
def test_a_plain_line_is_what_typer_reads(ordered: list[Order], line: str) -> None:
    words = line.split()
    act: Callable[[], None] | None = plain("intake", words)
    assert act is not None
    act()
    typer_help.run(app_of("intake"), words, "clerk intake")
    assert ordered[0] == ordered[1]
    assert ordered[0].source == "SOURCE"


@pytest.mark.parametrize(
    "line",
    [
        "",
        "mail",
        "mail --once",
        "mail SOURCE OTHER",
        "mail SOURCE --wait 3",
        "mail --wait=3 SOURCE",
        "mail SOURCE --password-stdin",
        "mail SOURCE --help",
        "mail -SOURCE",
        "mail -- SOURCE",
        "--once mail SOURCE",
        "post SOURCE",
    ],
)
def test_any_other_line_is_left_to_typer(line: str) -> None:
    assert plain("intake", line.split()) is None
    assert plain("inbox", ["mail", "SOURCE"]) is None
