"""From details to a PDF and to text, by the same template.

The PDF is PDF/A-2a and PDF/UA-1. Templates see nothing but their own folder, the network never, and
foreign text only as data; fonts are those that typst brings along. Nothing is written to disk.
"""

import json
import re
import threading
from datetime import UTC, datetime, time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from clerk.i18n import _
from clerk.letters.as_text import Lines, lines_of
from clerk.letters.details import Details
from clerk.letters.frame import Frame
from clerk.letters.girocode import payload, refuse_no_account, svg
from clerk.letters.mandatory import MANDATORY, Item, in_words, missing
from clerk.letters.templates import Template, subject_of
from clerk.refusal import Refused, refuse
from clerk.text import display, display_lines

if TYPE_CHECKING:
    import typst

FOLDER: Final = Path(__file__).with_name("typst")
STANDARDS: Final = ("a-2a", "ua-1")
_MANY_LINES: Final = ("text", "grounds", "reason")  # fields in which a line may end
_NO_SIGN: Final = re.compile(r'the text `"(.+?)"` could not be displayed')


class _Here(threading.local):
    """The compilers of a thread, by the file of their template: one compiles one letter at a time,
    and can be asked about the letter that it made last."""

    def __init__(self) -> None:
        self.compilers: dict[str, typst.Compiler] = {}


_here = _Here()


def pdf(template: Template, details: Details, frame: Frame) -> bytes:
    """The letter as PDF; the same letter gives the same bytes.

    Refused ``letter.no_bank`` and the like where money is asked for and the office has no account,
    and ``letter.sign_missing`` where the font cannot show a character.
    """
    import typst

    # Stamped with the day alone: the moment of a signature stands in the journal.
    stamp = datetime.combine(frame.day, time(12), UTC)
    try:
        made = _compiler(template.file).compile(
            format="pdf",
            sys_inputs=_inputs(template, details, frame, "pdf"),
            pdf_standards=list(STANDARDS),
            timestamp=int(stamp.timestamp()),
        )
        if not frame.draft and (gaps := lacking(template, details, frame)):
            raise refuse("letter.incomplete", in_words(template, gaps))
    except typst.TypstError as error:
        raise _in_words(error) from error
    if not isinstance(made, bytes):
        raise TypeError(f"typst returned {type(made)}")
    return made


def text(template: Template, details: Details, frame: Frame) -> Lines:
    """What the letter says, line by line, with the style of each run ('', "strong", "title")."""
    made = _compiler(template.file).compile(
        format="html", sys_inputs=_inputs(template, details, frame, "text")
    )
    if not isinstance(made, bytes):
        raise TypeError(f"typst returned {type(made)}")
    return lines_of(made.decode())


def lacking(template: Template, details: Details, frame: Frame) -> tuple[Item, ...]:
    """What the law demands of the letter that :func:`pdf` made last in this thread, and this one
    lacks."""
    if template.id not in MANDATORY:
        return ()
    said = json.loads(_compiler(template.file).query("<must>", field="value"))
    return missing(template.id, details, frame, frozenset(said))


def _compiler(file: str) -> "typst.Compiler":
    import typst

    found = _here.compilers.get(file)
    if found is None:
        found = _here.compilers[file] = typst.Compiler(
            FOLDER / file,
            root=FOLDER,
            font_paths=_fonts(),
            ignore_system_fonts=True,
        )
    return found


@cache
def _fonts() -> "typst.Fonts":
    import typst

    return typst.Fonts(include_system_fonts=False)


def _inputs(template: Template, details: Details, frame: Frame, target: str) -> dict[str, str]:
    code = ""
    try:
        if details.names_account:
            code = _code(details, frame)
    except Refused:
        if not frame.draft:  # a draft may be looked at before the office is set up
            raise
    values = {
        "d": _shown(msgspec.to_builtins(details)),
        "f": _shown(frame.as_values(subject_of(template, details))),
        "girocode": code,
        "target": target,
    }
    return {"data": json.dumps(values, ensure_ascii=False)}


def _code(details: Details, frame: Frame) -> str:
    """The GiroCode of its payment slip, '' without one. Refused where there is no account."""
    bank, asked = frame.settings.bank, details.asks_for
    if asked is None:
        refuse_no_account(bank)
        return ""
    return svg(payload(bank, *asked))


def _shown(value: object, name: str = "") -> object:
    """Foreign text as it may be printed: what is not printable is U+FFFD, as on the screen."""
    if isinstance(value, str):
        return "\n".join(display_lines(value)) if name in _MANY_LINES else display(value)
    if isinstance(value, dict):
        return {key: _shown(one, key) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_shown(one, name) for one in value]
    return value


def _in_words(error: "typst.TypstError") -> Exception:
    """A character without a sign is the letter's fault; anything else is ours."""
    if found := _NO_SIGN.search(str(error)):
        return refuse(
            "letter.sign_missing",
            _("The letter's font has no sign for “{sign}”. Write it in Latin letters.").format(
                sign=display(found[1])
            ),
        )
    return error
