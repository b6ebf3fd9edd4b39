"""What is in the package loads, is whole, and comes back from the replica's form unchanged."""

from datetime import date

import pytest

from clerk.library.definition import Binds, ServiceDefinition, TermKind, in_force
from clerk.library.load import SERVICES, load_offices, load_services
from clerk.library.packed import pack, unpack
from storage.terms import ServiceState

NAMED = {
    "reisepass", "personalausweis", "ausweisabholung", "anmeldung", "meldebescheinigung",
    "parkausweis", "sperrmuell", "maengelmeldung", "beschwerde", "gewerbeanmeldung", "wohngeld",
    "kita", "bewerbung", "fuehrungszeugnis", "hundesteuer",
}  # fmt: skip


@pytest.fixture(scope="module")
def services() -> tuple[ServiceDefinition, ...]:
    return load_services()


def test_every_file_is_there(services: tuple[ServiceDefinition, ...]) -> None:
    assert len(services) == len(list(SERVICES.glob("*.toml")))
    assert {service.id for service in services} == NAMED
    assert {s.id for s in in_force(services, date(2026, 11, 22))} == NAMED
    assert {s.id for s in in_force(services, date(2024, 11, 22))} == NAMED


def test_files_are_named_for_what_they_hold(services: tuple[ServiceDefinition, ...]) -> None:
    several = {s.id for s in services if sum(other.id == s.id for other in services) > 1}
    names = {f"{s.id}-{s.version}" if s.id in several else s.id for s in services}
    assert {path.stem for path in SERVICES.glob("*.toml")} == names


def test_each_has_a_target_and_cites_the_law(services: tuple[ServiceDefinition, ...]) -> None:
    for service in services:
        assert service.state is ServiceState.PUBLISHED
        kinds = {term.kind for term in service.terms if term.binds is Binds.OFFICE}
        assert TermKind.SERVICE in kinds, service.id
        for term in service.terms:
            if term.kind is TermKind.LEGAL:
                assert "§" in term.source, (service.id, term)


def test_the_fee_of_the_identity_card_rose(services: tuple[ServiceDefinition, ...]) -> None:
    def fee(day: date) -> int:
        (card,) = [s for s in in_force(services, day) if s.id == "personalausweis"]
        return card.fees[0].cents

    assert fee(date(2026, 2, 6)) == 3700
    assert fee(date(2026, 2, 7)) == 4600


def test_offices() -> None:
    offices = load_offices()
    assert [office.id for office in offices if office.intake] == ["poststelle"]
    assert {service.office for service in load_services()} <= {office.id for office in offices}
    prefixes = {office.id: office.prefix for office in offices}
    assert prefixes["ordnungsamt"] == "32.1"


def test_packed_and_unpacked_is_the_same(services: tuple[ServiceDefinition, ...]) -> None:
    for service in services:
        assert unpack(pack(service)) == service
        assert pack(unpack(pack(service))) == pack(service)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "7", '{"id": "a"}', '{"valid_from": "morgen"}', '{"valid_from": 5}']
)
def test_what_is_no_service_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"missing|format|Expecting|date"):
        unpack(text)
