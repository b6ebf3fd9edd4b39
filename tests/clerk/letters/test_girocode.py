"""The GiroCode after EPC069-12: what it says, and that it can be read."""

import pytest
import segno
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from clerk.letters.girocode import code_of, payload
from clerk.office_settings import Bank
from clerk.refusal import Refused

BANK = Bank(holder="Stadtkasse Musterstadt", iban="DE02120300000000202051")


def test_the_example_of_the_guideline() -> None:
    assert payload(BANK, 8850, "RF462026000123") == (
        "BCD\n002\n1\nSCT\n\nStadtkasse Musterstadt\nDE02120300000000202051\nEUR88.50\n\n"
        "RF462026000123"
    )


def test_a_reference_that_is_no_rf_is_the_text() -> None:
    lines = payload(BANK, 1, "9750121234565").split("\n")
    assert lines[7:] == ["EUR0.01", "", "", "9750121234565"]


def read(said: str) -> str:
    code = code_of(said)
    assert code.error == "M"
    assert isinstance(code.version, int)
    assert code.version <= 13
    rows = [[0 if dark else 255 for dark in row] for row in code.matrix_iter(scale=4, border=4)]
    picture = Image.new("L", (len(rows[0]), len(rows)))
    picture.putdata([pixel for row in rows for pixel in row])
    (found,) = zxingcpp.read_barcodes(picture)
    assert found.ec_level == "M"
    return found.text


@given(
    holder=st.text("ABCDEFabcdef äöüßÄÖÜéłŽ&-.,", min_size=1, max_size=70).filter(str.strip),
    amount=st.integers(1, 99_999_999_999),
    reference=st.text("0123456789", min_size=1, max_size=32),
    bic=st.sampled_from(["", "BYLADEM1001", "COBADEFF"]),
)
def test_every_code_can_be_read_as_it_was_meant(
    holder: str, amount: int, reference: str, bic: str
) -> None:
    said = payload(Bank(holder=holder, iban=BANK.iban, bic=bic), amount, reference)
    assert read(said) == said
    assert said.split("\n")[7] == f"EUR{amount // 100}.{amount % 100:02}"


@pytest.mark.parametrize(
    ("bank", "amount", "reference", "code"),
    [
        (Bank(), 100, "1", "letter.no_bank"),
        (Bank(holder="x"), 100, "1", "letter.no_bank"),
        (Bank(iban=BANK.iban), 100, "1", "letter.no_bank"),
        (BANK, 0, "1", "letter.amount"),
        (BANK, -5, "1", "letter.amount"),
        (BANK, 100_000_000_000, "1", "letter.amount"),
        (BANK, 100, "", "letter.reference"),
        (BANK, 100, " ", "letter.reference"),
        (BANK, 100, "1\n2", "letter.reference"),
        (BANK, 100, "1" * 141, "letter.reference"),
        (Bank(holder="ä" * 70, iban=BANK.iban), 100, "ß" * 140, "letter.reference"),
    ],
)
def test_what_no_transfer_can_be_is_refused(
    bank: Bank, amount: int, reference: str, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        payload(bank, amount, reference)
    assert refused.value.refusal.code == code


def test_what_it_says_is_the_library_s_own_reading() -> None:
    """segno's maker of the same code agrees, but for the noughts behind the comma."""
    from segno import helpers

    reference = "RF462026000123"
    other = helpers.make_epc_qr(BANK.holder, BANK.iban, 88.51, reference=reference, encoding=1)
    assert isinstance(other, segno.QRCode)
    assert other.version == code_of(payload(BANK, 8851, reference)).version
