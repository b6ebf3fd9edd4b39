"""The shared database, and this computer's clock beside the server's."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from clerk.doctor.finding import Finding, fault, good, warning
from clerk.i18n import _
from clerk.refusal import in_words

if TYPE_CHECKING:
    from storage.glance import Glance
    from storage.hub.connect import Address
    from storage.hub.facts import Facts

_TOLERANCE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Reached:
    """What the server said, and by how many ms our clock is ahead of its."""

    address: "Address"
    facts: "Facts"
    ahead: int


def ask(found: "Glance", *, plain: bool, program: str) -> "Reached | Exception | None":
    """Ask the shared database of a joined store; None where the store stands alone."""
    from clerk import clock
    from storage.errors import StoreError
    from storage.schema import SCHEMA

    if not found.local.get("shared"):
        return None
    import psycopg

    from storage.hub.connect import connect, parse
    from storage.hub.connect import in_words as lost
    from storage.hub.facts import facts

    account = found.local.get("hub_account", "")
    try:
        address = parse(found.local.get("hub_url", ""), plain=plain).as_user(account)
        with connect(address, _secret(found, account)) as db:
            before = clock.now()
            said = facts(db, found.local.get("device", ""), SCHEMA, program)
            middle = (before + clock.now()) // 2
    except StoreError as error:
        return error
    except psycopg.Error as error:
        return lost(error, address.shown)
    told = 0 if isinstance(said.hello, StoreError) else middle - said.hello.now
    return Reached(address, said, told)


def _secret(found: "Glance", account: str) -> str | None:
    """The password: from the encrypted store, or from the keyring."""
    from clerk.sharing.account import Account, secret_name
    from storage.keyring import kept_secret

    if kept := found.local.get("hub_secret"):
        return kept
    return kept_secret(secret_name(Account(found.local.get("hub_url", ""), account)))


def look(answer: "Reached | Exception | None") -> Iterator[Finding]:
    """The shared database as a workstation meets it."""
    if answer is None:
        yield good(
            "database.joined", _("This workstation works alone: it has joined no shared database.")
        )
    elif isinstance(answer, Exception):
        refusal = in_words(answer)
        if refusal is None:
            raise answer
        yield fault(
            "database.reachable",
            f"{refusal.sentence} [{refusal.code}]",
            _("One can go on working; what is done waits. See “When it cannot be reached”.")
            if refusal.code in ("hub.unreachable", "hub.crowded", "hub.full", "hub.fault")
            else _("See “When it cannot be reached” in the operations manual."),
        )
    else:
        shown = answer.address.shown
        yield good("database.joined", _("Joined to {where}.").format(where=shown))
        yield good("database.reachable", _("The shared database answers."))
        yield _encryption(answer)
        yield _server(answer.facts)
        yield _revision(answer.facts)
        yield _accepts(answer.facts)


def look_at_clock(found: "Glance | Exception | None", answer: object) -> Iterator[Finding]:
    """The clock of this computer, against what it showed before and against the server's."""
    back = getattr(found, "clock_back", 0)
    if back:
        yield warning(
            "clock.back",
            _("The clock was set back by {n} seconds since the last entry.").format(n=back // 1000),
            _("Let the system keep the time (systemd-timesyncd, chrony)."),
        )
    else:
        yield good("clock.back", _("The clock was not set back lately."))
    if not isinstance(answer, Reached):
        yield good("clock.server", _("There is no server's clock to compare with."))
    elif abs(answer.ahead) > _TOLERANCE_MS:
        said = (
            _("The clock is {n} seconds ahead of the server's.")
            if answer.ahead > 0
            else _("The clock is {n} seconds behind the server's.")
        )
        yield warning(
            "clock.server",
            said.format(n=abs(answer.ahead) // 1000),
            _("No data suffer, but people read times. Let the system keep the time."),
        )
    else:
        yield good("clock.server", _("The clock agrees with the server's."))


def _encryption(answer: Reached) -> Finding:
    if answer.facts.encrypted and answer.address.is_encrypted:
        return good("database.tls", _("The connection is encrypted, the server proved who it is."))
    if answer.address.is_local:
        return good("database.tls", _("The connection does not leave this computer."))
    return warning(
        "database.tls",
        _("NOT ENCRYPTED: everybody in the network can read along.")
        if not answer.facts.encrypted
        else _("NOT PROVED: the connection is encrypted, but to whom is not known."),
        _("Give the server a certificate, then take “plain” out of the settings."),
        alarm=True,
    )


def _server(facts: "Facts") -> Finding:
    from storage.hub.facts import NEWEST_SERVER, OLDEST_SERVER

    said = _("The server is PostgreSQL {version}.").format(version=facts.server)
    if OLDEST_SERVER <= facts.major <= NEWEST_SERVER:
        return good("database.server", said)
    return warning(
        "database.server",
        said,
        _("{oldest} to {newest} are supported.").format(oldest=OLDEST_SERVER, newest=NEWEST_SERVER),
    )


def _revision(facts: "Facts") -> Finding:
    said = _("The database has revision {n}, this program brings {ours}.").format(
        n=facts.revision or "?", ours=facts.newest
    )
    if facts.revision and facts.revision < facts.newest:
        return warning("database.revision", said, _("IT runs `clerk hub migrate`."))
    if facts.revision > facts.newest:
        return good("database.revision", said, _("Update this program when there is time."))
    return good("database.revision", said)


def _accepts(facts: "Facts") -> Finding:
    if isinstance(facts.hello, Exception):
        refusal = in_words(facts.hello)
        said = f"{refusal.sentence} [{refusal.code}]" if refusal else ""
        return fault(
            "database.accepts",
            said,
            _("What is done here waits until that is put right; nothing is lost."),
        )
    return good(
        "database.accepts",
        _("It takes the schemas {oldest} to {newest}.").format(
            oldest=facts.hello.schema_min, newest=facts.hello.schema_max
        ),
    )
