"""An IMAP folder, on a real server."""

import socket
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from threading import Thread

import pytest

from clerk.intake.message import ParsedMail
from clerk.intake.pool import parsed
from clerk.intake.sources import imap
from clerk.intake.sources.open import open_source
from clerk.intake.sources.source import Raw, Source
from clerk.refusal import Refused
from tests.clerk.intake.corpora import mail
from tests.dovecot import PASSWORD, Dovecot
from tests.dovecot import dovecot as dovecot
from tests.dovecot import dovecot_server as dovecot_server


def opened(server: Dovecot, resume: Mapping[str, str] | None = None) -> Source:
    return open_source(
        server.address, secret=lambda: PASSWORD, ca_file=server.ca_file, resume=resume or {}
    )


def all_of(source: Source) -> list[Raw]:
    found = list(source.messages())
    source.close()
    return found


def refusal(action: Callable[[], object]) -> str:
    with pytest.raises(Refused) as caught:
        action()
    assert caught.value.refusal.sentence.endswith(".")
    return caught.value.refusal.code


def test_mails_come_whole_with_their_time_and_stay_unread(dovecot: Dovecot) -> None:
    raws = [mail(f"Text {n}", subject=f"Nr. {n}").replace(b"\n", b"\r\n") for n in range(3)]
    for n, raw in enumerate(raws):
        dovecot.put(f"17000000{n}.x", raw)
    source = opened(dovecot)
    assert source.count() == 3
    found = list(source.messages())
    assert sorted(raw.data or b"" for raw in found) == raws
    assert all(raw.received_at for raw in found)
    assert len({raw.external_id for raw in found}) == 3
    outcomes = [taken.outcome for taken in parsed(iter(found), 2)]
    assert {m.subject for m in outcomes if isinstance(m, ParsedMail)} == {
        "Nr. 0",
        "Nr. 1",
        "Nr. 2",
    }
    source.close()
    source.close()
    assert not any(file.name.endswith("S") for file in (dovecot.maildir / "cur").iterdir())


def test_the_next_run_takes_only_what_is_new(dovecot: Dovecot) -> None:
    dovecot.put("1.x", mail("eins"))
    source = opened(dovecot)
    first = all_of(source)
    resume = source.resume(first[-1])
    assert all_of(opened(dovecot, resume)) == []
    dovecot.put("2.x", mail("zwei"))
    again = all_of(opened(dovecot, resume))
    assert [raw.data for raw in again] == [mail("zwei").replace(b"\n", b"\r\n")]
    assert again[0].external_id != first[0].external_id


def test_after_a_new_uidvalidity_all_come_again_under_new_ids(dovecot: Dovecot) -> None:
    dovecot.put("1.x", mail("eins"))
    source = opened(dovecot)
    first = all_of(source)
    resume = source.resume(first[-1])
    dovecot.renumber()
    again = all_of(opened(dovecot, resume))
    assert [raw.data for raw in again] == [raw.data for raw in first]
    assert again[0].external_id != first[0].external_id


def test_many_mails_come_in_batches_in_order(
    dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imap, "_BATCH", 7)
    monkeypatch.setattr(imap, "_BATCH_BYTES", 900)
    monkeypatch.setattr(imap, "_UIDS_A_SEARCH", 11)
    for n in range(40):
        dovecot.put(f"{n:03}.x", mail("x" * n))
    found = all_of(opened(dovecot))
    uids = [int(raw.external_id.rpartition(".")[2]) for raw in found]
    assert uids == list(range(1, 41))
    assert sorted(len(raw.data or b"") for raw in found)[-1] - len(found[0].data or b"") < 40


def test_a_mail_over_the_limit_is_named_and_not_fetched(
    dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imap, "MAX_RAW", 500)
    monkeypatch.setattr(imap, "_BATCH_BYTES", 300)
    dovecot.put("1.x", mail("x" * 1_000))
    dovecot.put("2.x", mail("klein"))
    found = all_of(opened(dovecot))
    assert {(raw.data is None, raw.code) for raw in found} == {
        (True, "mail.too_large"),
        (False, ""),
    }


def test_a_wrong_password_is_refused(dovecot: Dovecot) -> None:
    def act() -> object:
        return open_source(dovecot.address, secret=lambda: "falsch", ca_file=dovecot.ca_file)

    assert refusal(act) == "intake.imap.login"


def test_a_certificate_that_nobody_vouches_for_is_refused_before_the_password(
    dovecot: Dovecot,
) -> None:
    def never() -> str:
        raise AssertionError("the password was asked for")

    assert refusal(lambda: open_source(dovecot.address, secret=never)) == "intake.imap.certificate"


def test_a_certificate_for_another_host_is_refused(dovecot: Dovecot) -> None:
    address = dovecot.address.replace("localhost", "127.0.0.1")
    code = refusal(lambda: open_source(address, secret=str, ca_file=dovecot.ca_file))
    assert code == "intake.imap.certificate"


def test_a_folder_that_is_not_there(dovecot: Dovecot) -> None:
    address = dovecot.address.replace("INBOX", "Fundb%C3%BCro")
    with pytest.raises(Refused, match="Fundbüro") as caught:
        open_source(address, secret=lambda: PASSWORD, ca_file=dovecot.ca_file)
    assert caught.value.refusal.code == "intake.imap.folder"


def test_a_lost_connection_is_a_refusal(dovecot: Dovecot) -> None:
    dovecot.put("1.x", mail("eins"))
    source = opened(dovecot)
    client = source._client  # type: ignore[attr-defined]  # to cut the line without the server
    client._imap.sock.shutdown(socket.SHUT_RDWR)
    assert refusal(lambda: list(source.messages())) == "intake.imap.lost"
    source.close()


def test_a_port_where_nobody_listens() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"imaps://a@localhost:{port}/INBOX"
    assert refusal(lambda: open_source(address, secret=str)) == "intake.imap.unreachable"


def test_a_service_without_tls() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            line, _peer = server.accept()
            with line:
                line.sendall(b"* OK IMAP4rev1 without encryption\r\n")
                line.recv(1_000)

        thread = Thread(target=answer)
        thread.start()
        address = f"imaps://a@localhost:{server.getsockname()[1]}/INBOX"
        assert refusal(lambda: open_source(address, secret=str)) == "intake.imap.no_tls"
        thread.join()


def test_a_file_of_authorities_that_is_none(tmp_path: Path) -> None:
    for file in (tmp_path / "missing.pem", Path(__file__)):
        act = partial(open_source, "imaps://a@localhost/x", secret=str, ca_file=file)
        assert refusal(act) == "intake.imap.ca_file"


@pytest.mark.parametrize(
    ("spec", "code"),
    [
        ("imaps://localhost/INBOX", "intake.imap.address"),
        ("imaps://a@/INBOX", "intake.imap.address"),
        ("imaps://a@localhost:port/INBOX", "intake.imap.address"),
        ("imaps://a%0d%0ab@localhost/INBOX", "intake.imap.address"),
        ("imaps://a@localhost/IN%0d%0aBOX", "intake.imap.address"),
        ("imaps://a:b@localhost/INBOX", "intake.imap.password_in_address"),
        ("imap://a@localhost/INBOX", "intake.imap.not_encrypted"),
        ("pop3://a@localhost/", "intake.unknown_kind"),
    ],
)
def test_addresses_that_are_none(spec: str, code: str) -> None:
    assert refusal(lambda: open_source(spec, secret=str)) == code


def test_without_a_password_there_is_no_connection() -> None:
    assert refusal(lambda: open_source("imaps://a@localhost/x")) == "intake.imap.no_password"


def test_an_address_in_its_parts() -> None:
    found = imap.mailbox("imaps://eingang%40amt.example@mail.amt.example:994/Fundb%C3%BCro/alt")
    assert found == imap.Mailbox("eingang@amt.example", "mail.amt.example", 994, "Fundbüro/alt")
    assert imap.mailbox("imaps://a@b.example").folder == "INBOX"
