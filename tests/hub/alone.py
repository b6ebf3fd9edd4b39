"""Workstations that were used alone, and a shared store that has what their work needs."""

import mailbox
import subprocess
import sys
from collections.abc import Iterable
from email.message import EmailMessage
from pathlib import Path

from clerk.library.load import load_offices
from storage.hub import admin
from tests import support
from tests.commands import Commands, Document
from tests.hub.conftest import Hub

LIBRARY = Path(support.__file__).parents[1] / "clerk" / "library" / "services"


def offices_of(hub: Hub) -> None:
    """The offices that a workstation founds for itself, but those that are there already."""
    for office in load_offices():
        if office.id != "ordnungsamt":
            admin.add_office(hub.owner, office.id, office.name, office.prefix, intake=office.intake)


def supervisor(hub: Hub, login: str) -> str:
    """A clerk who leads every office, as who founds a town alone does; returns the id."""
    return hub.clerk(login, **{office.id: "supervisor" for office in load_offices()})


def found(desk: Commands) -> None:
    """A town of one workstation, whose one clerk is ``leitung``."""
    support.make_session(desk.home).store.close()


def join(desk: Commands, hub: Hub, login: str) -> Document:
    """Join; what the command says."""
    url = f"postgresql://{hub.address.shown}"
    secret = f"geheim-{login}\n".encode()
    return desk.done("join", url, "--clerk", login, "--password-stdin", stdin=secret)


def mbox(path: Path, subjects: Iterable[str]) -> Path:
    """Mails with a text of their own and an attachment in every tenth."""
    box = mailbox.mbox(path)
    for number, subject in enumerate(subjects):
        mail = EmailMessage()
        mail["From"] = f"{subject} <erika@example.org>"
        mail["To"] = "stadt@example.org"
        mail["Subject"] = subject
        mail["Message-ID"] = f"<{subject.replace(' ', '.')}@example.org>"
        mail.set_content(f"Guten Tag, es geht um {subject}.\n" * 3)
        if number % 10 == 0:  # the boundary is the same whoever writes the file
            mail.add_attachment(
                f"Anlage zu {subject}".encode() * 20,
                maintype="application", subtype="pdf", filename=f"Anlage {subject}.pdf",
            )  # fmt: skip
            mail.set_boundary("grenze")
        box.add(mail)
    box.close()
    return path


def work(desk: Commands, mails: Path, *, office: str = "buergerbuero") -> list[str]:
    """A day at a desk of its own; returns the numbers of its cases: three, of which one closed."""
    desk.done("intake", "mail", str(mails), "--once")
    first, second, third = (str(row["id"]) for row in items(desk)[:3])
    desk.done("inbox", "take", first)
    filed = str(desk.done("inbox", "file", first, "--new", "--subject", "Laterne")["number"])
    desk.done("inbox", "hand-over", second, "--to", office)
    desk.done("inbox", "note", second, "Ruft zurück.")
    desk.done("inbox", "spam", third, "--reason", "Werbung")
    opened = str(desk.done("case", "new", "--subject", "Ausweis", "--office", office)["number"])
    desk.done("case", "note", opened, "Am Schalter.")
    desk.done("case", "follow-up", opened, "--on", "2w", "--text", "Nachfragen")
    desk.done("case", "wait", opened, "Foto fehlt", "--until", "3w")
    gone = str(desk.done("case", "new", "--subject", "Irrtum", "--office", office)["number"])
    desk.done("undo")
    closed = str(desk.done("case", "new", "--subject", "Hund", "--office", office)["number"])
    desk.done("case", "close", closed, "--result", "angemeldet")
    assert gone not in (filed, opened, closed)
    return [filed, opened, closed]


def items(desk: Commands) -> list[Document]:
    """The open items, whosever."""
    return desk.rows_of("inbox", "list", "--split", "all", "--limit", "1000")


def sound(*desks: Commands) -> None:
    """In step, whole, equal to the shared store, and nothing to decide."""
    for desk in (*desks, *desks):
        desk.done("sync", "--once")
    for desk in desks:
        assert desk.done("sync", "status")["waiting"] == 0
        assert desk.rows_of("sync", "conflicts") == []
        assert desk.done("verify")["ok"] is True
        assert desk.done("verify", "--hub")["ok"] is True


def there(hub: Hub, table: str) -> int:
    """How many rows of a table the shared store has."""
    return hub.count(f"record WHERE tbl = '{table}' AND NOT gone")


def joining(
    desk: Commands, hub: Hub, login: str, before: str = "pass"
) -> "subprocess.Popen[bytes]":
    """``clerk join`` in a process of its own, which does something else first."""
    program = f"import sys\n{before}\nfrom clerk.__main__ import main\nsys.exit(main())"
    running = subprocess.Popen(
        [sys.executable, "-c", program, "--home", str(desk.home), "--passphrase-file",
         str(desk.home / support.PASSPHRASE_FILE), "--lang", "en", "join",
         f"postgresql://{hub.address.shown}", "--clerk", login, "--password-stdin"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )  # fmt: skip
    assert running.stdin is not None
    running.stdin.write(f"geheim-{login}\n".encode())
    running.stdin.close()
    running.stdin = None  # nothing more is said to it
    return running
