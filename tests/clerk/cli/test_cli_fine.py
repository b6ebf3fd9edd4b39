"""``clerk fine new``, ``edit``, ``list``, ``show`` and ``act``, by exit code and JSON."""

import json
from pathlib import Path

import pytest

from clerk.catalogue.read import shipped
from clerk.desks.catalogue import offence_of
from clerk.session import Session
from storage.pages import fines
from storage.records import Fine, Person
from storage.terms import FineState
from tests import support
from tests.clerk.desks.fining import Desk
from tests.commands import Commands

OFFICE = "ordnungsamt"
TODAY = "2026-11-23"


@pytest.fixture(autouse=True)
def desk(session: Session, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """The shipped catalogue, on a Monday in November."""
    desk = Desk(session, monkeypatch)
    desk.day(TODAY)
    with session.store.change(session.actor, "fine.catalogue", undoable=False) as change:
        for entry in shipped():
            change.add(offence_of(OFFICE, entry))
    return desk


def recorded(session: Session) -> list[Fine]:
    rows = session.store.db.execute("SELECT case_id FROM fines ORDER BY id").fetchall()
    found = [fines.of_case(session.store.db, case_id) for (case_id,) in rows]
    return [one for one in found if one is not None]


def a_fine(clerk: Commands, *more: str) -> str:
    """The number of a new one."""
    words = ("--offence", "112454", "--place", "Hauptstraße 5", "--offender", "Hans Müller",
             "--address", "Am Wall 3, 12345 Musterstadt", "--evidence", "Zeugin")  # fmt: skip
    return str(clerk.done("fine", "new", *words, *more)["number"])


def test_a_record_by_options(clerk: Commands, session: Session) -> None:
    """Every option arrives where the entry screen puts it."""
    done = clerk.done(
        "fine", "new", "--offence", "112454", "--offence", "HUN02", "--place", "Stadtpark 3",
        "--day", "gestern", "--time", "1430-1510", "--plate", "B-XY 123", "--vehicle", "rot",
        "--offender", "Hans Müller", "--address", "Am Wall 3", "--born", "4.5.80",
        "--further", "witness=Erika Neumann", "--evidence", "Foto", "--officer", "AD 7",
        "--intent", "--several", "--dog", "name=Rex", "--dog", "on_leash=n", "--note", "Streife",
    )  # fmt: skip
    [fine] = recorded(session)
    db = session.store.db
    assert (done["case_id"], done["reference"]) == (fine.case_id, fine.reference)
    assert (fine.acted_from, fine.acted_to) == ("2026-11-22T14:30", "2026-11-22T15:10")
    assert (fine.place, fine.plate, fine.vehicle) == ("Stadtpark 3", "BXY123", "rot")
    assert (fine.evidence, fine.officer) == ("Foto", "AD 7")
    assert (fine.guilt, fine.unity) == ("intent", "several_acts")
    assert [one.code for one in fines.offences(db, fine.case_id)] == ["112454", "HUN02"]
    (_p, offender), (witness, other) = fines.participants(db, fine.case_id)
    assert (offender.family_name, offender.born_on) == ("Müller", "1980-05-04")
    assert offender.street == "Am Wall 3"
    assert (witness.role, other.family_name) == ("witness", "Neumann")
    [dog] = fines.dogs(db, fine.case_id)
    assert (dog.name, dog.on_leash, dog.muzzled) == ("Rex", 0, None)


def test_a_record_by_a_document(clerk: Commands, session: Session, tmp_path: Path) -> None:
    """Stdin or a file; options go before what it says."""
    photo = tmp_path / "a.jpg"
    photo.write_bytes(b"\xff\xd8\xff rest")
    known = Person(family_name="Yıldız", given_name="Ayşe")
    with session.store.change(session.actor, "test.person") as change:
        change.add(known)
    said = {
        "offences": ["112454", {"words": "Sie haben gelärmt.", "provisions": "§ 1", "maximum": 500,
                       "amount": 20}],
        "place": "Am Markt 3", "day": "4.7.", "amount": 35.5, "repeated": True,
        "people": [{"id": known.id}, {"role": "keeper", "name": "Erika Neumann"}],
        "photos": [str(photo)],
    }  # fmt: skip
    text = json.dumps(said)
    clerk.done("fine", "new", "--from", "-", "--place", "Am Wall 1", stdin=text.encode())
    [fine] = recorded(session)
    assert (fine.place, fine.acted_from) == ("Am Wall 1", "2026-07-04")
    first, second = fines.offences(session.store.db, fine.case_id)
    assert (first.amount, second.charge, second.maximum) == (35_50, "Sie haben gelärmt.", 500_00)
    [(_part, offender), (keeper, _person)] = fines.participants(session.store.db, fine.case_id)
    assert (offender.id, keeper.role) == (known.id, "keeper")
    assert clerk.done("fine", "show", clerk.rows_of("fine", "list")[0]["number"])["photos"] == [  # type: ignore[arg-type]  # a number is a text
        "a.jpg"
    ]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--place", "x"), "fine.charge"),
        (("--offence", "112454"), "fine.place"),
        (("--offence", "NIX", "--place", "x"), "offence.unknown"),
        (("--offence", "112454", "--place", "x", "--day", "4.7.2027"), "fine.future"),
        (("--offence", "112454", "--place", "x", "--time", "bald"), "time.unreadable"),
        (("--offence", "112454", "--place", "x", "--amount", "viel"), "amount.unreadable"),
        (("--offence", "112454", "--place", "x", "--amount", "2000"), "fine.amount"),
        (("--offence", "112454", "--place", "x", "--detail", "Farbe=rot"), "fine.said"),
        (("--offence", "112454", "--place", "x", "--dog", "colour=rot"), "fine.said"),
        (("--offence", "112454", "--place", "x", "--further", "king=Karl"), "fine.said"),
        (("--offence", "112454", "--place", "x", "--photo", "/nowhere.jpg"), "photo.missing"),
        (
            ("--offence", "112454", "--place", "x", "--offender", "K Kind", "--born", "1.1.2015"),
            "fine.child",
        ),
    ],
)
def test_what_is_wrong_is_a_sentence_and_nothing_is_recorded(
    clerk: Commands, session: Session, words: tuple[str, ...], code: str
) -> None:
    clerk.refused("fine", "new", *words, code=code)
    assert recorded(session) == []
    assert session.store.db.execute("SELECT count(*) FROM persons").fetchone() == (0,)


def test_several_things_that_are_wrong_are_all_said(clerk: Commands, session: Session) -> None:
    answer = clerk("fine", "new", "--offence", "112454", "--day", "4.7.2027")
    assert answer.code == 1
    assert [one.split(":")[0] for one in answer.err.splitlines()] == [
        "acted_from",
        "place",
        "clerk",
    ]
    assert "[fine.report]" in answer.err
    assert recorded(session) == []


@pytest.mark.parametrize(
    "document",
    ["", "[]", "{", '{"colour": 1}', '{"offences": {}}', '{"offences": [{"kode": "1"}]}',
     '{"offences": [1]}', '{"place": []}', '{"people": [{"role": "king"}]}', '{"dog": 1}',
     '{"photos": [1, {}]}', '{"offences": [{"details": []}]}', "[" * 100_000],
)  # fmt: skip
def test_a_document_that_is_none_is_refused(
    clerk: Commands, session: Session, document: str
) -> None:
    answer = clerk("fine", "new", "--from", "-", stdin=document.encode())
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.endswith("[fine.said]\n")
    assert recorded(session) == []


def test_check_writes_nothing_and_warns_of_the_same_act(clerk: Commands, session: Session) -> None:
    number = a_fine(clerk, "--plate", "B-XY 123", "--time", "930")
    again = ("--offence", "112454", "--place", "Hauptstraße 7", "--plate", "b xy123",
             "--time", "1000", "--born", "1.1.2009", "--offender", "Ayşe Yıldız")  # fmt: skip
    warned = clerk.rows_of("fine", "new", *again, "--check")
    assert [one["code"] for one in warned] == ["fine.youth", "fine.double"]
    assert number in str(warned[1]["sentence"])
    assert len(recorded(session)) == 1
    assert "! Perhaps recorded already" in clerk("fine", "new", *again).out
    assert len(recorded(session)) == 2


def test_only_what_is_said_changes(clerk: Commands, session: Session) -> None:
    number = a_fine(clerk, "--time", "930", "--plate", "B-XY 123", "--officer", "AD 7")
    edit = {"place": "Am Markt 1", "time": "1000", "amount": "40"}
    done = clerk.done("fine", "edit", number, stdin=json.dumps(edit).encode())
    assert (done["action"], done["number"]) == ("fine.edit", number)
    [fine] = recorded(session)
    assert (fine.place, fine.acted_from) == ("Am Markt 1", f"{TODAY}T10:00")
    assert (fine.amount, fine.plate, fine.officer) == (40_00, "BXY123", "AD 7")
    assert len(fines.participants(session.store.db, fine.case_id)) == 1
    clerk.done("fine", "edit", number, stdin=b'{"offences": ["HUN02"], "people": []}')
    [charged] = fines.offences(session.store.db, fine.case_id)
    assert charged.code == "HUN02"
    assert fines.participants(session.store.db, fine.case_id) == []


def test_the_way_of_a_case(clerk: Commands, session: Session, desk: Desk) -> None:
    """From the hearing to instalments, each step with what it asks for; what is next."""
    number = a_fine(clerk)
    clerk.done("fine", "act", number, "hear")
    shown = clerk.done("fine", "show", number)
    assert shown["state"] == "hearing"
    assert "fine.conclude" in shown["can"]  # type: ignore[operator]  # a list
    assert shown["cannot"]["fine.serve"] == "There is no notice that could be served."  # type: ignore[index]  # an object
    assert shown["next"][0]["text"] == "Hearing over: conclude or issue the notice"  # type: ignore[index]  # a list
    clerk.refused("fine", "act", number, "conclude", code="fine.answer")
    clerk.done("fine", "act", number, "conclude", "--text", "keine Einlassung")
    clerk.done("fine", "act", number, "issue", "--amount", "60")
    serve = ("serve", "--on", "heute", "--way", "letter_box")
    clerk.refused("fine", "act", number, *serve, code="fine.not_signed")
    support.sign_letters(session, str(shown["case_id"]))
    clerk.done("fine", "act", number, "serve", "--on", "heute", "--way", "letter_box")
    clerk.refused("fine", "act", number, "become-final", code="fine.period_runs")
    assert clerk.done("fine", "act", number, "become-final", "--waived")["fines"] == [
        {"number": number, "state": "final"}
    ]
    clerk.done("fine", "act", number, "defer", "--instalments", "2x44,25 1.12.")
    shown = clerk.done("fine", "show", number)
    assert shown["claims"][0]["amount"] == 60_00  # type: ignore[index]  # a list of objects
    assert [one["action"] for one in shown["steps"]][-2:] == ["fine.become_final", "fine.defer"]  # type: ignore[attr-defined]  # a list


def test_what_is_due_becomes_final_wherever_it_is(
    clerk: Commands, session: Session, desk: Desk
) -> None:
    first, second = a_fine(clerk), a_fine(clerk)
    for number in (first, second):
        clerk.done("fine", "act", number, "hear")
        clerk.done("fine", "act", number, "conclude", "--text", "gestanden")
        clerk.done("fine", "act", number, "issue")
    for fine in recorded(session):
        support.sign_letters(session, fine.case_id)
    clerk.done("fine", "act", first, "serve", "--on", "heute", "--way", "letter_box")
    desk.day("2026-12-09")
    clerk.done("fine", "act", second, "serve", "--on", "heute", "--way", "letter_box")
    assert [one["number"] for one in clerk.rows_of("fine", "list", "--due")][:1] == [first]
    done = clerk.done("fine", "act", "become-final", "--due")
    assert done["fines"] == [{"number": first, "state": FineState.FINAL}]
    clerk.refused("fine", "act", "become-final", "--due", code="nothing.chosen")


def test_a_witness_is_questioned_by_role(clerk: Commands, session: Session) -> None:
    number = a_fine(clerk, "--further", "witness=Erika Neumann")
    clerk.refused("fine", "act", number, "hear", "--person", "keeper", code="fine.participant")
    clerk.done("fine", "act", number, "hear", "--person", "witness")
    [fine] = recorded(session)
    (_o, _p), (witness, _person) = fines.participants(session.store.db, fine.case_id)
    assert fines.steps(session.store.db, fine.case_id)[-1].participant_id == witness.id


@pytest.mark.parametrize(
    "words",
    [("act",), ("act", "hear"), ("act", "hear", "--due"), ("act", "x", "dance"),
     ("act", "x", "become-final", "--due"), ("act", "x", "edit"), ("list", "--mine", "--due"),
     ("new", "--detail", "x"), ("new", "--from", "/nowhere")],
)  # fmt: skip
def test_a_line_that_makes_no_sense(clerk: Commands, words: tuple[str, ...]) -> None:
    assert clerk("fine", *words).code == 2


def test_a_case_that_is_no_fine(clerk: Commands) -> None:
    number = str(clerk.done("case", "new", "--subject", "Laterne")["number"])
    clerk.refused("fine", "show", number, code="fine.none")
    clerk.refused("fine", "act", number, "hear", code="fine.none")
    clerk.refused("fine", "show", "nichts", code="id.unknown")


def test_lists_and_their_pages(clerk: Commands) -> None:
    days = ("1.9.", "1.10.", "1.11.")
    late, middle, early = (
        a_fine(clerk, "--day", day, "--plate", f"B-X {n}") for n, day in enumerate(days[::-1], 1)
    )

    def numbers(*words: str) -> list[object]:
        return [one["number"] for one in clerk.rows_of("fine", "list", *words)]

    assert numbers() == [early, middle, late]
    assert numbers("--limit", "1") == [early]
    for words in ((), ("--state", "recorded"), ("--mine",), ("--plate", "bx2")):
        whole = numbers(*words)
        again = numbers(*words, "--limit", "1")
        while len(again) < len(whole):
            again += numbers(*words, "--limit", "1", "--after", str(again[-1]))
        assert again == whole, words
    assert numbers("--plate", "bx2") == [middle]
    clerk.done("fine", "act", late, "warn")
    assert numbers("--plate", "bx1") == []  # no file of repeat offenders
    assert numbers("--until", "30.11.2026") == [early]
    assert numbers("--state", "final") == []
    assert numbers("--office", "tiefbau") == []
    clerk.done("fine", "act", early, "hear")
    assert numbers("--state", "hearing") == [early]
    assert early in clerk("fine", "list").out


def test_a_shielded_address_is_not_given_out(clerk: Commands, session: Session) -> None:
    """BMG 51: neither as JSON nor for people."""
    number = a_fine(clerk, "--address", "Versteck 9")
    [fine] = recorded(session)
    [(_part, person)] = fines.participants(session.store.db, fine.case_id)
    assert "Versteck 9" in clerk("fine", "show", number, "--json").out
    with session.store.change(session.actor, "test.shield") as change:
        change.set(person, shielded_until=TODAY)
    for words in ((), ("--json",)):
        shown = clerk("fine", "show", number, *words)
        assert "Müller" in shown.out
        assert "Versteck" not in shown.out
