"""Letters between two workstations: four eyes against a client that lies, and what becomes of a
signature under words that somebody else changed meanwhile."""

from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from clerk.desks import conflicts, letters, returned, signing
from clerk.desks.letter_text import pdf_of
from clerk.letters.details import Address, Plain
from clerk.refusal import Refused
from storage.actor import Actor
from storage.ids import uuid7
from storage.overlay import PENDING
from storage.pages import letters as pages
from storage.pages.names import Names
from storage.records import Letter
from tests.clerk.letters.reading_pdf import words_of
from tests.hub.conftest import Desk, Hub, case, changed
from tests.hub.stations import Station

DETAILS = '{"a":1}'
WORDING = sha256(DETAILS.encode()).hexdigest()
Made = Callable[..., list[object]]


def draft(desk: Desk, **fields: object) -> list[object]:
    """The patch that adds a draft of the desk's clerk in a case of theirs."""
    row = uuid7()
    assert desk.act("case.open", case(row)).outcome == "ok"
    return ["letters", uuid7(), "add", {
        "case_id": row, "office_id": "buergeramt", "template": "plain", "subject": "S",
        "state": "draft", "way": "print", "details": DETAILS, "drafted_by": desk.clerk_id,
        "created_at": 1, "signatures": 2, **fields,
    }, {}, [], []]  # fmt: skip


@pytest.fixture
def desks(hub: Hub) -> tuple[Desk, Desk, Desk]:
    for login in ("meier", "yilmaz", "zander"):
        hub.clerk(login, buergeramt="officer")
    return hub.desk("meier"), hub.desk("yilmaz"), hub.desk("zander")


def paper(desk: Desk, letter: list[object]) -> list[object]:
    """The patch that adds the PDF's document."""
    fields = letter[3]
    assert isinstance(fields, dict)
    return ["documents", uuid7(), "add", {
        "case_id": fields["case_id"], "name": "x.pdf", "media_type": "application/pdf",
        "content_sha256": "0" * 64, "size": 1, "created_at": 1,
    }, {}, [], []]  # fmt: skip


def first(desk: Desk, letter: list[object], **more: object) -> dict[str, object]:
    """The entry of a first signature."""
    pairs = {"state": ("draft", "signed"), "signed_by": (None, desk.clerk_id),
             "signed_at": (None, 5), "wording": (None, WORDING)}  # fmt: skip
    return desk.entry("letter.sign_first", changed("letters", str(letter[1]), **pairs), **more)


def second(desk: Desk, letter: list[object], **pairs: tuple[object, object]) -> dict[str, object]:
    """The entry of a second signature, with its document."""
    page = paper(desk, letter)
    fields: dict[str, tuple[object, object]] = {
        "state": ("signed", "final"), "second_by": (None, desk.clerk_id), "second_at": (None, 6),
        "document_id": (None, page[1]), **pairs,
    }  # fmt: skip
    return desk.entry("letter.sign", page, changed("letters", str(letter[1]), **fields))


def verdict(desk: Desk, entry: dict[str, object]) -> tuple[str, str]:
    (judged,) = desk.push(entry)
    return judged.outcome, judged.code


OK = ("ok", "")


def test_two_others_sign_in_their_own_names(desks: tuple[Desk, Desk, Desk]) -> None:
    meier, yilmaz, zander = desks
    letter = draft(meier)
    assert verdict(meier, meier.entry("letter.draft", letter)) == OK
    assert verdict(yilmaz, first(yilmaz, letter)) == OK
    assert verdict(zander, second(zander, letter)) == OK


def test_nobody_signs_their_own_draft(desks: tuple[Desk, Desk, Desk]) -> None:
    meier, yilmaz, _zander = desks
    letter = draft(meier)
    meier.act("letter.draft", letter)
    assert verdict(meier, first(meier, letter)) == ("rejected", "letter.four_eyes")
    assert verdict(yilmaz, first(yilmaz, letter)) == OK
    assert verdict(meier, second(meier, letter)) == ("rejected", "letter.four_eyes")


def test_nobody_signs_twice(desks: tuple[Desk, Desk, Desk]) -> None:
    meier, yilmaz, _zander = desks
    letter = draft(meier)
    meier.act("letter.draft", letter)
    yilmaz.push(first(yilmaz, letter))
    assert verdict(yilmaz, second(yilmaz, letter)) == ("rejected", "letter.four_eyes")


@pytest.mark.parametrize(
    ("details", "signatures", "said"),
    [
        ('{"fine": 100001}', 1, ("rejected", "letter.four_eyes")),
        ('{"\\u0066ine": 100001}', 1, ("rejected", "letter.four_eyes")),
        ('{"fine": 1, "fine": 100001}', 1, ("rejected", "letter.four_eyes")),
        ('{"fine": "viel"}', 1, ("rejected", "letter.four_eyes")),
        ("{kein JSON", 1, ("rejected", "letter.four_eyes")),
        ("{}", 1, ("rejected", "letter.four_eyes")),
        ('{"fine": 100001}', 2, OK),
        ('{"fine": 100000}', 1, OK),
    ],
)
def test_above_the_offices_limit_a_notice_needs_two(
    hub: Hub, desks: tuple[Desk, Desk, Desk], details: str, signatures: int, said: tuple[str, str]
) -> None:
    """Whatever the program that wrote it holds for the limit."""
    hub.clerk("leitung", buergeramt="supervisor")
    leads, meier = hub.desk("leitung"), desks[0]
    limit = changed("offices", "buergeramt", four_eyes_above=(None, 100_000))
    assert leads.act("office.settings", limit).outcome == "ok"
    letter = draft(meier, template="notice", details=details, signatures=signatures)
    assert verdict(meier, meier.entry("letter.draft", letter)) == said


def test_a_fine_that_grows_above_the_limit_needs_two_as_well(
    hub: Hub, desks: tuple[Desk, Desk, Desk]
) -> None:
    hub.clerk("leitung", buergeramt="supervisor")
    leads, meier = hub.desk("leitung"), desks[0]
    limit = changed("offices", "buergeramt", four_eyes_above=(None, 100_000))
    assert leads.act("office.settings", limit).outcome == "ok"
    letter = draft(meier, template="notice", details='{"fine": 5}', signatures=1)
    assert verdict(meier, meier.entry("letter.draft", letter)) == OK
    more = {"details": ('{"fine": 5}', '{"fine": 500000}')}
    alone = meier.entry("letter.change", changed("letters", str(letter[1]), **more))
    assert verdict(meier, alone) == ("rejected", "letter.four_eyes")
    both = changed("letters", str(letter[1]), **more, signatures=(1, 2))
    assert verdict(meier, meier.entry("letter.change", both)) == OK


Lie = Callable[[Desk, Desk, list[object]], dict[str, object]]
LIES: dict[str, tuple[str, Lie]] = {
    "another's signature": ("letter.forged", lambda m, y, one: m.entry(
        "letter.sign_first", changed("letters", str(one[1]), state=("draft", "signed"),
        signed_by=(None, y.clerk_id), wording=(None, WORDING)))),
    "signed for somebody, in one's own name": ("letter.forged", lambda m, y, one: m.entry(
        "letter.sign_first", changed("letters", str(one[1]), state=("draft", "signed"),
        signed_by=(None, m.clerk_id), signed_for=(None, y.clerk_id), wording=(None, WORDING)))),
    "a draft of another": ("letter.forged", lambda m, y, _one: m.entry(
        "letter.draft", draft(m, drafted_by=y.clerk_id))),
    "the author of a draft": ("letter.forged", lambda m, y, one: m.entry(
        "letter.change", changed("letters", str(one[1]), drafted_by=(m.clerk_id, y.clerk_id)))),
    "one signature less": ("letter.forged", lambda m, _y, one: m.entry(
        "letter.change", changed("letters", str(one[1]), signatures=(2, 1)))),
    "one signature less, as an undo": ("letter.forged", lambda m, _y, one: m.entry(
        "letter.draft", changed("letters", str(one[1]), signatures=(2, 1)), kind="undo",
        undoes=_last(m))),
    "born final": ("letter.forged", lambda m, _y, _one: m.entry(
        "letter.draft", draft(m, state="final"))),
    "final with one of two signatures": ("letter.forged", lambda m, _y, one: m.entry(
        "letter.sign", changed("letters", str(one[1]), state=("draft", "final")))),
    "signed under other words": ("letter.changed", lambda _m, y, one: y.entry(
        "letter.sign_first", changed("letters", str(one[1]), state=("draft", "signed"),
        signed_by=(None, y.clerk_id), wording=(None, "0" * 64)))),
}  # fmt: skip


def _last(desk: Desk) -> str:
    row = desk.db.execute("SELECT id FROM clerk.entry ORDER BY no DESC LIMIT 1").fetchone()
    assert row is not None
    return str(row[0])


@pytest.mark.parametrize("name", LIES)
def test_a_lie_about_a_letter_is_rejected_and_changes_nothing(
    hub: Hub, desks: tuple[Desk, Desk, Desk], name: str
) -> None:
    meier, yilmaz, _zander = desks
    letter = draft(meier)
    meier.act("letter.draft", letter)
    code, lie = LIES[name]
    entry = lie(meier, yilmaz, letter)
    before = hub.owner.execute("SELECT * FROM clerk.record WHERE tbl = 'letters'").fetchall()
    author = yilmaz if entry["clerk_id"] == yilmaz.clerk_id else meier
    assert verdict(author, entry) == ("rejected", code)
    after = hub.owner.execute("SELECT * FROM clerk.record WHERE tbl = 'letters'").fetchall()
    assert after == before


@pytest.mark.parametrize("field", ["details", "subject", "template", "signatures"])
def test_what_is_signed_keeps_its_words(desks: tuple[Desk, Desk, Desk], field: str) -> None:
    meier, yilmaz, _zander = desks
    letter = draft(meier)
    meier.act("letter.draft", letter)
    yilmaz.push(first(yilmaz, letter))
    fields = letter[3]
    assert isinstance(fields, dict)
    new = 3 if field == "signatures" else "{}"
    entry = meier.entry(
        "letter.change", changed("letters", str(letter[1]), **{field: (fields[field], new)})
    )
    assert verdict(meier, entry) == ("rejected", "letter.fixed")


def test_a_deputy_who_may_sign_does_it_in_the_other_s_place(
    hub: Hub, desks: tuple[Desk, Desk, Desk]
) -> None:
    meier, yilmaz, _zander = desks
    hub.clerk("kraft", buergeramt="clerk")
    kraft = hub.desk("kraft")
    letter = draft(meier)
    meier.act("letter.draft", letter)

    def tries(may: str, signed_for: str | None) -> tuple[str, str]:
        hub.owner.execute("DELETE FROM clerk.stand_in")
        hub.owner.execute(
            "INSERT INTO clerk.stand_in VALUES (%s, %s, %s, %s, '2000-01-01', '2999-01-01')",
            (uuid7(), yilmaz.clerk_id, kraft.clerk_id, may),
        )
        pairs = {"state": ("draft", "signed"), "signed_by": (None, kraft.clerk_id),
                 "signed_for": (None, signed_for), "wording": (None, WORDING)}  # fmt: skip
        entry = kraft.entry("letter.sign_first", changed("letters", str(letter[1]), **pairs))
        return verdict(kraft, entry | ({"on_behalf_of": signed_for} if signed_for else {}))

    assert tries("act", yilmaz.clerk_id) == ("rejected", "role.missing")
    assert tries("act", None) == ("rejected", "role.missing")
    assert tries("sign", None) == ("rejected", "role.missing")  # whose role it is has to be said
    assert tries("sign", yilmaz.clerk_id) == OK


# Two workstations


@pytest.fixture
def two(hub: Hub, tmp_path: Path) -> Iterator[tuple[Station, Station]]:
    made = []
    for login in ("meier", "yilmaz"):
        hub.clerk(login, buergeramt="officer")
        one = Station(hub, tmp_path / login, login)
        one.actor = Actor(one.actor.clerk_id, one.actor.name, {"buergeramt": "officer"})
        one.sync.once()
        made.append(one)
    yield made[0], made[1]
    for one in made:
        one.close()


def settle(*stations: Station) -> None:
    for _ in range(2):
        for one in stations:
            one.sync.once()
    for one in stations:
        assert one.is_sound()
        assert one.one("SELECT count(*) FROM outbox WHERE seq > ?", PENDING) == 0


def words(text: str) -> Plain:
    return Plain(to=Address(name="Erika Beispiel"), number="1", subject="Betreff", text=text)


def drafted(station: Station) -> str:
    row = station.open_case("32.1-2026-000001")
    return letters.draft(station.store, station.actor, row.id, "plain", words("Alt.")).id


def letter(station: Station, letter_id: str) -> Letter:
    found = pages.record(station.store.db, letter_id)
    assert found is not None
    return found


def test_one_drafts_and_the_other_signs(two: tuple[Station, Station]) -> None:
    meier, yilmaz = two
    one = drafted(meier)
    settle(meier, yilmaz)
    signing.sign(yilmaz.store, yilmaz.actor, [one])
    settle(meier, yilmaz)
    assert letter(meier, one) == letter(yilmaz, one)
    assert letter(meier, one).signed_by == yilmaz.actor.clerk_id
    assert "Alt." in words_of(pdf_of(yilmaz.store.db, letter(yilmaz, one)))


def test_words_changed_first_keep_off_the_signature_under_the_old_ones(
    two: tuple[Station, Station],
) -> None:
    """Both offline: Meier changes the words, Yilmaz signs the old ones. Meier is there first."""
    meier, yilmaz = two
    one = drafted(meier)
    settle(meier, yilmaz)
    letters.revise(meier.store, meier.actor, one, words("Neu."))
    signing.sign(yilmaz.store, yilmaz.actor, [one])
    settle(meier, yilmaz)
    assert letter(meier, one) == letter(yilmaz, one)
    assert (letter(yilmaz, one).state, letter(yilmaz, one).signed_by) == ("draft", None)
    (back,) = returned.open_ones(yilmaz.store, Names(yilmaz.store.db))
    assert back.code == "letter.changed"
    assert back.sentence.endswith("Look at it again.")
    with pytest.raises(Refused) as refused:
        conflicts.again(yilmaz.store, yilmaz.actor, back.entry_id)
    assert refused.value.refusal.code == "conflict.not_again"
    signing.sign(yilmaz.store, yilmaz.actor, [one])
    settle(meier, yilmaz)
    assert letter(meier, one).state == "final"
    assert "Neu." in words_of(pdf_of(yilmaz.store.db, letter(yilmaz, one)))


def test_a_signature_that_came_first_keeps_off_the_change(two: tuple[Station, Station]) -> None:
    meier, yilmaz = two
    one = drafted(meier)
    settle(meier, yilmaz)
    signing.sign(yilmaz.store, yilmaz.actor, [one])
    letters.revise(meier.store, meier.actor, one, words("Neu."))
    settle(yilmaz, meier)
    assert letter(meier, one) == letter(yilmaz, one)
    assert letter(meier, one).state == "final"
    (back,) = returned.open_ones(meier.store, Names(meier.store.db))
    assert back.code == "letter.fixed"


def test_two_who_sign_at_once_are_not_merged(two: tuple[Station, Station]) -> None:
    meier, yilmaz = two
    one = drafted(meier)
    settle(meier, yilmaz)
    for station in two:
        signing.sign(station.store, station.actor, [one])
    settle(meier, yilmaz)
    assert letter(meier, one) == letter(yilmaz, one)
    assert letter(meier, one).signed_by == meier.actor.clerk_id
    (back,) = returned.open_ones(yilmaz.store, Names(yilmaz.store.db))
    assert back.outcome == "conflict"
    with pytest.raises(Refused) as refused:
        conflicts.resolve(yilmaz.store, yilmaz.actor, back.entry_id, {})
    assert refused.value.refusal.code == "conflict.signature"
    conflicts.let_go(yilmaz.store, yilmaz.actor, back.entry_id)
    settle(meier, yilmaz)
