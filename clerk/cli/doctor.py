"""``clerk doctor``: what is wrong with this workstation, and what to do about it."""

import os
import sys

from clerk.cli.globals import current
from clerk.cli.options import AsJson, verb_app
from clerk.cli.output import emit
from clerk.doctor.examination import examine
from clerk.doctor.finding import Finding, Level
from clerk.i18n import N_, _
from clerk.refusal import refuse
from clerk.session import key_for, passphrase_source
from clerk.settings import SettingsError, load_settings
from clerk.text import display

app = verb_app()
_WORDS = {Level.OK: N_("ok"), Level.WARNING: N_("warning"), Level.FAULT: N_("fault")}
_RED, _YELLOW, _PLAIN = "\x1b[31m", "\x1b[33m", "\x1b[0m"


@app.command(
    help=_("Look at terminal, keyring, store, clock, database and versions, and say what to do.")
)
def doctor(as_json: AsJson = False) -> None:
    home = current().home
    ask = passphrase_source(home, current().passphrase_file)
    findings = examine(home, lambda: key_for(home, ask, create=False), plain=_may_be_plain())
    faults = [one for one in findings if one.level is Level.FAULT]
    emit(
        as_json,
        {
            "ok": not faults,
            "checks": [
                {
                    "check": one.check,
                    "level": one.level,
                    "sentence": one.sentence,
                    "advice": one.advice or None,
                }
                for one in findings
            ],
        },
        lambda: _show(findings),
    )
    if faults:
        raise refuse(
            "doctor.fault", _("Something is in the way: {what}").format(what=faults[0].sentence)
        )


def _may_be_plain() -> bool:
    try:
        return load_settings(current().home).sync.plain
    except SettingsError:
        return False


def _show(findings: list[Finding]) -> None:
    width = max(len(_(word)) for word in _WORDS.values())
    coloured = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    area = ""
    for one in findings:
        if area != (area := one.check.split(".")[0]):
            sys.stdout.write(f"{_(_AREAS[area])}\n")
        line = f"  {_(_WORDS[one.level]):<{width}}  {display(one.sentence)}"
        colour = _RED if one.alarm or one.level is Level.FAULT else _YELLOW
        if coloured and one.level is not Level.OK:
            line = f"{colour}{line}{_PLAIN}"
        sys.stdout.write(line + "\n")
        if one.advice:
            sys.stdout.write(f"  {'':<{width}}  → {display(one.advice)}\n")


_AREAS = {
    "terminal": N_("Terminal"),
    "keyring": N_("Keyring"),
    "replica": N_("Store"),
    "clock": N_("Clock"),
    "database": N_("Shared database"),
    "versions": N_("Versions"),
}
