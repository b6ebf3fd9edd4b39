"""``clerk doctor`` of a joined workstation against a real server."""

import pytest

from clerk.session import Session
from tests.commands import Commands
from tests.hub.conftest import Hub


def join(session: Session, hub: Hub, login: str, *, in_keyring: bool = False) -> None:
    """What joining leaves in a store, without its sync."""
    address = hub.address
    for name, value in {
        "shared": "1",
        "hub_url": f"postgresql://{address.host}:{address.port}/{address.database}",
        "hub_account": f"{address.database}_{login}",
        "hub_secret": "" if in_keyring else f"geheim-{login}",
    }.items():
        session.store.set_local(name, value)
    session.store.close()


def test_the_server_is_asked(session: Session, clerk: Commands, hub: Hub) -> None:
    hub.clerk("meier", buergeramt="officer")
    join(session, hub, "meier")
    answer = clerk("doctor", "--json")
    checks = {str(one["check"]): one for one in answer.rows("checks")}
    assert (answer.code, answer.err) == (0, "")
    assert "does not leave this computer" in str(checks["database.tls"]["sentence"])
    assert "agrees" in str(checks["clock.server"]["sentence"])
    assert "revision 0001" in str(checks["database.revision"]["sentence"])
    assert {one["level"] for name, one in checks.items() if name.startswith("database.")} == {"ok"}
    assert "meier" not in answer.out.lower()


def test_a_server_clock_elsewhere_is_told_by_minutes(
    session: Session, clerk: Commands, hub: Hub
) -> None:
    hub.clerk("meier", buergeramt="officer")
    hub.owner.execute(
        "CREATE OR REPLACE FUNCTION clerk.now_ms() RETURNS bigint LANGUAGE sql VOLATILE AS"
        " 'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint + 3600000'"
    )
    join(session, hub, "meier")
    answer = clerk("doctor")
    assert answer.code == 0
    assert "seconds behind the server's" in answer.out


def test_a_refused_login_and_an_old_program_are_faults(
    session: Session, clerk: Commands, hub: Hub
) -> None:
    hub.clerk("meier", buergeramt="officer")
    hub.owner.execute("UPDATE clerk.hub SET schema_min = 900, schema_max = 900")
    join(session, hub, "meier")
    old = clerk("doctor", "--json")
    assert (old.code, "[hub.client_old]" in old.out) == (1, True)
    hub.owner.execute(f"ALTER ROLE {hub.address.database}_meier PASSWORD 'anders'".encode())
    wrong = clerk("doctor", "--json")
    assert (wrong.code, "[hub.login]" in wrong.out) == (1, True)


def test_the_password_may_lie_in_the_keyring(
    session: Session, clerk: Commands, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.clerk("meier", buergeramt="officer")
    role = f"{hub.address.database}_meier"
    where = f"{hub.address.host}:{hub.address.port}/{hub.address.database}"
    kept = {f"{role}@{where}": "geheim-meier"}
    monkeypatch.setattr("storage.keyring.read_secret", kept.get)
    join(session, hub, "meier", in_keyring=True)
    answer = clerk("doctor", "--json")
    assert (answer.code, answer.err) == (0, "")
