"""The table of the figures."""

from rich import box
from rich.console import Console
from rich.table import Table

from bench.figures import Allowed, Figure, Measured


def show(console: Console, title: str, figures: list[Figure]) -> None:
    """Print the figures of a group, and under the table why one is missing."""
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD)
    table.add_column("figure")
    table.add_column("median / p95", justify="right")
    table.add_column("floor")
    table.add_column("median / p95", justify="right")
    table.add_column("ratio", justify="right")
    table.add_column("allowed", justify="right")
    table.add_column("")
    table.add_column("n", justify="right")
    for figure in figures:
        table.add_row(
            figure.name,
            _values(figure.ours, figure.unit),
            figure.floor_name,
            _values(figure.floor, figure.unit),
            "" if figure.ratio is None else _ratio(figure),
            _allowed(figure),
            _verdict(figure),
            "/".join(str(side.n) for side in (figure.ours, figure.floor) if side is not None),
        )
    console.print(table)
    for why in dict.fromkeys(figure.why for figure in figures if figure.why):
        console.print(f"  {why}\n", highlight=False, markup=False)


def _values(measured: Measured | None, unit: str) -> str:
    if measured is None:
        return "–"
    if measured.n == 1:
        return f"{_number(measured.median)} {unit}"
    return f"{_number(measured.median)} / {_number(measured.p95)} {unit}"


def _number(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _ratio(figure: Figure) -> str:
    if figure.ratio is None:
        return ""
    if figure.allowed.faster is not None:
        return f"{1 / figure.ratio:.1f} × faster"
    return f"{figure.ratio:.2f}"


def _allowed(figure: Figure) -> str:
    limit: Allowed = figure.allowed
    what = " p95" if figure.by == "p95" else ""
    if limit.most is not None:
        return f"≤ {limit.most:g} {figure.unit}{what}"
    if limit.ratio is not None:
        return f"≤ {limit.ratio:g} ×{what}"
    return "" if limit.faster is None else f"≥ {limit.faster:g} × faster"


def _verdict(figure: Figure) -> str:
    if figure.ok is not None:
        return "[green]ok[/]" if figure.ok else "[bold red]over[/]"
    return "[yellow]missing[/]" if figure.allowed != Allowed() else ""
