"""A payment provider for the tests: a real HTTPS server that keeps its transactions."""

import json
import ssl
import threading
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from clerk.office_settings import OnlinePaymentSettings
from tests.hub.authority import Authority, authority

CLIENT, SECRET = "stadt", "geheim-und-lang"


@dataclass
class Double:
    """``orders``: what was asked for, by request id; ``states``: by transaction id. ``broken``: an
    answer that is given instead of a right one: a status, or a text."""

    url: str
    trusted: ssl.SSLContext
    orders: dict[str, dict[str, object]] = field(default_factory=dict)
    states: dict[str, str] = field(default_factory=dict)
    broken: int | str | None = None
    silent: threading.Event | None = None
    posts: int = 0

    def settings(self, **more: str) -> OnlinePaymentSettings:
        """As an office sets it up."""
        said = {
            "url": f"{self.url}/xb",
            "originator": "09761000",
            "end_point": "owi/1",
            "token_url": f"{self.url}/token",
            "client_id": CLIENT,
        }
        return OnlinePaymentSettings(**(said | more))

    def transaction(self, request_id: str) -> dict[str, object]:
        """The published shape of an answer."""
        number = f"T-{list(self.orders).index(request_id) + 1}"
        state = self.states.setdefault(number, "INITIAL")
        return {
            "paymentInformation": {
                "transactionId": number,
                "transactionUrl": f"{self.url}/xb/{number}",
                "transactionRedirectUrl": f"{self.url}/pay/{number}",
                "status": state,
            },
            "paymentRequest": self.orders[request_id],
        }


@contextmanager
def provider(folder: Path, *, clients: Authority | None = None) -> Iterator[Double]:
    """A running one; with ``clients`` it wants a certificate of theirs."""
    ours = authority(folder / "ca")
    certificate, key = ours.sign(folder / "server", "127.0.0.1")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    if clients is not None:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(clients.certificate)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    trusted = ssl.create_default_context(cafile=str(ours.certificate))
    double = Double(f"https://127.0.0.1:{server.server_address[1]}", trusted)
    server.double = double  # type: ignore[attr-defined]  # how the handler knows it
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield double
    finally:
        if double.silent is not None:
            double.silent.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    @property
    def double(self) -> Double:
        found = self.server.double  # type: ignore[attr-defined]
        assert isinstance(found, Double)
        return found

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == "/token":
            known = b64decode(self.headers["Authorization"].partition(" ")[2]).decode()
            if known == f"{CLIENT}:{SECRET}":
                self._answer(200, {"access_token": "offen"})
            else:
                self._answer(401, {"error": "invalid_client"})
            return
        self.double.posts += 1
        if self._is_broken():
            return
        order = json.loads(body)
        self.double.orders.setdefault(order["requestId"], order)
        self._answer(200, self.double.transaction(order["requestId"]))

    def do_GET(self) -> None:
        if self._is_broken():
            return
        number = self.path.rpartition("/")[2]
        for request_id in self.double.orders:
            found = self.double.transaction(request_id)
            if number == f"T-{list(self.double.orders).index(request_id) + 1}":
                self._answer(200, found)
                return
        self._answer(404, {})

    def _is_broken(self) -> bool:
        double = self.double
        if double.silent is not None:
            double.silent.wait()
            return True
        path, token = self.path, self.headers.get("Authorization")
        if (
            not path.startswith("/xb/paymenttransaction/09761000/owi%2F1")
            or token != "Bearer offen"
        ):
            self._answer(403, {})
            return True
        if isinstance(double.broken, int):
            self._answer(double.broken, {})
        elif double.broken is not None:
            self._send(200, double.broken.encode())
        return double.broken is not None

    def _answer(self, code: int, body: dict[str, object]) -> None:
        self._send(code, json.dumps(body).encode())

    def _send(self, code: int, body: bytes) -> None:
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing on stderr."""
