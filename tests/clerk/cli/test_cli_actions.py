"""The table of actions and the command line say the same; no use case is without a verb."""

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import clerk.cli
import clerk.desks
from clerk import clock
from clerk.actions import ACTIONS, Action
from clerk.cli.nouns import NOUNS, overview
from clerk.desks import cases as case_desk
from clerk.rules.fine_states import ACTIONS as ACTIONS_OF_FINES
from clerk.session import Session
from storage.history import latest
from storage.pages.names import Names
from storage.records import Claim, Item, Payment
from storage.sync import own
from storage.terms import ClaimKind, ItemState, PaymentKind, PaymentState
from tests import support
from tests.clerk.desks.fine_scenarios import SAID, come_to
from tests.commands import Commands

# Tried with its printer in tests/clerk/cli/test_cli_letters.py.
ELSEWHERE = {"letter.send"}
WITH_VERB = [one for one in ACTIONS if one.cli and one.id not in ELSEWHERE]
# What other functions are made of, and what only asks.
WITHOUT_VERB = {
    "absences.returned_from", "letters.each", "outbox.due", "outbox.sent", "outbox.waiting",
    "signing.sign",
}  # fmt: skip


def step(name: str) -> list[str]:
    """The rest of the line of a step of a fine: the case, the step, what it asks for."""
    line = [f"FINE:{name}", name.replace("_", "-")]
    for option, value in SAID.get(name, {}).items():
        line += [f"--{option.replace('_', '-')}", *([] if value == "yes" else [value])]
    return line


# What makes the action possible, and the rest of its line; "ITEM", "CASE", "FOLLOW_UP" and "OLD"
# (an item that is done) are put in by the test.
LINES: dict[str, list[str]] = {
    "app.undo": [],
    "app.redo": [],
    "go.services": [],
    "list.search": ["Laterne"],
    "app.beyond": ["Laterne"],
    "item.take": ["ITEM"],
    "item.release": ["TAKEN"],
    "item.hand_over": ["ITEM", "--to", "tiefbau"],
    "item.file": ["ITEM", "--case", "CASE"],
    "item.done": ["ITEM"],
    "item.note": ["ITEM", "Text"],
    "item.follow_up": ["ITEM", "--on", "3t"],
    "item.aside": ["ITEM"],
    "item.duplicate": ["ITEM"],
    "item.spam": ["ITEM"],
    "item.reopen": ["OLD"],
    "item.raise": ["ITEM", "--up"],
    "item.lower": ["ITEM", "--down"],
    "case.take": ["NOBODYS"],
    "case.hand_over": ["CASE", "--to", "tiefbau"],
    "case.note": ["CASE", "Text"],
    "case.follow_up": ["CASE", "--on", "2w"],
    "case.wait": ["CASE", "Unterlagen", "--until", "2w"],
    "case.go_on": ["WAITING"],
    "case.close": ["CASE", "--result", "erledigt"],
    "case.reopen": ["CLOSED"],
    "follow_up.done": ["FOLLOW_UP"],
    "go.conflicts": [],
    "go.payments": [],
    "go.absences": [],
    "go.letters": [],
    "case.letter": ["--case", "CASE", "--subject", "Ihre Anfrage", "--text", "Guten Tag."],
    "letter.sign": ["LETTER"],
    "letter.withdraw": ["LETTER"],
    "payment.assign": ["PAYMENT", "OWING"],
    "payment.accept": ["SUGGESTED"],
    "payment.reject": ["SUGGESTED"],
    "payment.refund": ["PAYMENT"],
    "payment.refunded": ["WANTED"],
    "payment.take_off": ["BOOKED"],
    "absence.set": ["--from", "heute", "--to", "1w"],
    "absence.change": ["--from", "heute", "--to", "2w", "--change", "ABSENCE"],
    "absence.end": ["ABSENCE"],
    "conflict.resolve": ["CONFLICT", "--field", "priority=mine"],
    "go.fines": [],
    "fine.new": ["--words", "Sie haben gelärmt.", "--amount", "40", "--place", "Marktplatz"],
    "fine.edit": ["FINE:edit", "--from", "FACTS"],
    **{one: step(one.removeprefix("fine.")) for one in ACTIONS_OF_FINES if one != "fine.edit"},
}
READS = {
    "go.services", "go.conflicts", "go.payments", "go.absences", "go.letters", "go.fines",
    "list.search", "app.beyond",
}  # fmt: skip
# What an action is called in the journal, where two keys lead to one act.
JOURNALED = {"absence.change": "absence.set", "case.letter": "letter.draft"}


def records(  # noqa: C901 - a small maker for each kind of record
    session: Session, clerk: Commands
) -> dict[str, Callable[[], str]]:
    """A record in the state that an action needs, made when it is asked for."""

    def taken() -> str:
        return support.add_item(session, "Genommen", claimed_by=session.actor.clerk_id)

    def nobodys() -> str:
        case = support.add_case(session)
        case_desk.hand_over(session.store, session.actor, case.id, "tiefbau")
        return case.number

    def closed() -> str:
        case = support.add_case(session)
        case_desk.close(session.store, session.actor, case.id, "fertig")
        return case.number

    def waiting() -> str:
        case = support.add_case(session)
        day = clock.local(session.store.clock()).date()
        case_desk.wait(session.store, session.actor, case.id, "Unterlagen", day)
        return case.number

    def follow_up() -> str:
        number = support.add_case(session).number
        clerk.done("case", "follow-up", number, "--on", "3t")
        return str(clerk("case", "follow-ups", "--json").rows("follow_ups")[0]["id"])

    def conflict() -> str:
        item, entries = support.add_item(session), []
        for value in (1, 2):
            with session.store.change(session.actor, "item.priority") as change:
                change.set(change.get(Item, item), priority=value)
            entries.append(change.entry_id)
        with session.store.beneath() as (db, _index):
            own.refused(db, entries[0], 1, "conflict", {"code": "conflict"})
        return entries[0]

    def payment(state: PaymentState) -> str:
        owing = support.add_case(session)
        wanted = state is PaymentState.WANTED
        with session.store.change(session.actor, "test.payment") as change:
            change.add(
                Claim(
                    case_id=owing.id, office_id=owing.office_id, kind=ClaimKind.OTHER, reference="",
                    position=1, amount=500, created_at=change.at,
                )
            )  # fmt: skip
            made = change.add(
                Payment(
                    office_id=owing.office_id,
                    case_id=owing.id,
                    external_id=owing.id,
                    kind=PaymentKind.REFUND if wanted else PaymentKind.BANK,
                    state=state,
                    booked_on="2026-01-15",
                    amount=-500 if wanted else 500,
                    created_at=change.at,
                )
            )
        return made.id

    def owing() -> str:
        payment(PaymentState.CLARIFY)
        sql = "SELECT number FROM cases ORDER BY pos DESC LIMIT 1"
        return str(session.store.db.execute(sql).fetchone()[0])

    def absence() -> str:
        return str(clerk.done("absence", "set", "--from", "heute", "--to", "1w")["id"])

    def facts() -> str:
        file = session.home / "facts.json"
        file.write_text('{"place": "Stadtpark"}', encoding="utf-8")
        return str(file)

    def fine(name: str) -> Callable[[], str]:
        return lambda: Names(session.store.db).case(come_to(session, name, "ordnungsamt"))

    return {
        **{f"FINE:{one[5:]}": fine(one[5:]) for one in ACTIONS_OF_FINES},
        "FACTS": facts,
        "PAYMENT": lambda: payment(PaymentState.CLARIFY),
        "SUGGESTED": lambda: payment(PaymentState.SUGGESTED),
        "BOOKED": lambda: payment(PaymentState.BOOKED),
        "WANTED": lambda: payment(PaymentState.WANTED),
        "OWING": owing,
        "LETTER": lambda: support.add_letter(session),
        "ABSENCE": absence,
        "CONFLICT": conflict,
        "ITEM": lambda: support.add_item(session),
        "TAKEN": taken,
        "OLD": lambda: support.add_item(session, "Alt", state=ItemState.DONE),
        "CASE": lambda: support.add_case(session).number,
        "NOBODYS": nobodys,
        "CLOSED": closed,
        "WAITING": waiting,
        "FOLLOW_UP": follow_up,
    }


@pytest.mark.parametrize("action", WITH_VERB, ids=lambda action: action.id)
def test_the_verb_of_an_action_runs_its_use_case(
    action: Action, session: Session, clerk: Commands
) -> None:
    made = records(session, clerk)
    line = [made[word]() if word in made else word for word in LINES[action.id]]
    if action.id in ("app.undo", "app.redo"):
        clerk.done("inbox", "take", support.add_item(session))
    if action.id == "app.redo":
        clerk.done("undo")
    before = latest(session.store.db, limit=1)[0].seq
    answer = clerk(*action.cli.split(), *line)
    assert (answer.code, answer.err) == (0, "")
    entry = latest(session.store.db, limit=1)[0]
    if action.id in READS:
        assert entry.seq == before
        return
    expected = {"app.undo": ("item.take", "undo"), "app.redo": ("item.take", "redo")}
    assert (entry.action, entry.kind) == expected.get(
        action.id, (JOURNALED.get(action.id, action.id), "do")
    )
    assert entry.seq == before + 1


def test_every_action_with_a_verb_is_tried_here() -> None:
    assert {one.id for one in WITH_VERB} == LINES.keys()


def use_cases() -> Iterator[str]:
    """``inbox.take`` and the like: public functions of the desks that act for somebody."""
    for module in pkgutil.iter_modules(clerk.desks.__path__):
        desk = importlib.import_module(f"clerk.desks.{module.name}")
        for name, function in inspect.getmembers(desk, inspect.isfunction):
            here = function.__module__ == desk.__name__ and not name.startswith("_")
            if here and list(inspect.signature(function).parameters)[:2] == ["store", "actor"]:
                yield f"{module.name}.{name}"


def called() -> set[str]:
    """What the command line takes from the desks: ``desk.name`` through any alias."""
    found: set[str] = set()
    for file in Path(clerk.cli.__path__[0]).glob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        aliases: dict[str, str] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("clerk.desks"):
                module = (node.module or "").removeprefix("clerk.desks").lstrip(".")
                for one in node.names:
                    if module:
                        found.add(f"{module}.{one.name}")
                    else:
                        aliases[one.asname or one.name] = one.name
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                found.add(f"{aliases.get(node.value.id)}.{node.attr}")
    return found


def test_no_use_case_lacks_a_verb() -> None:
    known = list(use_cases())
    assert {"inbox.take", "cases.close", "follow_ups.finish"} <= set(known)
    assert set(known) - called() == WITHOUT_VERB


def test_every_noun_has_its_help(clerk: Commands) -> None:
    for noun in NOUNS:
        assert noun in overview()
        answer = clerk(noun, "--help")
        assert answer.code == 0
        assert f"clerk {noun}" in answer.out
    assert clerk("--help").out == overview() + "\n"
