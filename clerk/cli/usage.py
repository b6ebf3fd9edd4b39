"""typer's complaints about a line, in the language of the user where they are of a common kind."""

from typer import TyperException

from clerk.i18n import _


def sentence(error: TyperException) -> str:
    """One sentence; the whole help (many lines) for a noun without a verb."""
    kind = type(error).__name__  # the classes themselves are no public part of typer
    if kind == "NoArgsIsHelpError":
        return error.format_message()
    said = error.format_message().rstrip(".") + "."
    if kind == "NoSuchOption":
        said = _("There is no option {word} here.").format(word=getattr(error, "option_name", ""))
    elif kind == "MissingParameter":
        hint = getattr(getattr(error, "param", None), "human_readable_name", "")
        said = _("{name} is missing.").format(name=hint)
    path = getattr(getattr(error, "ctx", None), "command_path", "clerk")
    return said + " " + _("See {command} --help.").format(command=path)
