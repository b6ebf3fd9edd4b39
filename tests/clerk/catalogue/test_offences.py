"""The catalogue of offences: the shipped one, reading with line and reason, versions, finding."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from clerk.catalogue.entry import COLUMNS, Entry
from clerk.catalogue.read import read_catalogue, shipped
from clerk.catalogue.write import EXCEL, as_csv
from clerk.desks.catalogue import entries_of, import_catalogue, offence_of
from clerk.library.problems import LibraryError
from clerk.refusal import Refused
from clerk.rules.charges import choices, fill, from_device, missing, placeholders, well_formed
from clerk.rules.limitation import Threat, months
from clerk.session import Session
from storage.actor import Actor
from storage.pages import offences
from storage.terms import Guilt, LimitationClass, OffenceArea
from storage.verify import verify

FILE = Path("katalog.csv")
OFFICE = "ordnungsamt"
HEAD = ";".join(COLUMNS.values())
ROW = (
    "OBVO01;kommunal;Hunde;Hund ohne Leine;Sie haben {Name} nicht angeleint.;§ 3 OBVO;"
    "10,00;20;30;1.000,00;nach Höchstmaß;Leine;01.01.2024;"
)


def row(**but: str) -> str:
    """A right line, but for some cells."""
    cells = dict(zip(COLUMNS, ROW.split(";"), strict=True))
    return ";".join((cells | but).values())


def read(*lines: str) -> tuple[Entry, ...]:
    return read_catalogue(FILE, "\n".join((HEAD, *lines)).encode())


def problems(data: bytes) -> list[tuple[int, str]]:
    with pytest.raises(LibraryError) as error:
        read_catalogue(FILE, data)
    return [(one.line, one.reason) for one in error.value.problems]


# The shipped one


def test_sixty_offences_of_a_town() -> None:
    found = shipped()
    assert len(found) == len({one.code for one in found}) == 60
    subjects = {one.subject for one in found}
    assert {"Straßenreinigung", "Winterdienst", "Hunde", "Abfall", "Lärm", "Parken",
            "Jugendschutz", "Gewerbe"} <= subjects  # fmt: skip
    for one in found:
        assert one.charge.startswith("Sie ")
        assert one.charge.endswith(".")
        assert "§" in one.provisions
        assert one.words
        assert (one.area == OffenceArea.TRAFFIC) == (one.limitation == LimitationClass.TRAFFIC)


@pytest.mark.parametrize(
    ("code", "maximum", "term"),
    [
        ("WIN01", 1_000_00, 6),
        ("ABF03", 2_500_00, 12),
        ("ABF09", 100_000_00, 36),  # KrWG 69(3)
        ("JUS01", 50_000_00, 36),  # JuSchG 28(5)
        ("LAR01", 5_000_00, 24),  # OWiG 117(2)
        ("141312", 2_000_00, 3),  # StVG 24(3), 26(3)
    ],
)
def test_what_the_law_threatens(code: str, maximum: int, term: int) -> None:
    (one,) = (one for one in shipped() if one.code == code)
    assert one.maximum == maximum
    assert months(Threat(one.maximum, one.limitation), Guilt.INTENT) == term


# Placeholders


def test_placeholders_and_choices() -> None:
    charge = "Sie parkten bei Zeichen <314/315> in {Straße}, {Straße}."
    assert placeholders(charge) == ("314/315", "Straße")
    assert choices(charge, "314/315") == ("314", "315")
    assert choices(charge, "Straße") == ()
    assert choices("Nahe {Einmündung/Kreuzung}.", "Einmündung/Kreuzung") == ()
    filled = fill(charge, {"314/315": "314", "Straße": "{Weg} <1>"})
    assert filled == "Sie parkten bei Zeichen 314 in {Weg} <1>, {Weg} <1>."
    assert missing(charge, {"314/315": "316", "Straße": " "}) == ("314/315", "Straße")
    assert missing(charge, {"314/315": "315", "Straße": "Am Markt"}) == ()


@pytest.mark.parametrize(
    ("sent", "details", "left"),
    [
        (";314;", {"314/315": "314"}, ()),
        ("315", {"314/315": "315"}, ()),
        (";Am Markt;314;", {"314/315": "314", "Straße": "Am Markt"}, ()),
        (";314;Am Markt;zu viel;", {"314/315": "314", "Straße": "Am Markt"}, ("zu viel",)),
        (";316;", {"Straße": "316"}, ()),
        (";;", {}, ()),
        ("", {}, ()),
        (f";{'x' * 300};", {}, ("x" * 300,)),
    ],
)
def test_what_a_device_sends(sent: str, details: dict[str, str], left: tuple[str, ...]) -> None:
    assert from_device("Bei <314/315> in {Straße}.", sent) == (details, left)


def test_brackets_without_counterpart() -> None:
    assert well_formed("Sie haben {Name} bei <1/2> gesehen.")
    for wrong in ("{Name", "Name}", "<1/2", "1>", "{}", "{ }", "<{a}>"):
        assert not well_formed(wrong), wrong


# Reading


def test_a_line_is_read_as_it_is_meant() -> None:
    (one,) = read(ROW)
    assert one == Entry(
        "OBVO01", OffenceArea.MUNICIPAL, "Hunde", "Hund ohne Leine",
        "Sie haben {Name} nicht angeleint.", "§ 3 OBVO", 10_00, 20_00, 30_00, 1_000_00,
        LimitationClass.BY_MAXIMUM, "Leine", date(2024, 1, 1), None,
    )  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_files_of_every_office_program(encoding: str, end: str) -> None:
    text = end.join((HEAD, row(title="Öffentliches Ärgernis – „laut“"), ""))
    (one,) = read_catalogue(FILE, text.encode(encoding))
    assert one.title == "Öffentliches Ärgernis – „laut“"


def test_other_parters_names_and_orders_of_columns() -> None:
    lines = [
        "code,title,area,subject,charge,provisions,rate,maximum,valid_from",
        'X1,Titel,municipal,Hunde,"Sie haben, ""so"", gehandelt.",§ 1,"10,50",1000,2024-02-29',
    ]
    (one,) = read_catalogue(FILE, "\n".join(lines).encode())
    assert (one.charge, one.rate, one.valid_from) == (
        'Sie haben, "so", gehandelt.', 10_50, date(2024, 2, 29),
    )  # fmt: skip
    tabs = "\n".join((HEAD, ROW)).replace(";", "\t")
    assert read_catalogue(FILE, tabs.encode()) == read(ROW)


@pytest.mark.parametrize(
    ("but", "says"),
    [
        ({"code": ""}, "Tatbestandsnummer"),
        ({"code": "A B"}, "A B"),
        ({"code": "x" * 21}, "20"),
        ({"area": "Bund"}, "Bund"),
        ({"area": "Verkehr"}, "TBNR"),
        ({"area": "Verkehr", "code": "541312"}, "TBNR"),
        ({"area": "Verkehr", "code": "141312", "rate": "12", "rate_repeat": ""}, "500"),
        ({"area": "Verkehr", "code": "141312", "rate": "60", "rate_repeat": "", "rate_intent": ""},
         "500"),
        ({"title": ""}, "Bezeichnung"),
        ({"title": "x" * 121}, "120"),
        ({"title": "=1+1"}, "formula"),
        ({"title": "Hund\u202e"}, "printed"),
        ({"charge": "Sie haben {Name."}, "bracket"),
        ({"rate": ""}, "Regelsatz"),
        ({"rate": "4,99"}, "4,99"),
        ({"rate": "-5"}, "-5"),
        ({"rate": "zehn"}, "zehn"),
        ({"rate": "501", "rate_repeat": "", "rate_intent": ""}, "500"),  # half of the maximum
        ({"rate_repeat": "501"}, "500"),
        ({"rate_repeat": "5"}, "less"),
        ({"rate_intent": "1.001"}, "1000"),
        ({"maximum": ""}, "Höchstmaß"),
        ({"maximum": "10.000.001"}, "10.000.001"),
        ({"limitation": "nie"}, "nie"),
        ({"valid_from": ""}, "gültig ab"),
        ({"valid_from": "31.02.2024"}, "31.02.2024"),
        ({"valid_to": "31.12.2023"}, "ends"),
        ({"valid_to": "bald"}, "bald"),
        ({"valid_to": ";zu viel"}, "cells"),
    ],
)  # fmt: skip
def test_each_wrong_line_with_its_reason(but: dict[str, str], says: str) -> None:
    data = "\n".join((HEAD, ROW, "", row(**({"code": "B"} | but))))
    (found,) = problems(data.encode())
    assert found[0] == 4
    assert says in found[1]


def test_all_wrong_lines_are_named_at_once() -> None:
    lines = [HEAD, row(rate="x"), row(code="B2"), row(code="C3", area="?", title="")]
    assert [line for line, _reason in problems("\n".join(lines).encode())] == [2, 4, 4]


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"", 1),
        (HEAD.encode(), 1),
        (b"Tatbestandsnummer;Farbe\nA;rot", 1),
        (HEAD.replace("Bereich", "Tatbestandsnummer").encode(), 1),
        (f"{HEAD}\n{ROW}\n".encode() + b"\x81\x8d;\xff", 3),
        (f'{HEAD}\n"{ROW}'.encode(), 1),
        (b"\x00\x01\x02" * 50, 1),
    ],
)
def test_what_is_no_catalogue(data: bytes, line: int) -> None:
    assert problems(data)[0][0] == line


def test_a_cell_of_many_lines_keeps_the_count() -> None:
    charge = row(charge='"Sie haben\n{Name}\nnicht angeleint."')
    lines = "\n".join((HEAD, charge, row(code="B", rate="x")))
    assert [line for line, _reason in problems(lines.encode())] == [5]


def test_versions_may_not_overlap() -> None:
    ended = row(valid_to="31.12.2025")
    assert len(read(ended, row(valid_from="01.01.2026"))) == 2
    for second in ("01.01.2025", "31.12.2025", "01.01.2024"):
        data = "\n".join((HEAD, row(valid_from=second), ended)).encode()
        assert "OBVO01" in problems(data)[0][1]
    (late,) = problems("\n".join((HEAD, ROW, row(valid_from="01.01.2026"))).encode())
    assert late[0] == 3


def test_what_is_written_is_read_again() -> None:
    entries = (*shipped(), replace(shipped()[0], code="X1", title='Ein "Titel"; so, und so',
                                   valid_to=date(2027, 12, 31)))  # fmt: skip
    assert read_catalogue(FILE, as_csv(entries)) == entries
    assert read_catalogue(FILE, as_csv(entries, EXCEL)) == entries
    assert as_csv(shipped(), EXCEL).decode("cp1252").splitlines()[0] == HEAD


# In the store


def put(session: Session, *lines: str, actor: Actor | None = None) -> tuple[int, int, int]:
    data = "\n".join((HEAD, *lines)).encode()
    done = import_catalogue(session.store, actor or session.actor, OFFICE, FILE, data)
    return done.added, done.changed, done.unchanged


def count(session: Session) -> int:
    return int(session.store.db.execute("SELECT count(*) FROM offences").fetchone()[0])


def test_an_import_brings_all_and_again_nothing(session: Session) -> None:
    data = as_csv(shipped())
    done = import_catalogue(session.store, session.actor, OFFICE, FILE, data)
    assert (done.added, done.changed, done.unchanged) == (60, 0, 0)
    done = import_catalogue(session.store, session.actor, OFFICE, FILE, data)
    assert (done.added, done.changed, done.unchanged) == (0, 0, 60)
    assert sorted(entries_of(session.store.db, OFFICE), key=lambda one: one.code) == sorted(
        shipped(), key=lambda one: one.code
    )
    assert verify(session.store.db).difference is None


def test_nothing_half_done(session: Session) -> None:
    with pytest.raises(LibraryError):
        put(session, ROW, row(code="B", rate="x"))
    assert count(session) == 0


def test_a_new_version_ends_the_old_one(session: Session) -> None:
    put(session, ROW)
    with pytest.raises(LibraryError) as error:
        put(session, row(valid_from="01.01.2026", rate="15"))
    assert error.value.line == 2
    assert count(session) == 1
    ended = row(valid_to="31.12.2025")
    assert put(session, ended, row(valid_from="01.01.2026", rate="15")) == (1, 1, 0)
    db = session.store.db
    rates = {
        day: found.rate
        for day in ("2023-12-31", "2024-01-01", "2025-12-31", "2026-01-01")
        if (found := offences.by_code(db, OFFICE, "OBVO01", day))
    }
    assert rates == {"2024-01-01": 10_00, "2025-12-31": 10_00, "2026-01-01": 15_00}


def test_what_is_in_force_changes_by_a_new_version_only(session: Session) -> None:
    put(session, ROW, row(code="B", valid_from="01.01.2199"))
    for but in ({"rate": "11"}, {"charge": "Sie haben anders gehandelt."}, {"maximum": "2000"},
                {"provisions": "§ 4"}):  # fmt: skip
        with pytest.raises(LibraryError):
            put(session, row(**but))
    assert put(session, row(title="Anders", words="Schnur", subject="Tiere")) == (0, 1, 0)
    assert put(session, row(code="B", valid_from="01.01.2199", rate="11")) == (0, 1, 0)


def test_only_who_leads_keeps_the_catalogue(session: Session) -> None:
    for role, may in (("clerk", False), ("officer", False), ("supervisor", True)):
        actor = Actor("x", "X", {OFFICE: role})
        if may:
            assert put(session, ROW, actor=actor) == (1, 0, 0)
        else:
            with pytest.raises(Refused) as refused:
                put(session, ROW, actor=actor)
            assert refused.value.refusal.code == "catalogue.not_yours"


def test_a_large_catalogue_lies_in_many_entries(session: Session) -> None:
    lines = [row(code=f"X{n:04}") for n in range(1_200)]
    before = session.store.db.execute("SELECT count(*) FROM entries").fetchone()[0]
    assert put(session, *lines) == (1_200, 0, 0)
    after = session.store.db.execute("SELECT count(*) FROM entries").fetchone()[0]
    assert after - before == 3


# Finding


def finder() -> offences.Finder:
    return offences.Finder([offence_of(OFFICE, one) for one in shipped()])


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("141312", "141312"),
        ("1413", "141312"),
        ("hun02", "HUN02"),
        ("HUND lein", "HUN01"),
        ("kot", "HUN02"),
        ("schnee", "WIN01"),
        ("raeum", "WIN01"),
        ("Räumpflicht", "WIN01"),
        ("kippe", "ABF02"),
        ("gehweg park", "112454"),
        ("ruhestoerung", "LAR01"),
        ("haltverb eingeschr", "141322"),
    ],
)
def test_typing_finds(typed: str, first: str) -> None:
    assert finder().find(typed)[0].code == first


def test_the_code_goes_before_words_and_all_words_must_fit() -> None:
    assert finder().find("HUN")[0].code.startswith("HUN")
    assert finder().find("hund weltraum") == []
    assert len(finder().find("", limit=100)) == 60
    assert len(finder().find("", limit=7)) == 7
    assert finder().find("\x00 ' % _ *") == []
