"""typer's complaints about a line, in the language of the user where they are of a common kind."""

import re

from typer import TyperException

from clerk.i18n import _

_NO_COMMAND = re.compile(r"No such command '(?P<word>.*?)'\.?(?: Did you mean '(?P<near>.*?)')?")


def sentence(error: TyperException) -> str:
    """One sentence; the whole help (many lines) for a noun without a verb."""
    kind = type(error).__name__  # the classes themselves are no public part of typer
    if kind == "NoArgsIsHelpError":
        return error.format_message()
    said = error.format_message().rstrip(".") + "."
    if kind == "NoSuchOption":
        said = _("There is no option {word} here.").format(word=getattr(error, "option_name", ""))
    elif kind == "BadOptionUsage":
        said = _("{option} needs a value.").format(option=getattr(error, "option_name", ""))
    elif kind == "MissingParameter":
        said = _("{name} is missing.").format(name=_name(getattr(error, "param", None)))
    elif kind == "BadParameter":
        reason = getattr(error, "message", "").removeprefix("Value error, ").rstrip(".")
        name = _name(getattr(error, "param", None))
        said = _("{name} needs another value ({reason}).").format(name=name, reason=reason)
    elif found := _NO_COMMAND.match(said):
        said = _("There is no “{word}” here.").format(word=found["word"])
        if found["near"]:
            said += " " + _("Perhaps {near}?").format(near=found["near"])
    path = getattr(getattr(error, "ctx", None), "command_path", "clerk")
    return said + " " + _("See {command} --help.").format(command=path)


def _name(param: object) -> str:
    """An option as it is typed, an argument as the help calls it."""
    options = getattr(param, "opts", ())
    if options and options[0].startswith("-"):
        return str(options[0])
    return str(getattr(param, "metavar", None) or getattr(param, "name", ""))
