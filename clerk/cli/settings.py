"""``clerk settings``: what holds, where it stands, whether the file is right, and changing it."""

from dataclasses import asdict
from typing import Annotated

import typer

from clerk.cli.globals import UsageError, current, note_act
from clerk.cli.options import AsJson, noun_app
from clerk.cli.output import Json, emit, fields, line
from clerk.i18n import _
from clerk.settings import FILE_NAME, Settings, load_settings

app = noun_app(_("The settings file: show, check, change."))


@app.command("show", help=_("The settings that hold, defaults included."))
def show(as_json: AsJson = False) -> None:
    settings = load_settings(current().home)
    flat = _flat(settings)
    emit(
        as_json,
        {"path": str(current().home / FILE_NAME), **_document(settings)},
        lambda: fields((name, "–" if value in (None, "") else str(value)) for name, value in flat),
    )


def _document(settings: Settings) -> dict[str, Json]:
    return asdict(settings)


def _flat(settings: Settings) -> list[tuple[str, object]]:
    """``intake.every_minutes`` and the like, in the order of the page."""
    pairs: list[tuple[str, object]] = []
    for name, value in _document(settings).items():
        if isinstance(value, dict):
            pairs += [(f"{name}.{inner}", one) for inner, one in value.items()]
        else:
            pairs.append((name, value))
    return pairs


@app.command("path", help=_("Where the file lies, or would lie."))
def path(as_json: AsJson = False) -> None:
    file = current().home / FILE_NAME
    emit(as_json, {"path": str(file), "exists": file.exists()}, lambda: line(str(file)))


@app.command("check", help=_("Whether the file is right; every problem with its line."))
def check(as_json: AsJson = False) -> None:
    file = current().home / FILE_NAME
    load_settings(current().home)
    emit(as_json, {"path": str(file), "ok": True}, lambda: line(_("The settings are right.")))


@app.command("set", help=_("Change a setting in the file; comments stay."))
def set_(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help=_("Such as theme or keys.item.take."))
    ],
    value: Annotated[str, typer.Argument(metavar="VALUE")],
    as_json: AsJson = False,
) -> None:
    from clerk.settings_file import save_setting

    known = dict(_flat(Settings()))
    if name not in known and not name.startswith("keys."):
        raise UsageError(
            _("There is no setting “{name}”; `clerk settings show` lists them.").format(name=name)
        )
    settings = save_setting(current().home, name, _typed(known.get(name), value))
    note_act("settings")
    emit(as_json, _document(settings), lambda: line(f"{name} = {value}"))


def _typed(known: object, value: str) -> str | int | bool:
    """Numbers stay numbers, yes and no stay so; what is neither is complained about where the file
    is read."""
    if isinstance(known, bool):
        return value == "true" if value in ("true", "false") else value
    return int(value) if isinstance(known, int) and value.isascii() and value.isdigit() else value
