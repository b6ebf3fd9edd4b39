"""Every action × every role × own, foreign and no office, through the real use cases.

What is expected stands in ``permission_matrix.txt``. After a change of the rules that is meant:
``python -m tests.clerk.desks.test_permission_matrix --update``, then read the difference line by
line, for it says who may do what from now on.
"""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from clerk.actions import ACTIONS
from clerk.desks import cases, inbox_guards
from clerk.refusal import Refusal, Refused
from clerk.rules.permissions import PERMISSIONS
from clerk.session import Session
from storage.actor import Actor
from storage.terms import Role
from storage.verify import verify
from tests import support
from tests.clerk.desks.scenarios import (
    FOREIGN,
    OWN,
    SCENARIOS,
    WITHOUT_RECORD,
    WITHOUT_RECORD_PLACES,
)

FILE = Path(__file__).with_name("permission_matrix.txt")
ROLES = (*Role, "none")
OFFICES = {"own": OWN, "foreign": FOREIGN, "no office": None}
HEAD = """\
# Who may do what: the outcome of every use case on a record of the actor's own office, of a foreign
# one, and of none. "done", or the code of the refusal; "-": there is no such record.
# Made by `python -m tests.clerk.desks.test_permission_matrix --update`, then read line by line.
"""


def actor_with(role: str) -> Actor:
    """Somebody with this role in their office, or without any."""
    return Actor("tester", "Test Person", {} if role == "none" else {OWN: role})


def entries(session: Session) -> int:
    return int(session.store.db.execute("SELECT count(*) FROM entries").fetchone()[0])


def outcome(session: Session, action: str, role: str, office: str | None) -> str:
    """What becomes of the action; on the way: guard and use case agree, and the entry tells it."""
    actor = actor_with(role)
    trial = SCENARIOS[action](session, actor, office)
    if trial is None:
        return "-"
    said = trial.guard() if trial.guard else None
    before = entries(session)
    refusal: Refusal | None = None
    try:
        trial.run()
    except Refused as refused:
        refusal = refused.refusal
    assert trial.guard is None or said == refusal
    # A scenario may need something beside (a case to file into); only the actor's entries count.
    written = session.store.db.execute(
        "SELECT action FROM entries WHERE clerk_id = ? AND seq > ?", (actor.clerk_id, before)
    ).fetchall()
    assert written == ([] if refusal else [(trial.entry,)])
    assert refusal is None or refusal.sentence.endswith(".")
    return refusal.code if refusal else "done"


def line(session: Session, action: str, role: str) -> str:
    found = [outcome(session, action, role, office) for office in OFFICES.values()]
    return f"{action:25}{role:12}" + "".join(f"{one:22}" for one in found).rstrip()


def table(session: Session) -> str:
    """The whole matrix as text."""
    head = f"{'action':25}{'role':12}" + "".join(f"{name:22}" for name in OFFICES).rstrip()
    blocks = ["\n".join(line(session, action, role) for role in ROLES) for action in SCENARIOS]
    return HEAD + "\n" + "\n\n".join([head, *blocks]) + "\n"


def expected() -> Iterator[tuple[str, str, str]]:
    """(action, role, line) of the file."""
    for text in FILE.read_text(encoding="utf-8").splitlines():
        if text and not text.startswith(("#", "action ")):
            action, role = text.split()[:2]
            yield action, role, text


@pytest.mark.parametrize("action", SCENARIOS)
def test_who_may_do_what(session: Session, action: str) -> None:
    wanted = [text for one, _role, text in expected() if one == action]
    assert [line(session, action, role) for role in ROLES] == wanted
    assert verify(session.store.db).difference is None


def test_every_permission_has_a_scenario() -> None:
    assert not PERMISSIONS.keys() - SCENARIOS.keys(), "write a scenario, then --update"


def test_every_action_has_a_scenario() -> None:
    for action in ACTIONS:
        place = action.id.split(".")[0]
        known = action.id in SCENARIOS or action.id in WITHOUT_RECORD
        assert known or place in WITHOUT_RECORD_PLACES, action.id


def test_every_guard_has_a_scenario() -> None:
    guards = inbox_guards.GUARDS.keys() | cases.GUARDS.keys()
    assert not guards - SCENARIOS.keys()


def test_the_file_names_every_case_once() -> None:
    named = [(action, role) for action, role, _text in expected()]
    assert named == [(action, role) for action in SCENARIOS for role in ROLES]


def test_the_table_of_permissions_and_the_file_agree() -> None:
    """A role that PERMISSIONS lists may do it in its own office, and nobody else may."""
    for action, role, text in expected():
        if action not in PERMISSIONS:
            continue
        column = 4 if action == "library.import" else 2
        cells = text.split()
        assert (cells[column] == "done") == (role in PERMISSIONS[action]), text


def test_administrators_do_not_work_on_matters() -> None:
    """DSGVO Art. 5 (1) c, BDSG 64: who runs the program need not know what is in it."""
    done = {a for a, role, text in expected() if role == "admin" and "done" in text.split()[2:]}
    assert done == {"library.import", "office.settings", "fine.catalogue"}


def main() -> None:
    """Write the file anew."""
    with tempfile.TemporaryDirectory() as folder:
        session = support.make_session(Path(folder) / "home")
        FILE.write_text(table(session), encoding="utf-8")
        session.store.close()


if __name__ == "__main__":
    if sys.argv[1:] != ["--update"]:
        sys.exit("usage: python -m tests.clerk.desks.test_permission_matrix --update")
    main()
