"""A server proves who it is, or nobody connects: real certificates on a real PostgreSQL."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.errors import StoreError
from storage.hub.connect import Address, connect, parse
from tests.hub.authority import Authority, authority
from tests.hub.server import PASSWORD, Server, binaries, speaks_tls

ENCRYPTED_ONLY = "hostssl all all 127.0.0.1/32 scram-sha-256\n"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """The authority that the workstations trust."""
    return authority(tmp_path_factory.mktemp("town"))


@pytest.fixture(scope="module")
def tls(town: Authority) -> Iterator[Server]:
    """A server with TLS, whose certificate is for localhost."""
    able = [folder for folder in binaries() if speaks_tls(folder)]
    if not able:
        pytest.skip("no PostgreSQL with TLS is installed (Debian: postgresql)")
    with Server(able[0]) as server:
        show(server, *town.sign(server.home / "new", "localhost"))
        server.reload("ssl = on\n", ENCRYPTED_ONLY)
        yield server


def show(server: Server, certificate: Path, key: Path) -> None:
    """From now on the server shows this certificate."""
    server.own(certificate, key)
    shutil.move(certificate, server.data / "server.crt")
    shutil.move(key, server.data / "server.key")
    server.reload("")


@pytest.fixture
def shown(tls: Server, town: Authority) -> Iterator[Server]:
    """The server, for a test that lets it show another certificate."""
    yield tls
    show(tls, *town.sign(tls.home / "new", "localhost"))
    wait_for(tls, town)


def address(server: Server, root: Path | str, **more: str) -> Address:
    options = {"sslmode": "verify-full", "sslrootcert": str(root), **more}
    query = "&".join(f"{name}={value}" for name, value in options.items())
    return parse(f"postgresql://postgres@localhost:{server.port}/postgres?{query}")


def refused(where: Address, password: str = PASSWORD) -> StoreError:
    with pytest.raises(StoreError) as caught:
        connect(where, password).close()
    return caught.value


def wait_for(server: Server, town: Authority) -> None:
    """A reload is done by the server in its own time."""
    for _again in range(200):
        try:
            connect(address(server, town.certificate), PASSWORD).close()
        except StoreError:
            continue
        return
    raise AssertionError("the server does not show its certificate")


def refused_after_reload(where: Address) -> StoreError:
    """The refusal, once the server shows what it was given last."""
    for _again in range(200):
        try:
            connect(where, PASSWORD).close()
        except StoreError as error:
            return error
    raise AssertionError("the server shows its old certificate")


def test_a_server_that_proves_who_it_is_is_connected_to(tls: Server, town: Authority) -> None:
    wait_for(tls, town)
    with connect(address(tls, town.certificate), PASSWORD) as db:
        row = db.execute("SELECT ssl, version FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
        assert row.fetchone() == (True, "TLSv1.3")


def test_the_authorities_of_the_system_are_found(
    tls: Server, town: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    wait_for(tls, town)
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    assert refused(address(tls, "system")).code == "hub.certificate"
    monkeypatch.setattr("storage.hub.connect._SYSTEM_ROOTS", ("/none", str(town.certificate)))
    connect(address(tls, "system"), PASSWORD).close()
    monkeypatch.setattr("storage.hub.connect._SYSTEM_ROOTS", ())
    monkeypatch.setenv("SSL_CERT_FILE", str(town.certificate))
    connect(address(tls, "system"), PASSWORD).close()


def test_another_authority_is_not_trusted(tls: Server, tmp_path: Path) -> None:
    other = authority(tmp_path, "Fremdes Amt")
    assert refused(address(tls, other.certificate)).code == "hub.certificate"


def test_a_missing_file_of_authorities_is_named(tls: Server, tmp_path: Path) -> None:
    error = refused(address(tls, tmp_path / "none.crt"))
    assert (error.code, "sslrootcert" in str(error)) == ("hub.certificate", True)


def test_another_name_in_the_certificate_is_refused(shown: Server, town: Authority) -> None:
    show(shown, *town.sign(shown.home / "new", "db.example.org"))
    assert refused_after_reload(address(shown, town.certificate)).code == "hub.certificate"


def test_an_expired_certificate_is_refused(shown: Server, town: Authority) -> None:
    show(shown, *town.sign(shown.home / "new", "localhost", days=-1))
    assert refused_after_reload(address(shown, town.certificate)).code == "hub.certificate"


def test_a_certificate_of_nobody_is_refused(shown: Server, town: Authority, tmp_path: Path) -> None:
    itself = authority(tmp_path, "localhost")
    show(shown, *itself.sign(shown.home / "new", "localhost"))
    assert refused_after_reload(address(shown, town.certificate)).code == "hub.certificate"


def test_a_plain_connection_is_turned_away_by_the_server(tls: Server, town: Authority) -> None:
    wait_for(tls, town)
    error = refused(address(tls, "", sslmode="disable"))
    assert error.code == "hub.login"
    assert "from here" in str(error)


def test_a_wrong_password_is_told_from_a_wrong_certificate(tls: Server, town: Authority) -> None:
    wait_for(tls, town)
    assert refused(address(tls, town.certificate), "falsch").code == "hub.login"
