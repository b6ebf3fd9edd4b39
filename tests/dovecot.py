"""A real IMAP server for tests: Debian's ``dovecot-imapd`` on loopback, with TLS of its own.

Import the fixtures ``dovecot`` and ``dovecot_server`` into a conftest or a test file; they skip,
with the reason, where Dovecot or OpenSSL is not installed. The server starts once; each test has
a mailbox of its own.
"""

import grp
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

PASSWORD = 'geheim ä"\\'
_USERS = 200
_MAIL_UID = 65534

_CONFIG = """
base_dir = {run}
state_dir = {run}
log_path = {home}/log
protocols = imap
listen = 127.0.0.1
ssl = required
ssl_cert = <{home}/cert.pem
ssl_key = <{home}/key.pem
mail_location = maildir:{home}/mail/%u
{users}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {home}/passwd
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={home}/user
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
auth_failure_delay = 0
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
"""


@dataclass(frozen=True)
class Dovecot:
    """A mailbox on a running server. ``maildir`` is its INBOX, ``address`` what ``open_source``
    takes, and ``ca_file`` vouches for the server's certificate."""

    address: str
    maildir: Path
    ca_file: Path

    def put(self, name: str, raw: bytes) -> None:
        """Deliver a mail."""
        waiting = self.maildir / "tmp" / name
        waiting.write_bytes(raw)
        with suppress(PermissionError):
            os.chown(waiting, *_mail_owner())
        waiting.rename(self.maildir / "new" / name)

    def renumber(self) -> None:
        """Give all mails new UIDs under a new UIDVALIDITY, as a restored mailbox has them."""
        for name in (
            "dovecot-uidlist",
            "dovecot.index",
            "dovecot.index.log",
            "dovecot.index.cache",
        ):
            (self.maildir / name).unlink(missing_ok=True)
        (self.maildir / "dovecot-uidvalidity").unlink(missing_ok=True)
        for file in self.maildir.glob("dovecot-uidvalidity.*"):
            file.unlink()
        uidlist = self.maildir / "dovecot-uidlist"
        uidlist.write_text("3 V1234567 N1 G0123456789abcdef0123456789abcdef\n")
        with suppress(PermissionError):
            os.chown(uidlist, *_mail_owner())


def _mail_owner() -> tuple[int, int]:
    """Whose the mails are: Dovecot serves none as root."""
    return (_MAIL_UID, _MAIL_UID) if os.getuid() == 0 else (os.getuid(), os.getgid())


def _make_certificate(home: Path) -> None:
    """A self-signed certificate for ``localhost``, good for a day."""
    command = f"""openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes
        -days 1 -subj /CN=localhost -addext subjectAltName=DNS:localhost
        -keyout {home}/key.pem -out {home}/cert.pem"""
    subprocess.run(command.split(), check=True, capture_output=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _write(home: Path, port: int) -> None:
    """The server's whole configuration and its one empty mailbox under ``home``."""
    uid, gid = _mail_owner()
    for folder in ("run", "user", "mail"):
        (home / folder).mkdir()
        os.chown(home / folder, uid, gid)
    home.chmod(0o755)
    _make_certificate(home)
    users = ""
    if os.getuid() != 0:
        user, group = pwd.getpwuid(uid).pw_name, grp.getgrgid(gid).gr_name
        users = (
            f"default_internal_user = {user}\n"
            f"default_login_user = {user}\n"
            f"default_internal_group = {group}\n"
        )
    lines = [f"amt{n}:{{PLAIN}}{PASSWORD}\n" for n in range(_USERS)]
    (home / "passwd").write_text("".join(lines))
    (home / "passwd").chmod(0o644)
    config = _CONFIG.format(home=home, run=home / "run", port=port, uid=uid, gid=gid, users=users)
    (home / "dovecot.conf").write_text(config)


def _wait(port: int, server: "subprocess.Popen[bytes]", log: Path) -> None:
    """Until the server takes connections, or is gone."""
    while server.poll() is None:
        with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
            return
    text = log.read_text() if log.exists() else "no log"
    pytest.fail(f"dovecot ended: {text}")


@dataclass(frozen=True)
class Server:
    """The process's folder and port, and the names of the mailboxes that nobody has used."""

    home: Path
    port: int
    names: Iterator[str]


@pytest.fixture(scope="session")
def dovecot_server() -> Iterator[Server]:
    """The server, for all tests of a run."""
    program = shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin:/usr/local/sbin")
    if not program or not shutil.which("openssl"):
        pytest.skip("dovecot (Debian: dovecot-imapd) or openssl is not installed")
    # Not pytest's own folder: that is closed to the user whom Dovecot reads mails as.
    with tempfile.TemporaryDirectory(prefix="clerk-dovecot-") as folder:
        home = Path(folder)
        port = _free_port()
        _write(home, port)
        server = subprocess.Popen(
            [program, "-F", "-c", str(home / "dovecot.conf")], stderr=subprocess.DEVNULL
        )
        try:
            _wait(port, server, home / "log")
            yield Server(home, port, (f"amt{n}" for n in range(_USERS)))
        finally:
            server.terminate()
            server.wait()


@pytest.fixture
def dovecot(dovecot_server: Server) -> Dovecot:
    """An empty mailbox of its own for one test."""
    name = next(dovecot_server.names)
    maildir = dovecot_server.home / "mail" / name
    for folder in (maildir, maildir / "cur", maildir / "new", maildir / "tmp"):
        folder.mkdir()
        os.chown(folder, *_mail_owner())
    address = f"imaps://{name}@localhost:{dovecot_server.port}/INBOX"
    return Dovecot(address, maildir, dovecot_server.home / "cert.pem")
