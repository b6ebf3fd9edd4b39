"""The settings file: ``settings.toml`` in the home, TOML, every key optional.

Each setting is a field with its docstring below it; ``python -m clerk.settings_page`` makes
docs/settings.md of them. What is wrong in the file is refused as a whole, with every line and
reason: a setting that is silently ignored is worse than none.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clerk.library.lines import Path as Where
    from clerk.library.problems import Problem
    from clerk.library.table import Report, Table

FILE_NAME = "settings.toml"
_MOST_BYTES = 200_000
_THIS_COMPUTER = ("localhost", "127.0.0.1", "::1", "")


class Language(StrEnum):
    """A language of the program."""

    DE = "de"
    EN = "en"


class Theme(StrEnum):
    """The colours of the workstation."""

    DUNKEL = "dunkel"
    HELL = "hell"
    KONTRAST = "kontrast"
    TERMINAL = "terminal"


class StartList(StrEnum):
    """A list of the inbox, or the first one with something in it."""

    FIRST = "first"
    MINE = "mine"
    OFFICE = "office"
    UNASSIGNED = "unassigned"


class Preview(StrEnum):
    """The pane beside a list."""

    AUTO = "auto"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class IntakeSettings:
    """The table ``[intake]``: how mail is brought in."""

    every_minutes: int = 5
    """How often ``clerk intake`` looks for new mail when it is not told ``--once``: 1 to 1440."""


@dataclass(frozen=True, slots=True)
class SyncSettings:
    """The table ``[sync]``: working with a shared database."""

    plain: bool = False
    """``true`` allows a connection to the shared database without TLS. Everybody in the network can
    then read along; the status bar says so in red. A loopback address does not need it."""

    closed_days: int = 60
    """For how many days a closed case stays on this workstation; older ones are fetched from the
    shared database when they are asked for: 1 to 3650."""

    ask_reason: bool = False
    """``true`` asks why a person's record is opened from the search or by its number; the answer
    goes into the log of reads."""


@dataclass(frozen=True, slots=True)
class LettersSettings:
    """The table ``[letters]``: how final letters leave this workstation. One of the two."""

    folder: str = ""
    """A folder, with its whole path, into which final letters are put as PDF files."""

    printer: str = ""
    """A command that prints, such as ``"lp -d amt3"``: it gets the PDF on its standard input. It is
    started as it stands here, without a shell."""


class Security(StrEnum):
    """How a connection is encrypted."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class MailSettings:
    """The table ``[mail]``: how letters leave by e-mail. The password is kept by ``clerk letters
    mailbox``, never here."""

    host: str = ""
    """The mail server, such as ``"mail.musterstadt.example"``."""

    port: int = 587
    """Its port for sending: 1 to 65535."""

    security: Security = Security.STARTTLS
    """``"starttls"`` or ``"tls"`` (from the beginning, mostly on port 465); ``"none"`` only for a
    server on this computer. The server's certificate is always checked."""

    login: str = ""
    """The name to sign in with; without one nobody signs in."""

    sender: str = ""
    """The address that letters come from."""

    ca_file: str = ""
    """A file with the certificate of the authority that vouches for the server, with its whole
    path; without one those of the computer do."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The file as a whole."""

    language: Language | None = None
    """The language of the program: ``"de"`` or ``"en"``. Without it ``LANG`` decides; ``--lang``
    goes before both."""

    theme: Theme = Theme.DUNKEL
    """The colours: ``"dunkel"``, ``"hell"``, ``"kontrast"`` (contrast of 7:1 at least), or
    ``"terminal"`` (the colours the terminal is set to)."""

    idle_lock_minutes: int = 10
    """After so many minutes without a key the workstation locks itself: 1 to 60."""

    split: StartList = StartList.FIRST
    """The list the inbox opens with: ``"mine"``, ``"office"``, ``"unassigned"``, or ``"first"``,
    the first of these that has something in it."""

    preview: Preview = Preview.AUTO
    """The pane beside the list: ``"auto"`` shows it from 100 columns on, ``"off"`` never."""

    refresh_seconds: int = 2
    """How often the workstation looks whether something new has come in: 1 to 600 seconds. It only
    says so; the list itself changes when F5 is pressed."""

    intake: IntakeSettings = field(default_factory=IntakeSettings)
    """How mail is brought in; see below."""

    sync: SyncSettings = field(default_factory=SyncSettings)
    """Working with a shared database; see below."""

    letters: LettersSettings = field(default_factory=LettersSettings)
    """How letters are printed; see below."""

    mail: MailSettings = field(default_factory=MailSettings)
    """How letters leave by e-mail; see below."""

    # In here: Textual's names, joined by commas.
    keys: dict[str, str] = field(default_factory=dict)
    """The table ``[keys]``: other keys for actions, such as ``"item.take" = "t"``, or several:
    ``"item.take" = ["t", "f7"]``; an empty text takes an action's keys away. The ids of the actions
    and the keys they have by default are listed below. A key is written as it stands on the
    keyboard (``t``, ``T``, ``#``, ``f7``, ``ctrl+x``)."""


class SettingsError(Exception):
    """The file is not right. ``problems`` is never empty, in order of lines."""

    def __init__(self, problems: "tuple[Problem, ...]") -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


def load_settings(home: Path) -> Settings:
    """The settings of a home; the defaults where it has no file.

    Raises SettingsError with every problem of the file, each with its line and reason.
    """
    from clerk.i18n import _
    from clerk.library.problems import Problem
    from clerk.system_words import in_our_words

    path = home / FILE_NAME
    try:
        data = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return Settings()
    except OSError as error:
        reason = _("cannot be read: {reason}").format(reason=in_our_words(error.strerror))
        raise SettingsError((Problem(path, 1, reason),)) from error
    return read_settings(data, path)


def read_settings(data: bytes, path: Path) -> Settings:
    """The settings in the bytes of a file; ``path`` is only named. Raises SettingsError."""
    import tomllib

    from clerk.i18n import _
    from clerk.library.lines import line_table
    from clerk.library.problems import Problem

    problems: list[Problem] = []
    if len(data) > _MOST_BYTES:
        raise SettingsError((Problem(path, 1, _("is too large for a settings file")),))
    try:
        text = data.decode("utf-8-sig")
        values = tomllib.loads(text)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SettingsError((Problem(path, line, _("is not UTF-8 here")),)) from error
    except (ValueError, RecursionError) as error:
        reason = _("is not valid TOML: {reason}").format(reason=str(error))
        raise SettingsError((Problem(path, _line_of(str(error), text), reason),)) from error
    lines: dict[Where, int] = {}

    def report(where: "Where", reason: str) -> None:
        if not lines:
            lines.update(line_table(text))
        while where not in lines:
            where = where[:-1]
        problems.append(Problem(path, lines[where], reason))

    settings = _read(values, report)
    if problems:
        raise SettingsError(tuple(sorted(problems)))
    return settings


def _read(values: dict[str, object], report: "Report") -> Settings:
    from clerk.library.table import Table

    table = Table(values, (), report)
    table.knows("language", "intake", "sync", "letters", "mail", "keys")
    settings = Settings(
        language=table.choice("language", Language) if "language" in values else None,
        theme=table.choice("theme", Theme, default=Theme.DUNKEL),
        idle_lock_minutes=table.number("idle_lock_minutes", 1, 60, default=10),
        split=table.choice("split", StartList, default=StartList.FIRST),
        preview=table.choice("preview", Preview, default=Preview.AUTO),
        refresh_seconds=table.number("refresh_seconds", 1, 600, default=2),
        intake=_read_intake(table.table("intake")) if "intake" in values else IntakeSettings(),
        sync=_read_sync(table.table("sync")) if "sync" in values else SyncSettings(),
        letters=_read_letters(table.table("letters")) if "letters" in values else LettersSettings(),
        mail=_read_mail(table.table("mail")) if "mail" in values else MailSettings(),
        keys=_read_keys(values.get("keys", {}), report),
    )
    table.close()
    return settings


def _read_intake(table: "Table") -> IntakeSettings:
    intake = IntakeSettings(
        every_minutes=table.number("every_minutes", 1, 1440, default=5),
    )
    table.close()
    return intake


def _read_sync(table: "Table") -> SyncSettings:
    table.knows("plain", "ask_reason")
    sync = SyncSettings(
        plain=table.flag("plain"),
        closed_days=table.number("closed_days", 1, 3650, default=60),
        ask_reason=table.flag("ask_reason"),
    )
    table.close()
    return sync


def _read_letters(table: "Table") -> LettersSettings:
    import shlex

    from clerk.i18n import _

    letters = LettersSettings(folder=table.text_or("folder"), printer=table.text_or("printer"))
    if letters.folder and letters.printer:
        table.wrong("folder", _("either “folder” or “printer”, not both"))
    if letters.folder and not Path(letters.folder).is_absolute():
        table.wrong("folder", _("“folder” must be a whole path, from / on"))
    try:
        shlex.split(letters.printer)
    except ValueError:
        table.wrong("printer", _("“printer” has a quotation mark without its other half"))
    table.close()
    return letters


def _read_mail(table: "Table") -> MailSettings:
    from clerk.i18n import _

    mail = MailSettings(
        host=table.text_or("host"),
        port=table.number("port", 1, 65_535, default=587),
        security=table.choice("security", Security, default=Security.STARTTLS),
        login=table.text_or("login"),
        sender=table.text_or("sender"),
        ca_file=table.text_or("ca_file"),
    )
    if mail.security is Security.NONE and mail.host not in _THIS_COMPUTER:
        table.wrong("security", _("“none” is only for a server on this computer"))
    name, _at, domain = mail.sender.rpartition("@")
    if mail.sender and not (name and domain and mail.sender.isascii() and " " not in mail.sender):
        table.wrong("sender", _("“sender” is no e-mail address"))
    if mail.ca_file and not Path(mail.ca_file).is_absolute():
        table.wrong("ca_file", _("“ca_file” must be a whole path, from / on"))
    table.close()
    return mail


def _read_keys(value: object, report: "Report") -> dict[str, str]:
    """The remapped actions, checked against the table of actions and each other."""
    from clerk.actions import ACTIONS
    from clerk.i18n import _
    from clerk.keymap import problems, typed_keys

    if not isinstance(value, dict):
        report(("keys",), _("“{key}” must be a table").format(key="keys"))
        return {}
    remap: dict[str, str] = {}
    places: dict[str, Where] = {}
    for where, action_id, keys in _flat(value, ("keys",)):
        places[action_id] = where
        typed = [keys] if isinstance(keys, str) else keys
        if isinstance(typed, list) and all(isinstance(one, str) for one in typed):
            remap[action_id] = ",".join(name for one in typed for name in typed_keys(one))
        else:
            reason = _("“{key}” must be a text in quotes, or a list of them")
            report(where, reason.format(key=action_id))
    for problem in problems(ACTIONS, remap):
        report(places[problem.action_id], problem.sentence)
    return remap


def _flat(values: dict[str, object], above: "Where") -> "Iterator[tuple[Where, str, object]]":
    """``"item.take" = "t"`` and ``item.take = "t"`` (to TOML a table in a table) are the same."""
    for name, value in values.items():
        where = (*above, name)
        if isinstance(value, dict):
            yield from _flat(value, where)
        else:
            yield where, ".".join(str(part) for part in where[1:]), value


def _line_of(message: str, text: str) -> int:
    """The line that tomllib names in its message; 1 where it names none."""
    import re

    if "at end of document" in message:
        return text.rstrip().count("\n") + 1
    found = re.search(r"at line (\d+)", message)
    return int(found[1]) if found else 1
