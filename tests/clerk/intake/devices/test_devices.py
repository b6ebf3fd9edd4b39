"""Field devices: what their records become, each trap of their files, and that none is ever
lost."""

import base64
import json
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clerk.desks import office_settings
from clerk.desks.catalogue import import_catalogue
from clerk.intake.devices import package
from clerk.intake.devices.receive import Counts, import_records
from clerk.refusal import Refused
from clerk.session import Session
from storage.actor import Actor
from storage.pages import cases, documents, fines
from storage.records import Fine
from storage.verify import verify
from tests import support
from tests.clerk.intake.devices import making
from tests.clerk.intake.devices.making import JPEG, PNG, case, folder, person, pictures, stock
from tests.commands import Commands

OFFICE = "ordnungsamt"
CATALOGUE = """\
code;area;subject;title;charge;provisions;rate;maximum;valid_from
141312;Verkehr;Parken;Haltverbot;Sie parkten im absoluten Haltverbot.;§ 41 StVO;25;2000;2021-11-09
113300;Verkehr;Parken;Parkscheibe;Sie parkten bei Zeichen <314/315>.;§ 13 StVO;20;2000;2021-11-09
OBVO01;kommunal;Müll;Müll;Sie haben {Was} weggeworfen.;§ 5 OBVO;10;1000;2024-01-01
"""


@pytest.fixture
def desk(session: Session) -> Session:
    """A town with a small catalogue."""
    data = CATALOGUE.encode()
    import_catalogue(session.store, session.actor, OFFICE, Path("k.csv"), data)
    return session


def bring_in(desk: Session, path: Path, *, without: bool = False) -> Counts:
    """The import; however it goes, each record has ended in one way."""
    counts = import_records(
        desk.store, desk.actor, path, office_id=OFFICE, without_pictures=without
    )
    assert counts.seen == counts.imported + counts.duplicates + len(counts.refused)
    assert all(one.line >= 1 and one.reason.endswith(".") for one in counts.refused)
    return counts


def numbers(counts: Counts) -> tuple[int, int, int]:
    return counts.imported, counts.duplicates, len(counts.refused)


def cases_of(desk: Session) -> list[Fine]:
    ids = desk.store.db.execute("SELECT case_id FROM fines ORDER BY pos").fetchall()
    found = [fines.of_case(desk.store.db, str(row[0])) for row in ids]
    return [one for one in found if one is not None]


def one_winowig(desk: Session, tmp_path: Path, *records: str, **files: bytes) -> Counts:
    written: dict[str, bytes | str] = {"a_xmlmde.xml": making.winowig(records), **files}
    return bring_in(desk, folder(tmp_path / "device", written))


def reason(counts: Counts) -> str:
    """Why the one record was refused."""
    (refused,) = counts.refused
    assert counts.imported == 0
    return refused.reason


# What records become


def test_a_winowig_record_with_all_that_it_says(desk: Session, tmp_path: Path) -> None:
    names = ("a.jpg", "b.jpg", "c.jpg", "d.png")
    kinds = ("Gesamtbild", "Fahrerbild", "KFZKennzeichenbild", "Zusatzbild1")
    each = "".join(
        pictures(name, kind=kind).removeprefix("<Bilder>").removesuffix("</Bilder>")
        for name, kind in zip(names, kinds, strict=True)
    )
    record = case(
        7,
        reference="30003621",
        till="30.05.2024",
        end="09:11:00",
        code="113300",
        details=";314;zuviel;",
        pictures=f"<Bilder>{each}</Bilder>",
        people=person("Halter", "24.06.1970"),
        more="<Notiz>mutwillig</Notiz><Ventilstellung><Text>links V8/H7</Text></Ventilstellung>",
        extra="<Bemerkungen><Bemerkung>Nasse Straße</Bemerkung></Bemerkungen>",
    )
    files = dict(zip(names, (JPEG, JPEG + b"1", JPEG + b"2", PNG), strict=True))
    assert numbers(one_winowig(desk, tmp_path, record, **files)) == (1, 0, 0)
    (fine,) = cases_of(desk)
    db = desk.store.db
    assert (fine.state, fine.source, fine.area) == ("recorded", "xmlmde", "traffic")
    assert (fine.acted_from, fine.acted_to) == ("2024-05-29T08:07", "2024-05-30T09:11")
    assert (fine.place, fine.amount, fine.reference) == ("Marktplatz, vor Haus 3", 2000, "30003621")
    assert (fine.plate, fine.plate_shown, fine.plate_country) == ("XYAB7", "XY-AB 7", "D")
    assert (fine.latitude, fine.longitude, fine.officer) == ("53.1", "10.2", "A. Streife")
    assert fine.vehicle == "Musterwagen, grün, links V8/H7"
    assert fine.evidence == "Foto; Witness: Müßig, Jörg"
    (offence,) = fines.offences(db, fine.case_id)
    assert offence.charge == "Sie parkten bei Zeichen 314."
    assert json.loads(offence.details) == {"314/315": "314"}
    ((part, keeper),) = fines.participants(db, fine.case_id)
    assert (part.role, keeper.family_name, keeper.born_on) == ("keeper", "Beispiel", "1970-06-24")
    assert keeper.street == "Am Weiher 5"
    papers = {one.name: (one.kind, one.media_type) for one in documents.of_case(db, fine.case_id)}
    assert papers == {
        "a.jpg": ("overall", "image/jpeg"), "b.jpg": ("driver", "image/jpeg"),
        "c.jpg": ("plate", "image/jpeg"), "d.png": ("extra", "image/png"),
    }  # fmt: skip
    (note,) = cases.notes(db, case_id=fine.case_id)
    assert note.text == "Nasse Straße\nmutwillig\n113300: zuviel"
    assert verify(db).difference is None


def test_an_owi21_record_with_all_that_it_says(desk: Session, tmp_path: Path) -> None:
    shown = base64.b64encode(JPEG + b"in").decode()
    inside = (
        '<Person PersonenTypId="10" Vorname="Erika" Nachname="Beispiel" Strasse="Am Weiher"'
        ' Hausnummer="5" PLZ="12345" Ort="Musterstadt" Geburtsdatum="1970-06-24"/>'
        '<Person PersonenTypId="77" Nachname="Unklar"/>'
        f'<BeweisBild Dateiname="kennzeichen.jpg">{shown}</BeweisBild>'
        '<Dokumente Typ="700" Schluessel="7"><Dokument Format="image/jpeg" Datei="bilder/1.jpg"'
        ' SpeicherTyp="0"/></Dokumente>'
    )
    record = stock(
        7, inside, Tatzeit_Ende="09:11", code="113300", details=";315;", Tatmehrheit="1",
        Busse="30,00", Bemerkung="mutwillig", KFZ_Hersteller="Musterwagen",
    )  # fmt: skip
    path = folder(tmp_path / "d", {"1.xml": making.xowi([record]), "bilder/1.jpg": JPEG})
    assert numbers(bring_in(desk, path)) == (1, 0, 0)
    (fine,) = cases_of(desk)
    db = desk.store.db
    assert (fine.source, fine.acted_from, fine.acted_to) == (
        "xowi", "2024-05-29T08:07", "2024-05-29T09:11",
    )  # fmt: skip
    assert (fine.place, fine.district) == ("Marktplatz, vor Haus 3", "Musterstadt")
    assert (fine.amount, fine.unity, fine.plate) == (3000, "several_acts", "XYAB7")
    assert (fine.vehicle, fine.evidence) == ("Musterwagen, grün", "Zeugin/Zeuge, Foto")
    assert fine.external_id == "xowi:ordnungsamt:00000000-0000-0000-0000-000000000007"
    ((part, witness),) = fines.participants(db, fine.case_id)
    assert (part.role, witness.family_name) == ("witness", "Beispiel")
    papers = {one.name: one.kind for one in documents.of_case(db, fine.case_id)}
    assert papers == {"kennzeichen.jpg": "plate", "1.jpg": "extra"}
    (note,) = cases.notes(db, case_id=fine.case_id)
    assert note.text == "mutwillig\nPerson of kind 77: Unklar"


def test_folders_zips_and_single_files(desk: Session, tmp_path: Path) -> None:
    record = case(1, pictures=pictures("1.jpg"))
    inner: dict[str, bytes | str] = {"x/a_XMLMDE.xml": making.winowig([record]), "x/1.jpg": JPEG}
    assert numbers(bring_in(desk, making.zipped(tmp_path / "a.zip", inner))) == (1, 0, 0)
    deep = folder(tmp_path / "deep", {"y/b.xml": making.winowig([case(2)])})
    making.zipped(deep / "c.zip", {"c.xml": making.xowi([stock(3)])})
    assert numbers(bring_in(desk, deep)) == (2, 0, 0)
    single = folder(tmp_path / "s", {"d.xml": making.winowig([case(4, pictures=pictures("4.jpg"))]),
                                     "4.jpg": JPEG, "e.xml": "no XML"})  # fmt: skip
    assert numbers(bring_in(desk, single / "d.xml")) == (1, 0, 0)


# Again, and twice


def test_a_file_is_brought_in_again_without_harm(desk: Session, tmp_path: Path) -> None:
    records = [case(n) for n in range(5)]
    path = folder(tmp_path / "d", {"a.xml": making.winowig([*records, case(2)])})
    assert numbers(bring_in(desk, path)) == (5, 1, 0)
    assert numbers(bring_in(desk, path)) == (0, 6, 0)
    assert len(cases_of(desk)) == 5


def test_a_record_without_a_number_is_known_by_what_it_says(desk: Session, tmp_path: Path) -> None:
    one, other = case(1, number=""), case(2, number="")
    path = folder(tmp_path / "d", {"a.xml": making.winowig([one, other, one])})
    assert numbers(bring_in(desk, path)) == (2, 1, 0)
    assert numbers(bring_in(desk, path)) == (0, 3, 0)


def test_a_number_of_another_record_is_no_duplicate(desk: Session, tmp_path: Path) -> None:
    records = [case(1, number="77"), case(2, number="77")]
    counts = one_winowig(desk, tmp_path, *records)
    assert numbers(counts) == (1, 0, 1)
    assert "77" in counts.refused[0].reason


def test_a_kill_in_the_middle_does_no_harm(desk: Session, home: Path, tmp_path: Path) -> None:
    total = 1_500
    path = folder(tmp_path / "d", {"a.xml": making.winowig(case(n) for n in range(total))})
    line = [sys.executable, "-m", "clerk", "--home", str(home), "--passphrase-file",
            str(home / support.PASSPHRASE_FILE), "fine", "import", str(path)]  # fmt: skip
    program = subprocess.Popen(
        [*line, "--office", OFFICE], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while not _count(desk):
            try:
                program.wait(0.02)
            except subprocess.TimeoutExpired:
                continue
            pytest.fail("the import ended before it could be killed")
        program.send_signal(signal.SIGKILL)
        assert program.wait(60) == -signal.SIGKILL
    finally:
        program.kill()
        program.wait()
    there = _count(desk)
    assert 0 < there < total
    counts = bring_in(desk, path)
    assert numbers(counts) == (total - there, there, 0)
    assert _count(desk) == total
    assert verify(desk.store.db).difference is None


def _count(desk: Session) -> int:
    return int(desk.store.db.execute("SELECT count(*) FROM fines").fetchone()[0])


# Encodings

NATIVE = '<?xml version="1.0" encoding="ISO-8859-1"?>'


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        (NATIVE, "utf-8-sig"),  # the vendor's own sample
        (NATIVE, "utf-8"),
        (NATIVE, "iso-8859-1"),
        (NATIVE, "utf-16"),
        ('<?xml version="1.0" encoding="windows-1252"?>', "cp1252"),
        ('<?xml version="1.0" encoding="utf-8"?>', "cp1252"),
        ('<?xml version="1.0" encoding="ISO-8859-15"?>', "iso-8859-15"),
        ("<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>", "utf-8"),
        ("", "utf-8"),
        ("", "cp1252"),
    ],
)
def test_umlauts_survive_every_encoding(
    desk: Session, tmp_path: Path, head: str, encoding: str
) -> None:
    text = making.winowig([case(1, place="Größe, Äpfelstraße €")], head)
    if encoding == "iso-8859-1":
        text = text.replace("€", "EUR")
    counts = bring_in(desk, folder(tmp_path / "d", {"a.xml": text.encode(encoding)}))
    assert numbers(counts) == (1, 0, 0)
    assert cases_of(desk)[0].place.startswith("Größe, Äpfelstraße ")
    assert cases_of(desk)[0].place[-1] in "€R"


@pytest.mark.parametrize(
    "data",
    [
        b'<?xml version="1.0" encoding="ebcdic-cp-us"?><Fall/>' + b"\xff",
        b"\xef\xbb\xbf<Fall>\xff</Fall>",
        b"\xff\xfe\x00",
    ],
)
def test_an_encoding_that_no_device_writes(desk: Session, tmp_path: Path, data: bytes) -> None:
    assert reason(bring_in(desk, folder(tmp_path / "d", {"a.xml": data})))


# What is refused, with its line


@pytest.mark.parametrize(
    ("but", "says"),
    [
        ({"code": "999999"}, "999999"),
        ({"code": ""}, "Tatbestand"),
        ({"code": "141312", "day": "08.11.2021"}, "141312"),  # before its version
        ({"day": ""}, "Tattag"),
        ({"day": "31.02.2024"}, "31.02.2024"),
        ({"day": "29-05-2024"}, "29-05-2024"),
        ({"day": "01.01.2199"}, "future"),
        ({"begin": "25:00"}, "25:00"),
        ({"begin": "morgens"}, "morgens"),
        ({"till": "28.05.2024"}, "ends"),
        ({"end": "07:00"}, "ends"),
        ({"place": ""}, "missing"),
        ({"place": "x" * 101}, "101"),
        ({"plate": "X" * 16}, "16"),
        ({"number": "9" * 33}, "33"),
        ({"reference": "9" * 33}, "33"),
        ({"more": "<Notiz/>"}, "Notiz"),
        ({"more": "<Notiz>  </Notiz>"}, "Notiz"),
        ({"extra": "<Historie></Historie>"}, "Historie"),
        ({"people": person("Passant")}, "Passant"),
        ({"people": person(born="29.05.2014")}, "14"),
        ({"people": person(born="29.02.2014")}, "29.02.2014"),
        ({"people": person(name="x" * 101)}, "101"),
        ({"pictures": "<Bilder><Bild/></Bilder>"}, "Bild"),
        ({"pictures": '<Bilder><Bild Inhalt="Gesamtbild"/></Bilder>'}, "Dateiname"),
    ],
)
def test_a_record_that_cannot_be_taken(
    desk: Session, tmp_path: Path, but: dict[str, str], says: str
) -> None:
    counts = one_winowig(desk, tmp_path, case(1), case(2, **but), case(3))
    assert numbers(counts) == (2, 0, 1)
    (refused,) = counts.refused
    assert says in refused.reason
    assert refused.file == "a_xmlmde.xml"
    assert 5 + 8 <= refused.line < 5 + 2 * 10  # within the second record
    assert verify(desk.store.db).difference is None


@pytest.mark.parametrize(
    ("but", "says"),
    [
        ({"code": "999999"}, "999999"),
        ({"code": ""}, "Tatbestand"),
        ({"code": "1413120"}, "7"),
        ({"Tattag": ""}, "Tattag"),
        ({"Tattag": "29.05.24"}, "29.05.24"),
        ({"Tattag": "2199-01-01"}, "future"),
        ({"Tatzeit": "24:61"}, "24:61"),
        ({"Tatort": ""}, "missing"),
        ({"Tatort": "x" * 201}, "201"),
        ({"KFZ_Kennzeichen": "X" * 13}, "13"),
        ({"GMK": "0599900"}, "eight"),
        ({"Busse": "viel"}, "viel"),
        ({"Busse": "2000,00"}, "more than the law"),
        ({"inside": "<BeweisBild>%%%</BeweisBild>"}, "damaged"),
        ({"inside": '<Person PersonenTypId="10"/>'}, "Nachname"),
        ({"inside": '<Dokumente><Dokument Datei="1.jpg" SpeicherTyp="2"/></Dokumente>'}, "system"),
    ],
)
def test_an_owi21_record_that_cannot_be_taken(
    desk: Session, tmp_path: Path, but: dict[str, str], says: str
) -> None:
    text = making.xowi([stock(1), stock(2, **but), stock(3)])
    counts = bring_in(desk, folder(tmp_path / "d", {"a.xml": text}))
    assert numbers(counts) == (2, 0, 1)
    assert (says in counts.refused[0].reason, counts.refused[0].line) == (True, 6)


def test_a_refused_record_is_told_with_its_number(desk: Session, tmp_path: Path) -> None:
    counts = one_winowig(desk, tmp_path, case(9, code="1"))
    assert counts.refused[0].number == "23900000009"


def test_only_new_records_are_taken_of_owi21(desk: Session, tmp_path: Path) -> None:
    text = making.xowi([stock(1)], within="Mitteilen")
    assert "Hinzufuegen" in reason(bring_in(desk, folder(tmp_path / "d", {"a.xml": text})))


def test_a_record_of_another_municipality(desk: Session, tmp_path: Path) -> None:
    text = b'[seat]\nmunicipality = "05111000"\n'
    office_settings.set_settings(desk.store, desk.actor, OFFICE, Path("a.toml"), text)
    path = folder(tmp_path / "d", {"a.xml": making.xowi([stock(1), stock(2, GMK="05111000")])})
    counts = bring_in(desk, path)
    assert numbers(counts) == (1, 0, 1)
    assert "05999001" in counts.refused[0].reason


# Photos


def test_a_missing_photo_and_the_record_once_it_is_there(desk: Session, tmp_path: Path) -> None:
    record = case(1, pictures=pictures("a.jpg", "b.jpg"))
    path = folder(tmp_path / "d", {"a.xml": making.winowig([record, case(2)]), "a.jpg": JPEG})
    counts = bring_in(desk, path)
    assert numbers(counts) == (1, 0, 1)
    assert "b.jpg" in counts.refused[0].reason
    folder(path, {"b.jpg": JPEG + b"2"})
    assert numbers(bring_in(desk, path)) == (1, 1, 0)
    assert len(documents.of_case(desk.store.db, cases_of(desk)[1].case_id)) == 2


def test_a_record_may_be_taken_without_its_photos(desk: Session, tmp_path: Path) -> None:
    record = case(1, pictures=pictures("a.jpg", "b.jpg"))
    path = folder(tmp_path / "d", {"a.xml": making.winowig([record]), "a.jpg": JPEG})
    assert numbers(bring_in(desk, path, without=True)) == (1, 0, 0)
    case_id = cases_of(desk)[0].case_id
    assert [one.name for one in documents.of_case(desk.store.db, case_id)] == ["a.jpg"]
    assert "b.jpg" in cases.notes(desk.store.db, case_id=case_id)[0].text


@pytest.mark.parametrize(
    ("named", "there", "data", "says"),
    [
        ("a.JPG", "a.jpg", JPEG, "missing"),  # names are compared as they are written
        ("a.jpg", "a.jpg", b"MZ\x90\x00 a program", "no picture"),
        ("a.jpg", "a.jpg", b"", "no picture"),
        ("../a.jpg", "a.jpg", JPEG, "out of"),
        ("/etc/passwd", "a.jpg", JPEG, "out of"),
        ("C:\\a.jpg", "a.jpg", JPEG, "out of"),
        ("x\\..\\..\\a.jpg", "a.jpg", JPEG, "out of"),
    ],
)
def test_a_photo_that_is_none(
    desk: Session, tmp_path: Path, named: str, there: str, data: bytes, says: str
) -> None:
    counts = one_winowig(desk, tmp_path, case(1, pictures=pictures(named)), **{there: data})
    assert says in reason(counts)


def test_a_photo_that_was_cut_off(desk: Session, tmp_path: Path) -> None:
    for length, taken in ((len(JPEG) + 1, 0), (len(JPEG), 1)):
        named = f'<Bilder><Bild Dateiname="a.jpg" Length="{length}"/></Bilder>'
        counts = one_winowig(desk, tmp_path, case(1, pictures=named), **{"a.jpg": JPEG})
        assert counts.imported == taken


def test_what_a_link_leads_to_is_no_part_of_a_folder(desk: Session, tmp_path: Path) -> None:
    folder(tmp_path / "secret", {"a.jpg": JPEG, "b.xml": making.winowig([case(2)])})
    path = folder(tmp_path / "d", {"a.xml": making.winowig([case(1, pictures=pictures("a.jpg"))])})
    (path / "a.jpg").symlink_to(tmp_path / "secret" / "a.jpg")
    (path / "below").symlink_to(tmp_path / "secret")
    assert "missing" in reason(bring_in(desk, path))


# Files that mean harm

ENTITY = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
LAUGHS = (
    "<!DOCTYPE x ["
    + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(12))
    + "]>"
)


@pytest.mark.parametrize(
    "head",
    [
        ENTITY,
        LAUGHS,
        f"{making.HEAD}{LAUGHS}",
        '<!DOCTYPE x SYSTEM "http://localhost:9/x.dtd">',
        '<!DOCTYPE x [<!ENTITY % p SYSTEM "http://localhost:9/x"> %p;]>',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_bombs_and_foreign_entities(
    desk: Session, tmp_path: Path, head: str, encoding: str
) -> None:
    text = making.winowig([case(1, place="PLACE")], head).replace("PLACE", "&a;&l11;")
    counts = bring_in(desk, folder(tmp_path / "d", {"a.xml": text.encode(encoding)}))
    assert "not allowed" in reason(counts)


def test_an_entity_that_nobody_declared(desk: Session, tmp_path: Path) -> None:
    text = making.winowig([case(1, place="PLACE")]).replace("PLACE", "&nbsp;x")
    assert "broken" in reason(bring_in(desk, folder(tmp_path / "d", {"a.xml": text})))


def test_what_stands_before_a_break_is_kept(desk: Session, tmp_path: Path) -> None:
    text = making.winowig([case(n) for n in range(20)])
    path = folder(tmp_path / "d", {"a.xml": text[: text.index("<Fall", len(text) // 2) + 30]})
    counts = bring_in(desk, path)
    assert counts.imported >= 8
    assert len(counts.refused) == 1
    folder(path, {"a.xml": text})
    again = bring_in(desk, path)
    assert numbers(again) == (20 - counts.imported, counts.imported, 0)


def test_deep_and_endless_elements(desk: Session, tmp_path: Path) -> None:
    deep = "<Fall>" + "<a>" * 100_000
    long = f"<Fall><Falldaten><Notiz>{'x' * 11_000_000}</Notiz></Falldaten></Fall>"
    for text in (deep, long):
        assert reason(bring_in(desk, folder(tmp_path / "d", {"a.xml": text})))


@pytest.mark.parametrize(
    "text",
    ["", "kein XML", "<html/>", "<Fall/>", "<Bestand/>", "<Datenstrom><Fall/></Datenstrom>",
     "<OWIGMDEData><Bestand/></OWIGMDEData>", "<OWIGMDEData/>", "<svg><Fall>x</Fall></svg>"],
)  # fmt: skip
def test_what_is_no_device_file(desk: Session, tmp_path: Path, text: str) -> None:
    assert reason(bring_in(desk, folder(tmp_path / "d", {"a.xml": text})))


def test_a_folder_without_anything(desk: Session, tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        bring_in(desk, folder(tmp_path / "d", {"a.jpg": JPEG}))
    assert refused.value.refusal.code == "devices.none"


@pytest.mark.parametrize(
    "name", ["../a.xml", "/a.xml", "x/../../a.xml", "C:/a.xml", "..\\a.xml", "\\\\host\\a.xml"]
)
def test_names_that_lead_out_of_a_zip(desk: Session, tmp_path: Path, name: str) -> None:
    path = making.zipped(tmp_path / "a.zip", {name: making.winowig([case(1)])})
    with pytest.raises(Refused) as refused:
        bring_in(desk, path)
    assert refused.value.refusal.code == "devices.path"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.zip", "home"]


def test_a_zip_bomb(desk: Session, tmp_path: Path) -> None:
    path = making.zipped(tmp_path / "a.zip", {"a.xml": b" " * 50_000_000})
    with pytest.raises(Refused) as refused:
        bring_in(desk, path)
    assert refused.value.refusal.code == "devices.bomb"


def test_a_zip_that_lies_about_its_sizes(
    desk: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(package, "MAX_FILE", 500)
    path = making.zipped(tmp_path / "a.zip", {"a.xml": making.winowig([case(1)])})
    assert "too large" in reason(bring_in(desk, path))


@pytest.mark.parametrize("damage", ["cut", "flip", "text", "empty"])
def test_a_damaged_zip(desk: Session, tmp_path: Path, damage: str) -> None:
    path = making.zipped(tmp_path / "a.zip", {"a.xml": making.winowig([case(1)])})
    data = bytearray(path.read_bytes())
    if damage == "flip":
        data[60:80] = bytes(255 - one for one in data[60:80])
    damaged = {"cut": bytes(data[:100]), "flip": bytes(data), "text": b"PK kein ZIP"}
    path.write_bytes(damaged.get(damage, b""))
    if damage == "flip":
        assert "cannot be read" in reason(bring_in(desk, path))
        return
    with pytest.raises(Refused) as refused:
        bring_in(desk, path)
    assert refused.value.refusal.code == "devices.zip"


def test_a_zip_with_a_password(desk: Session, tmp_path: Path) -> None:
    path = making.zipped(tmp_path / "a.zip", {"a.xml": making.winowig([case(1)])})
    data = bytearray(path.read_bytes())
    for sign, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(sign) + place] |= 1
    path.write_bytes(data)
    assert "password" in reason(bring_in(desk, path))


def test_a_bad_zip_among_others_hides_none(desk: Session, tmp_path: Path) -> None:
    path = folder(tmp_path / "d", {"a.xml": making.winowig([case(1)]), "b.zip": b"kein ZIP"})
    making.zipped(path / "c.zip", {"c.xml": making.winowig([case(2)])})
    counts = bring_in(desk, path)
    assert numbers(counts) == (2, 0, 1)
    assert counts.refused[0].file == "b.zip"


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_whatever_is_changed_no_record_gets_lost(
    desk: Session, tmp_path: Path, data: st.DataObject
) -> None:
    """Bytes of a right file are changed: each record still ends in one way, and the store holds."""
    whole = making.winowig([case(n, people=person()) for n in range(2)]).encode()
    spots = data.draw(st.lists(st.integers(0, len(whole) - 1), min_size=1, max_size=5))
    changed = bytearray(whole)
    for spot in spots:
        changed[spot] = data.draw(st.integers(0, 255))
    counts = bring_in(desk, folder(tmp_path / "d", {"a.xml": bytes(changed)}))
    assert counts.seen >= 1
    assert _count(desk) == sum(1 for _one in cases_of(desk))


# Who may, and the command line


def test_who_records_fines_may_bring_them_in(desk: Session, tmp_path: Path) -> None:
    path = folder(tmp_path / "d", {"a.xml": making.winowig([case(1)])})
    for actor, code in (
        (Actor("x", "X", {"buergerbuero": "supervisor"}), "fine.not_yours"),
        (Actor("x", "X", {OFFICE: "admin"}), "fine.not_yours"),
    ):
        with pytest.raises(Refused) as refused:
            import_records(desk.store, actor, path, office_id=OFFICE)
        assert refused.value.refusal.code == code
    clerk = Actor("x", "X", {OFFICE: "clerk"})
    assert import_records(desk.store, clerk, path).imported == 1  # the office that has a catalogue


def test_the_command_line(desk: Session, clerk: Commands, tmp_path: Path) -> None:
    path = folder(tmp_path / "d", {"a.xml": making.winowig([case(1), case(1), case(2)])})
    line = ("fine", "import", str(path), "--office", OFFICE)
    document = clerk.done(*line)
    assert document == {"seen": 3, "imported": 2, "duplicates": 1, "refused": []}
    folder(path, {"a.xml": making.winowig([case(1), case(3, code="999999")])})
    answer = clerk(*line, "--json")
    assert answer.code == 1
    (refused,) = answer.rows("refused")
    assert (refused["file"], refused["number"]) == ("a.xml", "23900000003")
    assert "999999" in str(refused["reason"])
    assert answer.document["duplicates"] == 1
    assert answer.err.startswith("clerk: a.xml:14: 23900000003 ")
    assert clerk(*line).out == "2 seen: 0 imported, 1 there already, 1 refused\n"
    clerk.refused("fine", "import", str(tmp_path / "nirgends"), code="os.enoent")


def _lines(texts: Iterable[str]) -> int:
    return sum(text.count("\n") + 1 for text in texts)


def test_lines_are_right_far_down_in_a_file(desk: Session, tmp_path: Path) -> None:
    """Also behind the 65,535th, which the parser's own counter once could not hold."""
    records = [case(1, extra="\n" * 70_000 + "<Ende>x</Ende>"), case(2, code="999999")]
    counts = one_winowig(desk, tmp_path, *records)
    assert counts.imported == 1
    assert counts.refused[0].line == 5 + _lines(records[:1])


def test_nothing_but_a_zip_is_opened_as_one(desk: Session, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("x")
    with pytest.raises(Refused) as refused:
        bring_in(desk, path)
    assert refused.value.refusal.code == "devices.zip"
    assert zipfile.is_zipfile(path) is False
