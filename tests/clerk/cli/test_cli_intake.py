"""``clerk intake`` beside others: a second intake waits or says so, acts of clerks go first."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from clerk import locks
from clerk.session import Session
from storage.store import Store
from tests.commands import Commands


@pytest.fixture
def mails(tmp_path: Path) -> Path:
    """A folder with twelve of them."""
    folder = tmp_path / "mails"
    folder.mkdir()
    for n in range(12):
        (folder / f"{n}.eml").write_text(f"From: a@example.org\nSubject: Mail {n}\n\nText {n}\n")
    return folder


@pytest.fixture
def another(session: Session) -> Iterator[None]:
    """Another intake is at work."""
    held = locks.take(session.home, locks.INTAKE)
    assert held is not None
    yield
    locks.release(held)


@pytest.mark.usefixtures("another")
def test_a_second_intake_is_refused_in_words(clerk: Commands, mails: Path) -> None:
    line = ("intake", "mail", str(mails), "--once", "--wait", "0")
    assert "Another intake" in clerk.refused(*line, code="intake.running")


@pytest.mark.usefixtures("another")
def test_acts_go_on_beside_an_intake(clerk: Commands) -> None:
    clerk.done("case", "new", "--subject", "Am Tresen", "--office", "buergerbuero")


def test_a_second_intake_waits_and_says_so(
    session: Session, clerk: Commands, mails: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = locks.take(session.home, locks.INTAKE)
    assert held is not None
    monkeypatch.setattr("time.sleep", lambda _seconds: locks.release(held))
    answer = clerk("intake", "mail", str(mails), "--once")
    assert answer.code == 0
    assert answer.err == "Another intake is running on this store; waiting for it.\n"
    assert answer.out.startswith("12 seen: 12 stored")


def test_an_intake_gives_way_to_whoever_wants_to_write(
    session: Session, clerk: Commands, mails: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else each transaction holds the file for thousands of mails."""
    groups = []
    group = Store.group

    @contextmanager
    def counted(store: Store) -> Iterator[None]:
        with group(store):
            yield
        groups.append(1)

    monkeypatch.setattr(Store, "group", counted)
    monkeypatch.setattr(Store, "is_wanted", lambda _store: len(groups) < 5)
    assert clerk.done("intake", "mail", str(mails), "--once")["stored"] == 12
    assert len(groups) == 6
    assert clerk("verify").code == 0
