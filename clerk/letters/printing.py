"""PDFs on their way out of the house: into a folder, or to a printer's command. Never a shell."""

import errno
import os
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, Protocol

from clerk.i18n import _
from clerk.refusal import refuse
from clerk.system_words import in_our_words
from clerk.text import clip, display

_SECONDS: Final = 60
_LONGEST: Final = 200  # characters of what a printer says


class Printer(Protocol):
    """Takes a PDF and its name. Refused ``letter.not_printed`` with the reason."""

    def __call__(self, pdf: bytes, name: str) -> None: ...


def into_folder(folder: Path) -> Printer:
    """Each PDF becomes a file there, whole or not at all, readable by its owner alone. One that
    lies there already with the same content is not written again; another one is never written
    over."""

    def printer(pdf: bytes, name: str) -> None:
        target = folder / name
        part = folder / f".{name}.part"
        try:
            if target.exists() and target.read_bytes() == pdf:
                return
            _write(part, pdf)
            try:
                os.link(part, target)  # fails where something of this name is there
            except OSError as error:
                if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.ENOSYS):
                    raise
                _write(target, pdf)  # a file system without hard links
        except OSError as error:
            if not folder.is_dir():
                raise _not_printed(
                    _("there is no folder {folder}").format(folder=folder)
                ) from error
            why = in_our_words(error.strerror)
            raise _not_printed(f"{why}: {error.filename or folder}") from error
        finally:
            with suppress(OSError):
                part.unlink()

    return printer


def _write(path: Path, pdf: bytes) -> None:
    with suppress(FileNotFoundError):
        if path.name.startswith("."):
            path.unlink()  # left by a run that was cut off
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(pdf)
        file.flush()
        os.fsync(file.fileno())


def by_command(command: Sequence[str]) -> Printer:
    """Each PDF goes to the standard input of this program; it has a minute to take it."""

    def printer(pdf: bytes, name: str) -> None:
        try:
            done = subprocess.run(
                list(command),
                input=pdf,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                timeout=_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise _not_printed(_("the printer takes too long")) from error
        except OSError as error:
            raise _not_printed(f"{command[0]}: {in_our_words(error.strerror)}") from error
        if done.returncode:
            said = done.stderr.decode(errors="replace").strip().partition("\n")[0]
            raise _not_printed(said or _("exit code {n}").format(n=done.returncode))

    return printer


def _not_printed(why: str) -> Exception:
    said = clip(display(why), _LONGEST)
    return refuse("letter.not_printed", _("Not printed: {why}.").format(why=said.rstrip(".")))
