"""Who wrote, as far as a sender and a signature say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clerk.rules.contact import Contact, contact, postal_address, split_name


@pytest.mark.parametrize(
    ("name", "given_name", "family_name"),
    [
        ("Erika Beispiel", "Erika", "Beispiel"),
        ("Beispiel, Erika", "Erika", "Beispiel"),
        ("Prof. Dr. Hans-Jörg Müller", "Hans-Jörg", "Müller"),
        ("Frau Aylin Yılmaz", "Aylin", "Yılmaz"),
        ("Katrin von der Aue", "Katrin", "von der Aue"),
        ("Lea zu Rantzow", "Lea", "zu Rantzow"),
        ("von Stein", "", "von Stein"),
        ("Nguyễn Thị Hoa", "Nguyễn Thị", "Hoa"),
        ("Bäckerei Groß GmbH", "", "Bäckerei Groß GmbH"),
        ("Turnverein Birkenmünde e.V.", "", "Turnverein Birkenmünde e.V."),
        ('"Meier, Anna"', "Anna", "Meier"),
        ("Cher", "", "Cher"),
        ("Sabine Groß (privat)", "Sabine", "Groß"),
        ("  ", "", ""),
        ("Dr.", "", "Dr."),
    ],
)
def test_names(name: str, given_name: str, family_name: str) -> None:
    assert split_name(name) == (given_name, family_name)


def test_a_mail_without_a_name_is_read_from_its_address() -> None:
    assert contact("", "erika.beispiel@example.org") == Contact(
        "Beispiel", "Erika", email="erika.beispiel@example.org"
    )
    assert contact("", "info@example.org") == Contact(email="info@example.org")
    assert contact("max.muster@example.org", "max.muster@example.org").family_name == "Muster"


def test_a_number_is_a_telephone() -> None:
    assert contact("Björn Maier", "030 23125052").phone == "030 23125052"
    assert contact("Björn Maier", "persönlich") == Contact("Maier", "Björn")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Gruß\nA. B.\nNeue Gasse 12\n00814 Ortdorf\n", ("Neue Gasse 12", "00814", "Ortdorf")),
        ("Am Markt 3a, 12345 Bad Saarow", ("Am Markt 3a", "12345", "Bad Saarow")),
        ("Weg 1\n11111 Alt\n\nMit Gruß\nWeg 2\nD-22222 Neu", ("Weg 2", "22222", "Neu")),
        ("> Weg 1\n> 11111 Alt", ("", "", "")),
        ("Az. 12345 vom Montag", ("", "", "")),
        ("Kundennummer\n12345 ist falsch", ("", "", "")),
        ("12345 Ort", ("", "", "")),
        ("", ("", "", "")),
    ],
)  # fmt: skip
def test_postal_addresses(text: str, found: tuple[str, str, str]) -> None:
    assert postal_address(text) == found


@given(st.text(max_size=300), st.text(max_size=60), st.text(max_size=400))
def test_whatever_stands_there_is_read(name: str, address: str, text: str) -> None:
    found = contact(name, address, text)
    assert len(found.family_name) <= 100
    assert not found.postcode or found.street
