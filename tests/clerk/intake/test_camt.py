"""camt.053: both shapes, many payments in one booking, identities, and what is no statement."""

import io
import zipfile
from pathlib import Path

import pytest

from clerk.intake.bank import camt, files
from clerk.intake.bank.entry import BadEntry, BankEntry, Passed
from clerk.refusal import Refused
from tests.statements import IBAN, Line
from tests.statements import camt as statement


def read(data: bytes) -> list[camt.Found]:
    return list(camt.read(io.BytesIO(data), "auszug.xml"))


def refused(data: bytes) -> str:
    with pytest.raises(Refused) as raised:
        read(data)
    return raised.value.refusal.code


@pytest.mark.parametrize("version", ["02", "08"])
def test_an_entry_says_who_paid_what(version: str) -> None:
    (one,) = read(statement(Line(text="Kassenzeichen 0123456789 6", own="B1"), version=version))
    assert one == BankEntry(
        key=f"{IBAN}:B1",
        line=3,
        booked_on="2026-07-20",
        amount=8850,
        credit=True,
        reversal=False,
        currency="EUR",
        iban=IBAN,
        payer="Erika Beispiel",
        payer_iban="DE75512108001245126199",
        purpose="Kassenzeichen 0123456789 6",
    )


def test_lines_of_the_purpose_are_joined() -> None:
    (one,) = read(statement(Line(text="A" * 27 + "B" * 10)))
    assert isinstance(one, BankEntry)
    assert one.purpose == f"{'A' * 27} {'B' * 10}"


def test_one_booking_of_many_payments() -> None:
    lines = (Line("10.00", "eins", own="X"), Line("20.50", "zwei", own="Y"))
    found = read(statement(lines))
    assert [(one.amount, one.purpose) for one in found if isinstance(one, BankEntry)] == [
        (1000, "eins"),
        (2050, "zwei"),
    ]
    assert len({one.key for one in found if isinstance(one, BankEntry)}) == 2


def test_without_a_reference_of_the_bank_equal_payments_stay_two_and_are_known_again() -> None:
    twice = statement(Line(text="gleich"), Line(text="gleich"), Line(text="anders"))
    keys = [one.key for one in read(twice) if isinstance(one, BankEntry)]
    assert len(set(keys)) == 3
    assert [one.key for one in read(twice) if isinstance(one, BankEntry)] == keys
    # The same movement in the other shape of statement is the same movement.
    old = statement(Line(text="gleich"), version="02")
    assert [one.key for one in read(old) if isinstance(one, BankEntry)] == keys[:1]


def test_what_is_not_booked_is_passed() -> None:
    assert read(statement(Line(status="PDNG"), Line(status="INFO"))) == [Passed(3), Passed(4)]


def test_a_reversal_and_a_debit() -> None:
    back, out = read(statement(Line(sign="DBIT", reversal=True), Line(sign="DBIT")))
    assert isinstance(back, BankEntry)
    assert isinstance(out, BankEntry)
    assert (back.credit, back.reversal, back.payer) == (False, True, "Erika Beispiel")
    assert (out.credit, out.reversal, out.payer) == (False, False, "Erika Beispiel")


@pytest.mark.parametrize(
    "line",
    [
        Line(amount="0.00"),
        Line(amount="-5.00"),
        Line(amount="1.005"),
        Line(amount="viel"),
        Line(amount="NaN"),
        Line(amount="1e30"),
        Line(day="20.07.2026"),
        Line(sign="BOTH"),
    ],
)
def test_a_wrong_entry_is_named_and_the_others_are_read(line: Line) -> None:
    bad, good = read(statement(line, Line()))
    assert isinstance(bad, BadEntry)
    assert bad.line == 3
    assert bad.reason
    assert isinstance(good, BankEntry)


def test_a_bomb_is_not_read() -> None:
    data = statement(Line(text="X"))
    head, body = data.split(b"\n", 1)
    bomb = b'<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>\n'
    assert refused(head + b"\n" + bomb + body.replace(b"X", b"&b;")) == "bank.entities"


def test_nothing_outside_the_file_is_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("geheim")
    data = statement(Line(text="X"))
    head, body = data.split(b"\n", 1)
    door = f'<!DOCTYPE d [<!ENTITY s SYSTEM "{secret.as_uri()}">]>\n'.encode()
    assert refused(head + b"\n" + door + body.replace(b"X", b"&s;")) == "bank.entities"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"Kontoauszug",
        b"<html/>",
        statement(Line()).replace(b"camt.053", b"camt.052"),
        statement(Line()).replace(b"Document", b"Dokument"),
    ],
)
def test_what_is_no_statement(data: bytes) -> None:
    assert refused(data) == "bank.format"


def test_what_stands_before_a_break_is_read() -> None:
    data = statement(Line(text="eins"), Line(text="zwei"))
    entries = camt.read(io.BytesIO(data[: data.index(b"zwei")]), "auszug.xml")
    assert isinstance(next(entries), BankEntry)
    with pytest.raises(Refused) as raised:
        next(entries)
    assert raised.value.refusal.code == "bank.broken"


def test_a_zip_of_several(tmp_path: Path) -> None:
    path = tmp_path / "auszug.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../a.xml", statement(Line(own="1")))
        archive.writestr("b.XML", statement(Line(own="2")))
        archive.writestr("liesmich.txt", "nichts")
    found = [one for name, data in files.statements(path) for one in camt.read(data, name)]
    assert len(found) == 2
    assert list(tmp_path.iterdir()) == [path]


def test_a_zip_that_unpacks_to_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "bombe.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.xml", b" " * 200_000)
    monkeypatch.setattr(files, "MOST_BYTES", 100_000)
    with pytest.raises(Refused) as raised:
        list(files.statements(path))
    assert raised.value.refusal.code == "bank.archive"


def test_a_damaged_zip(tmp_path: Path) -> None:
    path = tmp_path / "auszug.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.xml", statement(*[Line(own=str(n)) for n in range(200)]))
    data = bytearray(path.read_bytes())
    data[300:400] = bytes(100)
    path.write_bytes(bytes(data))
    with pytest.raises(Refused) as raised:
        [list(camt.read(file, name)) for name, file in files.statements(path)]
    assert raised.value.refusal.code in ("bank.archive", "bank.format", "bank.broken")
