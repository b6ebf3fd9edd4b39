"""From a typed line to an exit code: 0 done, 1 refused, 2 not understood, 3 not reachable, 4 done
but unable to say so, 130 stopped.

What goes wrong is one line on stderr, ``clerk: <sentence> [<code>]``. What nobody foresaw becomes
a redacted crash report; a traceback is never shown, since it may hold personal data.
"""

import errno
import gc
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from clerk import i18n, paths
from clerk.cli import streams
from clerk.cli.globals import Globals, UsageError, has_acted, hoist, use
from clerk.i18n import _
from clerk.refusal import Refusal, in_words, refuse
from clerk.system_words import in_our_words
from clerk.text import display

DONE, REFUSED, USAGE, UNREACHABLE, UNWRITTEN, STOPPED = 0, 1, 2, 3, 4, 130
_FAR = (".unreachable", ".lost", ".crowded")  # codes of what is not reachable end so
# What a user can put right about a path; any other OSError is a fault of ours.
_PATHS = (
    errno.EACCES, errno.EPERM, errno.ENOENT, errno.ENOSPC, errno.EROFS, errno.EDQUOT,
    errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.ENAMETOOLONG, errno.EIO,
)  # fmt: skip
# What a disk may say while a file is written, whose name Python then does not tell.
_DISK = (errno.ENOSPC, errno.EROFS, errno.EDQUOT, errno.EIO)


def run(argv: Sequence[str]) -> int:
    """Do what the line says; returns the exit code. Never raises."""
    with streams.prepared():
        return _run(argv)


def _run(argv: Sequence[str]) -> int:
    home = paths.home()
    try:
        chosen, rest = hoist(argv)
        home = chosen.home
        use(chosen)
        _choose_language(chosen)
        code = _dispatch(chosen, rest)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return STOPPED
    except streams.OutputLostError as lost:
        return _lost(lost)
    except SystemExit:  # typer's answer to another pipe that broke
        return STOPPED
    except Exception as error:  # the last line of defence
        return _failed(error, home)
    return code


def _lost(lost: streams.OutputLostError) -> int:
    """The work itself is done. Whoever only reads and has read enough (``| head``) knows that the
    rest is missing."""
    if lost.nobody_reads and not has_acted():
        return STOPPED
    sentence = _("The output could not be written: {reason}.")
    if has_acted():
        sentence = _("It is done, but the output could not be written: {reason}.")
    return _complain(Refusal("output.unwritten", sentence.format(reason=lost.reason)), UNWRITTEN)


def _choose_language(chosen: Globals) -> None:
    """``--lang``, else the settings, else the environment. A wrong settings file is not the matter
    of every command; those that need it say what is wrong."""
    language = chosen.language
    if language is None and (chosen.home / "settings.toml").exists():
        from clerk.settings import SettingsError, load_settings

        with suppress(SettingsError):
            language = load_settings(chosen.home).language
    i18n.choose(language)


def _dispatch(chosen: Globals, rest: Sequence[str]) -> int:
    if chosen.version:
        from clerk.crash import version

        sys.stdout.write(f"clerk {version()}\n")
        return DONE
    if not rest:
        return _workstation(chosen)
    from clerk.cli.nouns import NOUNS, app_of, overview

    noun, *words = rest
    if noun in ("--help", "-h", "help"):
        sys.stdout.write(overview() + "\n")
        return DONE
    if noun not in NOUNS:
        raise UsageError(_unknown(noun))
    from clerk.cli.plain import plain

    if act := plain(noun, words):
        act()
        return DONE
    from clerk.cli import typer_help

    answer = typer_help.run(app_of(noun), words, f"clerk {noun}")
    return answer if isinstance(answer, int) else DONE


def _workstation(chosen: Globals) -> int:
    if chosen.as_login is not None:
        raise UsageError(_("--as goes with a command; the workstation is its own clerk's."))
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise refuse("terminal.none", _("The workstation needs a terminal; see clerk --help."))
    gc.disable()  # until the first paint: what a start makes stays, looking for garbage is in vain
    from screens.start import run_workstation

    return run_workstation(chosen.home, passphrase_file=chosen.passphrase_file)


def _unknown(noun: str) -> str:
    from difflib import get_close_matches

    from clerk.cli.nouns import NOUNS

    near = get_close_matches(noun, NOUNS, 1)
    if noun.startswith("-"):
        sentence = _("There is no option {word} here.").format(word=noun)
    else:
        sentence = _("There is no noun “{word}”.").format(word=noun)
    if near:
        sentence += " " + _("Perhaps {near}?").format(near=near[0])
    return sentence + " " + _("See clerk --help.")


def _failed(error: Exception, home: Path) -> int:
    """Say what went wrong; returns the exit code."""
    if isinstance(error, UsageError):
        return _complain(Refusal("usage", str(error)), USAGE)
    if (usage := _of_typer(error)) is not None:
        return usage
    if refusal := in_words(error):
        far = refusal.code.endswith(_FAR)
        return _complain(refusal, UNREACHABLE if far else REFUSED)
    problems = getattr(error, "problems", None)
    if isinstance(problems, tuple):  # of files that were read: each with its line
        for problem in problems:
            _complain(Refusal("file.wrong", str(problem)), REFUSED)
        return REFUSED
    if isinstance(error, OSError) and (said := _of_system(error, home)):
        return _complain(said, REFUSED)
    from clerk.crash import write_report

    report_id = write_report(error, home)
    sentence = _(
        "Something went wrong that nobody foresaw. Nothing half done was kept."
        " Tell your IT the report {id}."
    )
    return _complain(Refusal("crash", sentence.format(id=report_id)), REFUSED)


def _of_system(error: OSError, home: Path) -> Refusal | None:
    """What the system says about a path, or about the disk while a file was written."""
    number = error.errno
    if number is None or number not in (_PATHS if error.filename else _DISK):
        return None
    where = os.fsdecode(error.filename or home)
    return Refusal(
        f"os.{errno.errorcode[number].lower()}", f"{in_our_words(error.strerror)}: {where}"
    )


def _of_typer(error: Exception) -> int | None:
    """typer's own errors: the line was not understood, or a prompt was left."""
    typer = sys.modules.get("typer")
    if typer is None:
        return None
    if isinstance(error, typer.Abort):
        return STOPPED
    if not isinstance(error, typer.TyperException):
        return None
    from clerk.cli.usage import sentence

    said = sentence(error)
    if "\n" in said:  # the help of a noun without a verb
        sys.stderr.write(said.rstrip() + "\n")
        return USAGE
    return _complain(Refusal("usage", said), USAGE)


def _complain(refusal: Refusal, code: int) -> int:
    sys.stderr.write(f"clerk: {display(refusal.sentence)} [{refusal.code}]\n")
    sys.stderr.flush()
    return code
