"""A connection that is open at both ends and carries nothing is cut off, and the next one works."""

import socket
import threading
from collections.abc import Iterator

import psycopg
import pytest

from storage.hub.connect import connect
from storage.sync.link import Link
from tests.hub.conftest import Hub


class Wall:
    """A proxy on loopback that can stop to pass anything on, both ends staying open."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._open = threading.Event()
        self._open.set()
        self._ears = socket.create_server(("127.0.0.1", 0))
        self.port = self._ears.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def shut(self) -> None:
        """Nothing passes any more."""
        self._open.clear()

    def close(self) -> None:
        self._ears.close()
        self._open.set()

    def _serve(self) -> None:
        while True:
            try:
                here, _address = self._ears.accept()
            except OSError:
                return
            there = socket.create_connection(("127.0.0.1", self._port))
            for one, other in ((here, there), (there, here)):
                threading.Thread(target=self._pump, args=(one, other), daemon=True).start()

    def _pump(self, one: socket.socket, other: socket.socket) -> None:
        try:
            while data := one.recv(65_536):
                self._open.wait()
                other.sendall(data)
        except OSError:
            pass
        other.close()


@pytest.fixture
def wall(hub: Hub) -> Iterator[Wall]:
    made = Wall(hub.owner.info.port)
    yield made
    made.close()


def test_what_hangs_is_cut_off(hub: Hub, wall: Wall) -> None:
    hub.clerk("meier", buergeramt="clerk")
    address = hub.address.as_user(hub.login("meier").info.user)
    through = type(address)(
        address.host, wall.port, address.database, address.user, address.sslmode, ""
    )
    link = Link(connect(through, "geheim-meier"))
    with link.watched() as db:
        assert db.execute("SELECT 1").fetchone() == (1,)
    wall.shut()
    with pytest.raises(psycopg.OperationalError), link.watched(0.3) as db:
        db.execute("SELECT 2")
    assert not link.is_open
    link.close()


def test_after_a_long_patience_a_short_one_holds(hub: Hub) -> None:
    hub.clerk("meier", buergeramt="clerk")
    address = hub.address.as_user(hub.login("meier").info.user)
    link = Link(connect(address, "geheim-meier"))
    with link.watched(600) as db:
        db.execute("SELECT 1")
    with pytest.raises(psycopg.OperationalError), link.watched(0.2) as db:
        db.execute("SELECT pg_sleep(5)")
    assert not link.is_open
