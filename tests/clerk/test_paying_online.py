"""Paying online: begun, asked about, booked once; what fails leaves the claim open and says so."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from clerk import clock
from clerk.desks.payments import take_at_counter
from clerk.outreach import xbezahldienste
from clerk.outreach.paying_online import ask, ask_all, begin
from clerk.outreach.xbezahldienste import Provider, purpose
from clerk.refusal import Refused
from clerk.session import Session
from storage.pages import payments
from storage.records import Case, OnlinePayment
from storage.terms import FineState, OnlineState, PaymentKind
from storage.verify import verify
from tests.clerk.desks.fining import Desk, catalogue
from tests.clerk.provider import SECRET, Double, provider
from tests.hub.authority import authority

BACK = "https://stadt.example/danke"


@pytest.fixture
def fining(session: Session, monkeypatch: pytest.MonkeyPatch) -> Desk:
    catalogue(session)
    return Desk(session, monkeypatch)


@pytest.fixture
def double(tmp_path: Path) -> Iterator[Double]:
    with provider(tmp_path) as running:
        yield running


@pytest.fixture
def office(double: Double) -> Provider:
    return Provider(double.settings(), SECRET, double.trusted)


def warned(fining: Desk) -> Case:
    case = fining.new()
    fining.act(case, "offer_warning")
    return case


def started(fining: Desk, case: Case, office: Provider) -> OnlinePayment:
    return begin(fining.store, fining.session.actor, case.id, office, BACK)


def owed(fining: Desk, case: Case) -> int:
    return sum(one.amount - one.paid for one in payments.claims(fining.store.db, case.id))


def test_paid_online_it_is_booked_once(fining: Desk, double: Double, office: Provider) -> None:
    case = warned(fining)
    one = started(fining, case, office)
    assert one.state == OnlineState.WAITING
    assert one.redirect == f"{double.url}/pay/T-1"
    (order,) = double.orders.values()
    assert (order["grosAmount"], order["currency"], order["redirectUrl"]) == (35.0, "EUR", BACK)
    assert ask(fining.store, fining.session.actor, one, office).state == OnlineState.WAITING
    assert owed(fining, case) == 3500
    double.states["T-1"] = "PAYED"
    (paid,) = ask_all(fining.store, fining.session.actor, lambda _office: office)
    assert (paid[0].state, paid[1]) == (OnlineState.PAID, "")
    assert owed(fining, case) == 0
    assert fining.fine(case).state == FineState.WARNING_EFFECTIVE
    assert ask_all(fining.store, fining.session.actor, lambda _office: office) == []
    assert len(payments.of_case(fining.store.db, case.id)) == 1
    assert verify(fining.store.db).difference is None


@pytest.mark.parametrize("state", ["FAILED", "CANCELED"])
def test_what_is_not_paid_leaves_the_claim_open(
    fining: Desk, double: Double, office: Provider, state: str
) -> None:
    case = warned(fining)
    one = started(fining, case, office)
    double.states["T-1"] = state
    assert ask(fining.store, fining.session.actor, one, office).state == state.lower()
    assert owed(fining, case) == 3500
    again = started(fining, case, office)  # another try is another transaction
    assert again.provider_id == "T-2"


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        (500, "online.unreachable"),
        (503, "online.unreachable"),
        (404, "online.refused"),
        (302, "online.refused"),
        ("", "online.answer"),
        ("[]", "online.answer"),
        ("<html>", "online.answer"),
        (
            '{"paymentInformation": {"transactionId": "T-1", "status": "NEU"}}',
            "online.answer",
        ),
        ('{"paymentInformation": {"transactionId": 1, "status": "PAYED"}}', "online.answer"),
    ],
)
def test_a_failure_is_said_and_can_be_tried_again(
    fining: Desk, double: Double, office: Provider, broken: int | str, code: str
) -> None:
    case = warned(fining)
    double.broken = broken
    with pytest.raises(Refused) as raised:
        started(fining, case, office)
    assert raised.value.refusal.code == code
    (kept,) = payments.online(fining.store.db, case.id)
    assert (kept.state, kept.reason) == (OnlineState.INITIAL, code)
    assert owed(fining, case) == 3500
    double.broken = None
    assert started(fining, case, office).state == OnlineState.WAITING
    assert len(payments.online(fining.store.db, case.id)) == 1  # under the same id
    assert len(double.orders) == 1


def test_an_answer_about_another_transaction_is_not_believed(
    fining: Desk, double: Double, office: Provider
) -> None:
    case = warned(fining)
    one = started(fining, case, office)
    double.broken = '{"paymentInformation": {"transactionId": "T-9", "status": "PAYED"}}'
    with pytest.raises(Refused) as raised:
        ask(fining.store, fining.session.actor, one, office)
    assert raised.value.refusal.code == "online.answer"
    assert owed(fining, case) == 3500


def test_a_provider_that_says_nothing(
    fining: Desk, double: Double, office: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = warned(fining)
    monkeypatch.setattr(xbezahldienste, "_SECONDS", 0.2)
    double.silent = threading.Event()
    with pytest.raises(Refused) as raised:
        started(fining, case, office)
    assert raised.value.refusal.code == "online.unreachable"
    assert owed(fining, case) == 3500


def test_nobody_listens(fining: Desk, tmp_path: Path) -> None:
    with provider(tmp_path) as double:
        pass
    case = warned(fining)
    with pytest.raises(Refused) as raised:
        started(fining, case, Provider(double.settings(), SECRET, double.trusted))
    assert raised.value.refusal.code == "online.unreachable"


def test_a_wrong_secret(fining: Desk, double: Double) -> None:
    with pytest.raises(Refused) as raised:
        started(fining, warned(fining), Provider(double.settings(), "falsch", double.trusted))
    assert raised.value.refusal.code == "online.login"


def test_a_server_that_nobody_vouches_for(fining: Desk, double: Double) -> None:
    with pytest.raises(Refused) as raised:
        started(fining, warned(fining), Provider(double.settings(), SECRET))
    assert raised.value.refusal.code == "online.unreachable"
    assert double.posts == 0


def test_nothing_is_asked_twice_while_the_payer_is_at_it(
    fining: Desk, double: Double, office: Provider
) -> None:
    case = warned(fining)
    first = started(fining, case, office)
    assert started(fining, case, office).id == first.id
    assert double.posts == 1


def test_paid_online_and_by_transfer_waits_to_be_clarified(
    fining: Desk, double: Double, office: Provider
) -> None:
    case = warned(fining)
    one = started(fining, case, office)
    take_at_counter(
        fining.store, fining.session.actor, case.id, amount=3500, kind=PaymentKind.CASH,
        on=clock.today(),
    )  # fmt: skip
    double.states["T-1"] = "PAYED"
    ask(fining.store, fining.session.actor, one, office)
    rows = payments.of_case(fining.store.db, case.id)
    assert sorted(row.reason for row in rows) == ["", "nothing_owed"]


def test_an_office_that_is_not_set_up(double: Double) -> None:
    with pytest.raises(Refused) as raised:
        Provider(double.settings(end_point=""), SECRET)
    assert raised.value.refusal.code == "online.not_set_up"


def test_a_client_certificate(fining: Desk, tmp_path: Path) -> None:
    clients = authority(tmp_path / "clients", "Kundinnen")
    certificate, key = clients.sign(tmp_path / "own", "stadt")
    both = tmp_path / "both.pem"
    both.write_bytes(certificate.read_bytes() + key.read_bytes())
    with provider(tmp_path, clients=clients) as double:
        case = warned(fining)
        with pytest.raises(Refused) as raised:
            started(fining, case, Provider(double.settings(), SECRET, double.trusted))
        assert raised.value.refusal.code == "online.unreachable"
        known = Provider(double.settings(certificate=str(both)), SECRET, double.trusted)
        assert started(fining, case, known).state == OnlineState.WAITING
    with pytest.raises(Refused) as raised:
        Provider(double.settings(certificate=str(tmp_path / "fehlt.pem")), SECRET)
    assert raised.value.refusal.code == "online.certificate"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("975012123456", "975012123456"),
        ("Bußgeld Straße 1 über zwanzig Zeichen", "Bußgeld Straße 1 über zwanz"),
        ("a/b\x1b[31m;c", "a b 31m c"),
    ],
)
def test_a_purpose_holds_what_it_may(text: str, kept: str) -> None:
    assert purpose(text) == kept
