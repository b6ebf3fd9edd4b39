"""Mails reach transactions as they come, and no transaction waits for one."""

from collections.abc import Iterator, Mapping

import pytest

from clerk.intake import pool
from clerk.intake.arrivals import Arrivals
from clerk.intake.pool import Batches, Taken, arriving, parsed
from clerk.intake.receive import receive
from clerk.intake.sources.source import Raw
from clerk.session import Session
from storage.verify import verify
from tests.clerk.intake.corpora import mail


def raws(count: int) -> list[Raw]:
    return [Raw(f"test:{n}", n, data=mail(f"Text {n}", subject=str(n))) for n in range(count)]


def some(count: int) -> list[Taken]:
    return list(parsed(iter(raws(count)), 1))


class Given:
    """A source of nothing: the batches are given beside it."""

    def __init__(self, *, waits: bool = False) -> None:
        self.waits = waits

    def count(self) -> int | None:
        return None

    def messages(self) -> Iterator[Raw]:
        raise AssertionError("batches were given")

    def resume(self, last: Raw) -> Mapping[str, str]:
        return {"last": last.external_id}

    def close(self) -> None:
        """Nothing is held open."""


def names(found: list[Taken]) -> list[str]:
    return [one.source.external_id for one in found]


def test_a_mail_that_does_not_come_is_waited_for_by_nobody_inside() -> None:
    first, second = some(2)

    def batches() -> Batches:
        yield [first]
        yield None
        yield [second]

    arrivals = Arrivals(batches())
    assert arrivals.wait()
    assert [arrivals.take(), arrivals.take()] == [first, None]
    assert arrivals.wait()
    assert [arrivals.take(), arrivals.take()] == [second, None]
    assert not arrivals.wait()


def test_an_error_comes_after_what_was_there_and_never_inside() -> None:
    (first,) = some(1)

    def batches() -> Batches:
        yield [first]
        raise ConnectionResetError

    for collect in (0, 10):
        arrivals = Arrivals(batches(), collect)
        assert arrivals.wait()
        assert [arrivals.take(), arrivals.take()] == [first, None]
        with pytest.raises(ConnectionResetError):
            arrivals.wait()


def test_what_comes_over_a_line_is_collected_before_it_is_given_out() -> None:
    found = some(5)
    asked = []

    def batches() -> Batches:
        for one in found:
            asked.append(one)
            yield [one]

    arrivals = Arrivals(batches(), 3)
    assert arrivals.wait()
    assert [arrivals.take() for _ in range(4)] == [*found[:3], None]
    assert asked == found[:3]
    assert arrivals.wait()
    assert [arrivals.take() for _ in range(3)] == [*found[3:], None]
    assert not arrivals.wait()


@pytest.mark.parametrize("waits", [False, True])
def test_no_transaction_stands_open_while_a_mail_is_waited_for(
    session: Session, waits: bool
) -> None:
    found = some(4)
    db = session.store.db
    stored = []

    def batches() -> Batches:
        yield found[:3]
        yield None
        stored.append((db.in_transaction, db.execute("SELECT count(*) FROM items").fetchone()[0]))
        yield found[3:]

    source = Given(waits=waits)
    assert receive(session.store, session.actor, source, batches=batches()).stored == 4
    assert stored == [(False, 0 if waits else 3)]
    assert verify(db).difference is None


def test_what_came_before_an_error_is_stored(session: Session) -> None:
    def batches() -> Batches:
        yield some(3)
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        receive(session.store, session.actor, Given(), batches=batches())
    assert session.store.db.execute("SELECT count(*) FROM items").fetchone() == (3,)


def test_a_worker_that_takes_its_time_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "_A_WHILE", 0.001)
    came = list(arriving(iter(raws(600)), 2))
    assert None in came
    assert names([one for batch in came for one in batch or ()]) == [
        f"test:{n}" for n in range(600)
    ]
