"""The GiroCode: a transfer as a QR code (EPC069-12, version 3.0 of 2022)."""

from typing import TYPE_CHECKING

from clerk.i18n import _
from clerk.office_settings import Bank
from clerk.refusal import refuse

if TYPE_CHECKING:
    import segno

_MOST_BYTES = 331
_MOST = 99_999_999_999  # cents
_NAME, _STRUCTURED, _TEXT = 70, 35, 140


def refuse_no_account(bank: Bank) -> None:
    """Refused ``letter.no_bank`` where the office has no account."""
    if not (bank.iban and bank.holder):
        raise refuse(
            "letter.no_bank",
            _("The office has no bank account yet. `clerk offices settings` sets it."),
        )


def payload(bank: Bank, amount: int, reference: str) -> str:
    """What the code says: a credit transfer of ``amount`` cents to the office's account.

    A reference after ISO 11649 (RF) stands where banks look for one; any other is the text of the
    transfer. Nothing stands behind the last line that is used. Refused ``letter.no_bank`` without
    an account, ``letter.amount`` and ``letter.reference`` for what no transfer can be.
    """
    from stdnum import iso11649

    refuse_no_account(bank)
    if not 1 <= amount <= _MOST:
        raise refuse("letter.amount", _("The letter asks for an amount that nobody can pay."))
    structured = iso11649.is_valid(reference)
    if (
        not reference.strip()
        or "\n" in reference
        or len(reference) > (_STRUCTURED if structured else _TEXT)
    ):
        raise refuse("letter.reference", _("The letter has no usable payment reference."))
    lines = [
        "BCD", "002", "1", "SCT", bank.bic, bank.holder[:_NAME], bank.iban,
        f"EUR{amount // 100}.{amount % 100:02}", "",
        *([reference] if structured else ["", reference]),
    ]  # fmt: skip
    said = "\n".join(lines)
    if len(said.encode()) > _MOST_BYTES:
        raise refuse("letter.reference", _("The letter has no usable payment reference."))
    return said


def code_of(said: str) -> "segno.QRCode":
    """The code: level M, version 13 at most. Its mask is not the best of eight but always the same:
    readers take each, and choosing takes four times as long."""
    import segno

    code = segno.make_qr(said.encode(), error="m", mask=4, boost_error=False, mode="byte")
    if not isinstance(code.version, int) or code.version > 13:
        raise ValueError(f"a GiroCode of version {code.version}")
    return code


def svg(said: str) -> str:
    """The code as a picture, with its quiet zone."""
    return code_of(said).svg_inline(omitsize=True, border=4)
