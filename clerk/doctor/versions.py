"""The versions of the program and of what it stands on."""

import re
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version

from clerk import crash
from clerk.doctor.finding import Finding, good, warning
from clerk.i18n import _

_SHOWN = {"textual": "Textual", "psycopg": "psycopg", "sqlcipher3": "sqlcipher3"}
_NEED = re.compile(r"([A-Za-z0-9_.-]+)(?:\[[^]]*\])?\s*(==|>=)\s*([0-9.]+)$")


def look() -> Iterator[Finding]:
    """Each version against what the program asks for when it is installed."""
    from storage.driver import cipher_version

    yield good("versions.clerk", f"clerk {crash.version()}")
    yield good("versions.python", "Python " + ".".join(map(str, sys.version_info[:3])))
    yield good("versions.sqlcipher", f"SQLCipher {cipher_version()}")
    needs = needed()
    for package, name in _SHOWN.items():
        yield _judged(package, name, needs.get(package, ("", "")))


def needed() -> dict[str, tuple[str, str]]:
    """Package -> (``==`` or ``>=``, version), as the installed program asks for them."""
    try:
        asked = requires("clerk") or []
    except PackageNotFoundError:
        return {}
    found = (_NEED.match(one.split(";")[0].strip()) for one in asked)
    return {one[1].lower(): (one[2], one[3]) for one in found if one}


def _judged(package: str, name: str, need: tuple[str, str]) -> Finding:
    check = f"versions.{package}"
    there = version(package)
    how, wanted = need
    said = f"{name} {there}"
    if how == ">=" and _numbers(there) < _numbers(wanted):
        said = _("{name} {version} is too old: {wanted} is needed.").format(
            name=name, version=there, wanted=wanted
        )
    elif how == "==" and _numbers(there) != _numbers(wanted):
        said = _("{name} {version} is not the tested one: {wanted}.").format(
            name=name, version=there, wanted=wanted
        )
    else:
        return good(check, said)
    return warning(check, said, _("Install clerk anew, with all it needs."))


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", text)[:4]))
