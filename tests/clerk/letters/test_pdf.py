"""Letters as PDF: what PDF/A-2a and PDF/UA-1 ask of the file, where things stand after DIN 5008.

No validator (veraPDF) runs here: typst refuses what it cannot write by these standards, and what
they ask of every file is looked at in the result.
"""

from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from itertools import pairwise

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clerk.letters import render
from clerk.letters.details import Address, Part, Plain
from clerk.letters.frame import Signature
from clerk.letters.templates import TEMPLATES
from clerk.refusal import Refused
from tests import support
from tests.clerk.letters.examples import ACCUSED, ACT, EXAMPLES, frame
from tests.clerk.letters.reading_pdf import (
    codes_of,
    contents_of,
    painted_of,
    place_of,
    tags_of,
    words_of,
)

SIGNED = frame(Signature("Lena Leitung"))


def made(name: str, **changes: object) -> bytes:
    return render.pdf(TEMPLATES[name], replace(EXAMPLES[name], **changes), SIGNED)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def notice() -> bytes:
    return made("notice")


@pytest.mark.parametrize("name", TEMPLATES)
def test_it_says_by_which_standards_it_is_made(name: str) -> None:
    with pikepdf.open(BytesIO(made(name))) as pdf:
        meta = pdf.open_metadata()
        assert meta.pdfa_status == "2A"
        assert meta["pdfuaid:part"] == "1"
        assert meta["dc:title"]
        assert meta["dc:language"] == "{'de-DE'}" or "de" in str(meta["dc:language"])
        root = pdf.Root
        assert str(root.Lang).startswith("de")
        assert bool(root.MarkInfo.Marked)
        assert bool(root.ViewerPreferences.DisplayDocTitle)
        assert [str(one.S) for one in root.OutputIntents] == ["/GTS_PDFA1"]
        assert not {"/OpenAction", "/AA", "/AcroForm"} & set(root.keys())
        assert "/JavaScript" not in root.get("/Names", {})
        assert not pdf.is_encrypted


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_font_is_embedded_and_its_text_can_be_read_out(name: str) -> None:
    with pikepdf.open(BytesIO(made(name))) as pdf:
        fonts = [one for page in pdf.pages for _name, one in page.Resources.Font.items()]
        assert fonts
        for font in fonts:
            assert "/ToUnicode" in font
            below = font.DescendantFonts[0].FontDescriptor
            assert {"/FontFile3", "/FontFile2"} & set(below.keys())


@pytest.mark.parametrize("name", TEMPLATES)
def test_it_is_tagged_from_its_heading_on(name: str) -> None:
    tags = tags_of(made(name))
    assert tags.count("/H1") == 1
    levels = [int(tag[2:]) for tag in tags if tag[:2] == "/H" and tag[2:].isdigit()]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    if "/Table" in tags:
        assert "/TH" in tags


@pytest.mark.parametrize("name", TEMPLATES)
def test_whatever_is_painted_belongs_to_the_structure_or_is_no_content(name: str) -> None:
    """PDF/UA-1, 7.1: real content is tagged, all else an artifact; each tag's content is there, and
    a reader goes through a page in the order of the structure."""
    with pikepdf.open(BytesIO(made(name))) as pdf:
        tree = pdf.Root.StructTreeRoot
        assert "/ParentTree" in tree
        owned = 0
        for page in pdf.pages:
            assert str(page.get("/Tabs")) == "/S"
            found = painted_of(page)
            assert found.painted
            assert found.loose == []
            owned += len(found.ids)
            assert len(found.ids) == len(set(found.ids))
        assert owned == len(contents_of(tree))


def test_each_picture_has_words(notice: bytes) -> None:
    with pikepdf.open(BytesIO(notice)) as pdf:
        figures = [
            one for one in pdf.objects
            if isinstance(one, pikepdf.Dictionary) and one.get("/S") == "/Figure"
        ]  # fmt: skip
        assert [str(one.Alt) for one in figures] == [
            "GiroCode für die Banking-App: 528,50 € an Stadtkasse Musterstadt, Kassenzeichen"
            " 9750121234565"
        ]


def test_the_address_stands_in_the_window_and_the_rest_beside_it(notice: bytes) -> None:
    """DIN 5008, form B: window 20 to 105 mm, 45 to 90 mm; information from 125 mm, 50 mm on."""
    left, top = place_of(notice, "Lindenweg 7")
    assert 20 <= left <= 30
    assert 62 <= top <= 90
    assert place_of(notice, "Stadt Musterstadt, Rathausplatz 1")[1] < top
    left, top = place_of(notice, "Unser Zeichen")
    assert 124 <= left <= 127
    assert 49 <= top <= 56
    assert 96 <= place_of(notice, "Bußgeldbescheid")[1] <= 108


def test_every_page_has_its_number(notice: bytes) -> None:
    words = words_of(notice)
    assert "Seite 1 von 2" in words
    assert "Seite 2 von 2" in words


def test_the_code_on_paper_is_the_transfer(notice: bytes) -> None:
    assert codes_of(notice) == [
        "BCD\n002\n1\nSCT\nBYLADEM1001\nStadtkasse Musterstadt\nDE02120300000000202051\n"
        "EUR528.50\n\n\n9750121234565"
    ]


def test_a_draft_says_so_on_every_page_and_a_letter_does_not(notice: bytes) -> None:
    draft = render.pdf(TEMPLATES["notice"], EXAMPLES["notice"], frame(draft=True))
    assert words_of(draft).count("ENTWURF") == 2
    assert "noch nicht gezeichnet" in words_of(draft)
    assert "ENTWURF" not in words_of(notice)


def test_who_signs_for_somebody_is_named_with_both_names() -> None:
    pdf = render.pdf(
        TEMPLATES["closing"],
        EXAMPLES["closing"],
        frame(Signature("Lena Leitung"), Signature("Max Muster", on_behalf="Paula Abwesend")),
    )
    words = words_of(pdf)
    assert "Im Auftrag" in words
    assert "Lena Leitung" in words
    assert "In Vertretung für Paula Abwesend" in words
    assert "i. V. Max Muster" in words


def test_the_same_letter_is_the_same_file() -> None:
    assert made("notice") == made("notice")
    assert made("notice") != made("notice", fine=60_000)


@pytest.mark.parametrize(
    "name",
    [
        "#strong[x] *fett* _kursiv_ `roh` $x$ @ref <label> // weg /* weg */ \\ #panic() [x] ~",
        '#read("/etc/passwd") #image("base.typ") #import "base.typ": * #sys.inputs',
        "= Titel", "- Liste", "+ eins", "/ Begriff: x", "https://example.org",
        "#" * 50, '"Zitat" \'klein\' -- --- ...', "#set page(width: 1pt)", "#include \"base.typ\"",
    ],
)  # fmt: skip
def test_a_name_is_only_a_name(name: str) -> None:
    """Nothing in it is Typst: what stands in the details stands on paper, sign by sign."""
    details = Plain(to=Address(name=name), number="1", subject=name, text=name)
    pdf = render.pdf(TEMPLATES["plain"], details, SIGNED)
    wanted = "".join(name.split())
    assert "".join(words_of(pdf).split()).count(wanted) >= 3
    accused = replace(ACCUSED, family_name=name)
    assert wanted in "".join(words_of(made("notice", accused=accused)).split())


def test_commands_for_a_terminal_or_a_reader_are_made_visible() -> None:
    pdf = made("plain", subject=support.HOSTILE, text=f"{support.HOSTILE}\n{support.HOSTILE}")
    words = words_of(pdf)
    assert "rot" in words
    for hidden in "\x1b\u202e\x9b\x07\x00\u200b":
        assert hidden not in words


@pytest.mark.parametrize(
    "name", ["Łukasz Żółć", "Ñandú Ÿvöñ", "Søren Åbø", "Đặng Thị Ánh", "Şükrü Ğül", "Čeněk Říha",
             "Ὀδυσσεύς", "Жанна", "Ștefan Țară", "D̦aina", "Ḩasan Ẓāhir"],
)  # fmt: skip
def test_names_of_europe_can_be_printed(name: str) -> None:
    """Letters of DIN 91379, which offices have to be able to print."""
    assert words_of(made("plain", to=Address(name=name)))


def test_a_sign_that_cannot_be_printed_is_named() -> None:
    with pytest.raises(Refused) as refused:
        made("plain", to=Address(name="李小龍"))
    assert refused.value.refusal.code == "letter.sign_missing"
    assert "李" in refused.value.refusal.sentence


def test_without_an_account_nothing_asks_for_money() -> None:
    bare = frame(Signature("x"))
    bare = replace(bare, settings=replace(bare.settings, bank=type(bare.settings.bank)()))
    for name in ("warning", "notice", "reminder", "instalments", "enforcement"):
        with pytest.raises(Refused) as refused:
            render.pdf(TEMPLATES[name], EXAMPLES[name], bare)
        assert refused.value.refusal.code == "letter.no_bank", name
    assert render.pdf(TEMPLATES["closing"], EXAMPLES["closing"], bare)
    assert render.pdf(TEMPLATES["notice"], EXAMPLES["notice"], replace(bare, draft=True))


@pytest.mark.parametrize("parts", [1, 29, 30, 31, 32, 60])
def test_a_long_plan_goes_on_on_the_next_page(parts: int) -> None:
    days = [date(2026, 1, 1) + timedelta(30 * n) for n in range(parts)]
    words = words_of(made("instalments", plan=tuple(Part(due_on=d, amount=500) for d in days)))
    assert f"{parts}. {days[-1]:%d.%m.%Y} 5,00 €" in words


@pytest.mark.parametrize("charges", range(1, 12))
def test_a_notice_may_break_anywhere(charges: int) -> None:
    many = replace(ACT, charges=ACT.charges[:1] * charges)
    words = words_of(made("notice", act=many))
    assert words.count("Sie haben Ihren Hund") == charges
    assert "Gesamtbetrag 528,50 €" in words


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=200))
def test_whatever_stands_in_a_letter_it_is_printed_or_refused_by_name(text: str) -> None:
    said = ""
    try:
        pdf = made("plain", subject=text, text=text, to=Address(name=text, city=text))
        said = tags_of(pdf)[0]
    except Refused as refused:
        said = refused.refusal.code
    assert said in ("/Document", "letter.sign_missing")
