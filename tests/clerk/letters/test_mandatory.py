"""A notice that lacks what the law demands is not printed, and what is missing is named."""

from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from clerk import i18n
from clerk.letters import render
from clerk.letters.details import Address, Charge, Details, Notice, WarningOffer
from clerk.letters.frame import Frame, Signature
from clerk.letters.mandatory import MANDATORY
from clerk.letters.templates import TEMPLATES
from clerk.office_settings import Letterhead
from clerk.refusal import Refused
from tests.clerk.letters.examples import ACCUSED, ACT, EXAMPLES, frame

FRAME = frame(Signature("Lena Leitung"))
NOTICE = cast("Notice", EXAMPLES["notice"])
WARNING = cast("WarningOffer", EXAMPLES["warning"])


def refused(name: str, details: Details, around: Frame = FRAME) -> str:
    """The sentence with which it is not printed."""
    with pytest.raises(Refused) as caught:
        render.pdf(TEMPLATES[name], details, around)
    assert caught.value.refusal.code == "letter.incomplete"
    return caught.value.refusal.sentence


BLANK = " "
LACKING: dict[str, Notice] = {
    "accused": replace(NOTICE, accused=replace(ACCUSED, family_name=BLANK)),
    "accused, street": replace(NOTICE, accused=replace(ACCUSED, street="")),
    "accused, town": replace(NOTICE, accused=replace(ACCUSED, city="")),
    "defender": replace(NOTICE, defender=Address(name="", street="Markt 1", city="Musterstadt")),
    "defender, address": replace(NOTICE, defender=Address(name="Dr. Advokat")),
    "charge": replace(NOTICE, act=replace(ACT, charges=())),
    "charge, one of two": replace(
        NOTICE, act=replace(ACT, charges=(*ACT.charges, Charge(text=BLANK, provisions="§ 1")))
    ),
    "provisions": replace(NOTICE, act=replace(ACT, charges=(Charge(text="Sie", provisions=""),))),
    "time": replace(NOTICE, act=replace(ACT, acted_from="")),
    "time, no such day": replace(NOTICE, act=replace(ACT, acted_from="2026-02-30")),
    "place": replace(NOTICE, act=replace(ACT, place=BLANK)),
    "evidence": replace(NOTICE, act=replace(ACT, evidence=(BLANK,), witnesses=())),
    "fine": replace(NOTICE, fine=499),
    "side": replace(NOTICE, side=(BLANK,)),
    "demand": replace(NOTICE, reference="9750121234564"),
}


@pytest.mark.parametrize("lacks", LACKING)
def test_what_a_notice_lacks_is_named_with_its_paragraph(lacks: str) -> None:
    wanted = lacks.partition(",")[0]
    said = refused("notice", LACKING[lacks])
    items = {one.id: one for one in MANDATORY["notice"]}
    assert f"{items[wanted].title} ({items[wanted].paragraph})" in said


@pytest.mark.parametrize(
    ("item", "paragraph"),
    [
        ("finality", "§ 66 Abs. 2 Nr. 1 a"),
        ("worse", "§ 66 Abs. 2 Nr. 1 b"),
        ("demand", "§ 66 Abs. 2 Nr. 2 a"),
        ("inability", "§ 66 Abs. 2 Nr. 2 b"),
        ("detention", "§ 66 Abs. 2 Nr. 3"),
        ("remedy", "§ 50 Abs. 2"),
    ],
)
def test_a_template_without_a_passage_prints_nothing(
    item: str, paragraph: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever takes a passage out of the template cannot print notices with it."""
    for file in render.FOLDER.glob("*.typ"):
        text = file.read_text("utf-8")
        if file.name == "notice.typ":
            assert text.count(f'#must("{item}")') == 1
            text = text.replace(f'#must("{item}")', "#")
        (tmp_path / file.name).write_text(text, "utf-8")
    monkeypatch.setattr(render, "FOLDER", tmp_path)
    render._here.compilers.clear()
    try:
        assert paragraph in refused("notice", NOTICE)
    finally:
        render._here.compilers.clear()


def test_every_passage_of_the_list_stands_in_the_template() -> None:
    for name, items in MANDATORY.items():
        render.pdf(TEMPLATES[name], EXAMPLES[name], FRAME)
        assert len({item.id for item in items}) == len(items)


def test_the_remedy_needs_the_authority_and_its_address() -> None:
    bare = replace(FRAME, settings=replace(FRAME.settings, letterhead=Letterhead()))
    for name in ("notice", "objection_rejected"):
        assert "§ 50 Abs. 2 OWiG" in refused(name, EXAMPLES[name], bare)


def test_a_notice_says_each_of_them_in_german() -> None:
    lines = render.text(TEMPLATES["notice"], NOTICE, FRAME)
    words = " ".join("".join(run[0] for run in line) for line in lines).replace("\xa0", " ")
    for said in (
        "Beispiel", "Lindenweg 7, 12345 Musterstadt", "Rechtsanwältin Dr. Paula Advokat, Markt 1",
        "04.07.2026, 14:30 bis 15:10 Uhr", "Hauptstraße 12", "Sie haben Ihren Hund",
        "§ 4 Abs. 1, § 12 Abs. 1 Nr. 3 der Straßenordnung", "Zeugenaussage, 2 Lichtbilder",
        "Ordnungsdienst, Herr Yilmaz", "500,00 €", "Einziehung des Hundehalsbands", "528,50 €",
        "wird dieser Bescheid rechtskräftig und vollstreckbar",
        "kann auch eine für Sie nachteiligere Entscheidung getroffen werden",
        "spätestens zwei Wochen, nachdem dieser Bescheid rechtskräftig geworden ist",
        "warum Ihnen die fristgemäße Zahlung nach Ihren wirtschaftlichen Verhältnissen nicht"
        " zuzumuten ist",
        "kann das Amtsgericht Erzwingungshaft gegen Sie anordnen",
        "innerhalb von zwei Wochen nach seiner Zustellung Einspruch einlegen, und zwar schriftlich,"
        " als elektronisches Dokument nach § 110c OWiG in Verbindung mit § 32a StPO oder zur"
        " Niederschrift bei: Stadt Musterstadt, Rathausplatz 1, 12345 Musterstadt",
    ):  # fmt: skip
        assert said in words


@pytest.mark.parametrize("amount", [499, 5501, 0])
def test_a_warning_is_of_5_to_55_euros(amount: int) -> None:
    assert "§ 56 Abs. 1 OWiG" in refused("warning", replace(WARNING, amount=max(amount, 1)))


def test_several_gaps_are_named_at_once_in_german() -> None:
    i18n.choose("de")
    lacking = replace(NOTICE, act=replace(ACT, place="", charges=()), fine=0)
    said = refused("notice", lacking)
    assert said.startswith("Bußgeldbescheid: Es fehlt: ")
    assert said.count("§ 66") == 4


def test_a_draft_may_lack_what_it_likes() -> None:
    for notice in LACKING.values():
        assert render.pdf(TEMPLATES["notice"], notice, replace(FRAME, draft=True))
