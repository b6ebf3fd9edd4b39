"""A real SMTP server for tests: aiosmtpd on loopback, with STARTTLS or TLS and a login."""

import asyncio
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from threading import Thread

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

PASSWORD = "geheim ä"


@dataclass
class Box:
    """What the server got, and how it behaves: ``refuse`` is its answer to a recipient;
    ``hang_up``: it takes the text and goes without an answer."""

    host: str
    port: int
    ca_file: Path
    mails: list[EmailMessage] = field(default_factory=list)
    refuse: str = ""
    answer: str = "250 OK"
    hang_up: bool = False


class _Handler:
    def __init__(self, box: Box) -> None:
        self.box = box

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.box.refuse:
            return self.box.refuse
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        self.box.mails.append(message_from_bytes(content, policy=policy.default))
        if self.box.hang_up:
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        return self.box.answer


def _authenticate(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
) -> AuthResult:
    good = isinstance(data, LoginPassword) and data.password == PASSWORD.encode()
    return AuthResult(success=good, handled=good)  # a wrong password is answered by aiosmtpd


@contextmanager
def serving(folder: Path, *, starttls: bool = True) -> Iterator[Box]:
    """The server on a free port, its certificate made for ``localhost``."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed, so that there is no certificate to check")
    cert, key = folder / "cert.pem", folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", str(key), "-out",
         str(cert), "-days", "2", "-subj", "/CN=localhost", "-addext",
         "subjectAltName=DNS:localhost"],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(cert, key)
    box = Box("localhost", 0, cert)
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever)
    thread.start()

    def protocol() -> SMTP:
        return SMTP(
            _Handler(box),
            loop=loop,
            authenticator=_authenticate,
            auth_required=starttls,  # TLS from the beginning does not count as TLS there
            auth_require_tls=starttls,
            tls_context=context if starttls else None,
            require_starttls=starttls,
        )

    async def listen() -> asyncio.Server:
        return await loop.create_server(protocol, "127.0.0.1", 0, ssl=None if starttls else context)

    server = asyncio.run_coroutine_threadsafe(listen(), loop).result()
    box.port = server.sockets[0].getsockname()[1]
    try:
        yield box
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
