"""Fast entry of fines, by key: how many it takes, what stays, what is said, what is not lost."""

from clerk.session import Session
from storage.pages import fines
from storage.records import Case, Fine
from tests import support
from tests.driver import NARROW, WIDE, Clerk, workstation

MOST_KEYS = 40


class Counting:
    """Counts the keys of a record: each character and each key is one."""

    def __init__(self, clerk: Clerk) -> None:
        self._clerk = clerk
        self.keys = 0

    async def type(self, text: str) -> None:
        self.keys += len(text)
        await self._clerk.type(text)

    async def press(self, *keys: str) -> None:
        self.keys += len(keys)
        await self._clerk.press(*keys)


def recorded(session: Session) -> list[tuple[Case, Fine]]:
    """All fines, in the order they were recorded."""
    found = []
    with session.store.change(session.actor, "test.read") as change:
        for (case_id,) in session.store.db.execute("SELECT case_id FROM fines ORDER BY id"):
            fine = fines.of_case(session.store.db, case_id)
            assert fine is not None
            found.append((change.get(Case, case_id), fine))
    return found


async def test_a_record_takes_less_than_forty_keys(fining: Session) -> None:
    """The first of a series with offence, place, day, time and a person known, and the next one."""
    async with workstation(fining, NARROW) as clerk:
        await clerk.press("g", "o", "n")
        first = Counting(clerk)
        await first.type("hund lei")
        await first.press("enter")
        await first.type("in der f")  # one of the choices of the offence
        await first.press("enter")
        await first.type("haup 5")
        await first.press("enter", "enter")  # the day is today
        await first.type("930")
        await first.press("enter", "enter")  # no plate
        await first.type("mül")
        await first.press("enter", "f9")
        assert "recorded" in clerk.screen
        second = Counting(clerk)
        await second.type("112454")
        await second.press("enter")
        await second.type("17")  # the street is still there
        await second.press("enter", "enter")
        await second.type("945")
        await second.press("enter")
        await second.type("bxy123")
        await second.press("f9")
        assert "2 in this series" in clerk.screen
    (dog, one), (car, other) = recorded(fining)
    assert (one.place, one.acted_from) == ("Hauptstraße 5", "2026-11-23T09:30")
    assert one.amount == 35_00
    assert dog.person_id is not None
    assert (other.place, other.plate) == ("Hauptstraße 17", "BXY123")
    assert car.subject == "Parken auf dem Gehweg, Hauptstraße 17"
    assert first.keys < MOST_KEYS, first.keys
    assert second.keys < MOST_KEYS / 2 + 5, second.keys
    [charged] = fines.offences(fining.store.db, dog.id)
    assert charged.charge == "Sie haben Ihren Hund in der Fußgängerzone nicht angeleint geführt."


async def test_what_is_common_to_a_series_stays(fining: Session) -> None:
    """Street, day and officer; the rest is empty for the next record."""
    async with workstation(fining, WIDE) as clerk:
        await clerk.press("g", "o", "n")
        await record(clerk, "112454", "haup 9", day="gestern", officer="AD 7")
        await record(clerk, "112292", "12")
        assert "2 in this series" in clerk.screen
    made = [fine for _case, fine in recorded(fining)]
    assert [one.place for one in made] == ["Hauptstraße 9", "Hauptstraße 12"]
    assert [one.acted_from for one in made] == ["2026-11-22", "2026-11-22"]
    assert [one.officer for one in made] == ["AD 7", "AD 7"]
    assert [one.plate for one in made] == ["", ""]


async def record(
    clerk: Clerk, offence: str, place: str, *, day: str = "", officer: str = ""
) -> None:
    """One record by its rows."""
    await clerk.type(offence)
    await clerk.press("enter")
    await clerk.type(place)
    await clerk.press("enter")
    await clerk.type(day)
    await clerk.press("enter", "tab", "tab", "tab", "tab", "tab", "tab")
    await clerk.type(officer)
    await clerk.press("f9")


async def test_errors_stand_beside_their_row(fining: Session) -> None:
    async with workstation(fining, WIDE) as clerk:
        await clerk.press("g", "o", "n", "f9")
        assert row(clerk, "Offence").endswith("✗ What is charged is missing.")
        await clerk.type("112454")
        await clerk.press("enter")
        await clerk.type("Feldweg")
        await clerk.press("enter")
        await clerk.type("4.7.2027")
        await clerk.press("f9")
        assert "✗ The act lies in the future." in row(clerk, "Day")
        for _ in range(len("4.7.2027")):
            await clerk.press("backspace")
        await clerk.press("enter")
        await clerk.type("1430-1410")  # into the next day, which has not come yet
        await clerk.press("f9")
        assert "✗ The act lies in the future." in row(clerk, "Time")
    assert recorded(fining) == []


def row(clerk: Clerk, label: str) -> str:
    """The row with this label, as painted."""
    return next(one.strip() for one in clerk.painted if one.strip().startswith(label))


async def test_what_is_to_be_known_is_said_and_f9_again_saves(fining: Session) -> None:
    """Under 21, and perhaps the same act: with the number of the other one."""
    async with workstation(fining, WIDE) as clerk:
        await clerk.press("g", "o", "n")
        for _ in range(2):
            await clerk.type("112454")
            await clerk.press("enter")
            await clerk.type("haup 5")
            await clerk.press("enter", "enter", "tab", "tab")
            await clerk.type("Yıldız")
            await clerk.press("enter", "f9")
            assert "F9 again saves it." in clerk.screen
            assert "17 years old" in clerk.screen
            if recorded(fining):
                assert "Perhaps recorded already:" in clerk.screen
                assert "32.1-2026-000001, Hauptstraße 5." in clerk.screen
            await clerk.press("f9")
            assert "recorded" in clerk.screen
            await clerk.press("tab")
            for _ in range(len("Hauptstraße ")):
                await clerk.press("backspace")
            await clerk.press("shift+tab")
    assert len(recorded(fining)) == 2


async def test_half_typed_is_not_lost(fining: Session) -> None:
    """Neither by Esc nor by the lock; a choice stays the choice it was."""
    async with workstation(fining, WIDE) as clerk:
        await clerk.press("g", "o", "n")
        await clerk.type("112454")
        await clerk.press("enter")
        await clerk.type("haup 5")
        await clerk.press("enter", "escape")
        await clerk.press("n")
        assert "This was half typed" in clerk.screen
        assert "112454 Parken auf dem Gehweg" in clerk.screen
        await clerk.press("f9")
        assert "32.1-2026-000001 recorded" in clerk.screen
        await clerk.press("escape", "n")
        assert "This was half typed" not in clerk.screen
    assert len(recorded(fining)) == 1


async def test_several_offences_and_people(fining: Session) -> None:
    """F3 and F4 give one more row of each; one act costs the highest, several each."""
    async with workstation(fining, WIDE) as clerk:
        await clerk.press("g", "o", "n")
        await clerk.type("HUN02")
        await clerk.press("enter", "f3")
        await clerk.type("HUN07")
        await clerk.press("enter", "f4")
        await clerk.type("keep")
        await clerk.press("enter")
        await clerk.type("Erika Neumann")
        await clerk.press("enter")
        await clerk.type("Am Wall 3")
        await clerk.press("enter")
        await clerk.type("4.5.80")
        await clerk.press("f9")
        assert "✗ Where it was is missing." in row(clerk, "Place")
        await clerk.type("Stadtpark")
        await clerk.press("f9")
        assert "recorded" in clerk.screen
    [(case, fine)] = recorded(fining)
    charged = fines.offences(fining.store.db, case.id)
    assert [one.code for one in charged] == ["HUN02", "HUN07"]
    assert fine.amount == max(one.amount for one in charged)
    [(part, person)] = fines.participants(fining.store.db, case.id)
    assert (part.role, person.family_name, person.born_on) == ("keeper", "Neumann", "1980-05-04")
    assert (person.street, person.city) == ("Am Wall 3", support.TOWN)


async def test_an_offence_in_ones_own_words(fining: Session) -> None:
    async with workstation(fining, WIDE) as clerk:
        await clerk.press("g", "o", "n")
        await clerk.type("Sie haben gegrölt")
        await clerk.press("enter")
        await clerk.type("§ 1 Satzung")
        await clerk.press("enter", "enter")
        await clerk.type("Feldweg")
        await clerk.press("f9")
        assert "✗ The amount must be more than nothing." in row(clerk, "Amount")
        await clerk.type("30")
        await clerk.press("f9")
    [(case, fine)] = recorded(fining)
    [charged] = fines.offences(fining.store.db, case.id)
    assert (charged.charge, charged.provisions) == ("Sie haben gegrölt", "§ 1 Satzung")
    assert fine.amount == 30_00


async def test_facts_are_changed_in_the_same_rows(fining: Session) -> None:
    async with workstation(fining, WIDE) as clerk:
        await clerk.press("g", "o", "n")
        await clerk.type("HUN01")
        await clerk.press("enter")
        await clerk.type("Grün")
        await clerk.press("enter")
        await clerk.type("haup 5")
        await clerk.press("enter", "f9", "escape", "d")
        assert "Change 32.1-2026-000001" in clerk.screen
        assert "in der Grünanlage" in clerk.screen
        await clerk.press("tab", "tab")
        await clerk.type("5")
        await clerk.press("f9")
        assert "Facts changed" in clerk.toast
        await clerk.press("z")
        assert "Taken back" in clerk.toast
        await clerk.press("Z")
    [(case, fine)] = recorded(fining)
    assert (fine.place, case.subject) == ("Hauptstraße 55", "Hund nicht angeleint, Hauptstraße 55")
    [charged] = fines.offences(fining.store.db, case.id)
    assert "in der Grünanlage" in charged.charge


async def test_hostile_text_is_only_text(fining: Session) -> None:
    async with workstation(fining, NARROW) as clerk:
        await clerk.press("g", "o", "n")
        for _ in range(6):
            await clerk.paste(support.HOSTILE * 5)
            await clerk.press("tab")
        await clerk.press("f9", "f9")
        assert all(one.isprintable() for one in clerk.painted)
