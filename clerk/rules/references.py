"""Kassenzeichen: references with a check digit, by the method of the office's cash system."""

from enum import StrEnum

LONGEST = 32  # characters of a Kassenzeichen (WiNOWiG)
LONGEST_RF = 25  # ISO 11649, with RF and its check digits
_WEIGHTS = (2, 3, 4, 5, 6, 7)  # of mod 11, from the right


class ReferenceMethod(StrEnum):
    """How the check digit is made."""

    MOD11_10 = "mod11_10"  # ISO 7064 MOD 11,10 (Hamburg)
    MOD11 = "mod11"  # weights 2-7 from the right (owi21)
    LUHN = "luhn"
    RF = "rf"  # ISO 11649, creditor reference: RF and two digits in front


def make(method: str, prefix: str, running: int, width: int = 6) -> str:
    """The reference of the ``running``-th claim: prefix, number of at least ``width`` digits, check
    digit. ValueError for a prefix that the method cannot check, or a reference that gets too
    long."""
    return with_check(method, f"{prefix}{running:0{width}}")


def with_check(method: str, body: str) -> str:
    """The body with its check digit, or behind ``RF`` and two digits. ValueError where it has
    none."""
    method = ReferenceMethod(method)
    if method is ReferenceMethod.RF:
        body = body.upper()
        if not (body.isascii() and body.isalnum() and len(body) <= LONGEST_RF - 4):
            raise ValueError("an RF reference has up to 21 letters and digits")
        from stdnum.iso7064 import mod_97_10

        return f"RF{mod_97_10.calc_check_digits(body + 'RF')}{body}"
    if not (body.isascii() and body.isdigit() and len(body) < LONGEST):
        raise ValueError("a reference with a check digit has digits only, at most 32")
    if method is ReferenceMethod.MOD11_10:
        from stdnum.iso7064 import mod_11_10

        return body + mod_11_10.calc_check_digit(body)
    if method is ReferenceMethod.LUHN:
        from stdnum import luhn

        return body + luhn.calc_check_digit(body)
    return body + _mod11(body)


def check(method: str, text: str) -> bool:
    """Whether a reference, as somebody wrote it (blanks do not matter), has the right check
    digit."""
    written = "".join(text.split())
    if ReferenceMethod(method) is ReferenceMethod.RF:
        from stdnum import iso11649

        return written.isascii() and bool(iso11649.is_valid(written))
    return (
        1 < len(written) <= LONGEST
        and written.isascii()
        and written.isdigit()
        and (with_check(method, written[:-1]) == written)
    )


def _mod11(body: str) -> str:
    """11 minus the remainder; 10 becomes 0 and 11 becomes 1."""
    total = sum(
        int(digit) * _WEIGHTS[place % len(_WEIGHTS)] for place, digit in enumerate(reversed(body))
    )
    return str({10: 0, 11: 1}.get(11 - total % 11, 11 - total % 11))
