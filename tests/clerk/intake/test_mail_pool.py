"""Parsing in processes: order, the same results, and every way in which a process can end."""

import os
import select
import signal
import subprocess
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from clerk.intake import crew, pool
from clerk.intake.message import PARSER_ENDED, TOO_LARGE, UNREADABLE, ParsedMail, Quarantine
from clerk.intake.pool import parsed
from clerk.intake.sources.maildir import Maildir
from clerk.intake.sources.source import Raw
from clerk.intake.wire import pack_results
from clerk.refusal import Refused
from tests.clerk.intake.corpora import mail, multipart, part

POISONED = "tests.clerk.intake.poisoned_worker"


def raws(count: int, poison: frozenset[int] = frozenset()) -> Iterator[Raw]:
    for n in range(count):
        text = "POISON" if n in poison else f"Straße {n}"
        yield Raw(f"test:{n}", n, data=mail(text, subject=str(n)))


@pytest.fixture
def crews(monkeypatch: pytest.MonkeyPatch) -> list[crew.Crew]:
    """The crews that a test has started."""
    started: list[crew.Crew] = []
    start = crew.Crew.__init__

    def watched(self: crew.Crew, workers: int) -> None:
        start(self, workers)
        started.append(self)

    monkeypatch.setattr(crew.Crew, "__init__", watched)
    return started


def processes(started: crew.Crew) -> "list[subprocess.Popen[bytes]]":
    return [worker._process for worker in started._workers]


def test_results_come_in_order_and_are_those_of_one_process(crews: list[crew.Crew]) -> None:
    many = list(parsed(raws(1_000), 2))
    assert len(crews) == 1
    few = [
        taken
        for n in range(0, 1_000, 100)
        for taken in parsed(iter([*raws(1_000)][n : n + 100]), 2)
    ]
    assert len(crews) == 1
    # Each word comes once from each process, before it is needed; in no order.
    words = [{word for taken in found for word in taken.words} for found in (many, few)]
    assert words[0] == words[1]
    assert [taken[:4] for taken in many] == [taken[:4] for taken in few]
    assert [taken.source.external_id for taken in many] == [f"test:{n}" for n in range(1_000)]
    assert many[7].texts is not None
    assert set(many[7].texts[2].split()) == {"strasse", "7"}
    assert zlib.decompress(many[7].packed) == mail("Straße 7", subject="7")


def test_workers_are_gone_at_the_end_and_after_an_early_end(crews: list[crew.Crew]) -> None:
    list(parsed(raws(300), 2))
    early = parsed(raws(5_000), 2)
    assert next(early).source.external_id == "test:0"
    early.close()  # type: ignore[attr-defined]  # it is a generator
    assert [p.poll() for c in crews for p in processes(c)] == [-signal.SIGKILL] * 4


def test_the_source_is_read_only_some_batches_ahead(crews: list[crew.Crew]) -> None:
    read = 0

    def counted() -> Iterator[Raw]:
        nonlocal read
        for raw in raws(5_000):
            read += 1
            yield raw

    stream = parsed(counted(), 2)
    next(stream)
    assert read <= pool._BATCH * (pool._AHEAD * 2 + 4)
    stream.close()  # type: ignore[attr-defined]  # it is a generator


def test_a_killed_worker_costs_no_mail(crews: list[crew.Crew]) -> None:
    stream = parsed(raws(2_000), 2)
    found = [next(stream)]
    for process in processes(crews[0]):
        process.kill()
    found += stream
    assert len(found) == 2_000
    assert all(isinstance(taken.outcome, ParsedMail) for taken in found)


def test_a_mail_that_ends_its_worker_is_quarantined_alone(
    crews: list[crew.Crew], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crew, "_MODULE", POISONED)
    found = list(parsed(raws(600, frozenset({3, 4, 500})), 2))
    set_apart = {
        n: taken.outcome.code
        for n, taken in enumerate(found)
        if isinstance(taken.outcome, Quarantine)
    }
    assert set_apart == dict.fromkeys((3, 4, 500), PARSER_ENDED)
    assert zlib.decompress(found[3].packed) == mail("POISON", subject="3")
    assert len({taken.outcome.raw_sha256 for taken in found}) == 600


def test_when_every_mail_ends_its_worker_the_intake_is_refused(
    crews: list[crew.Crew], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crew, "_MODULE", POISONED)
    with pytest.raises(Refused) as caught:
        list(parsed(raws(600, frozenset(range(600))), 2))
    assert caught.value.refusal.code == "intake.workers_ended"


def test_workers_that_cannot_start_are_a_refusal(
    crews: list[crew.Crew], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crew, "_MODULE", "tests.clerk.intake.no_such_module")
    with pytest.raises(Refused) as caught:
        list(parsed(raws(600), 2))
    assert caught.value.refusal.code == "intake.workers_ended"


def test_an_answer_that_is_none_is_a_refusal_and_no_hang(
    crews: list[crew.Crew], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crew._Worker, "receive", lambda self: _stumble())
    with pytest.raises(Refused) as caught:
        list(parsed(raws(600), 2))
    assert caught.value.refusal.code == "intake.workers_ended"


def _stumble() -> bytes:
    raise RuntimeError("whatever nobody foresaw")


@pytest.mark.parametrize("frame", [b"", b"[", b"ready", pack_results([None])[:-1]])
def test_an_answer_that_says_nothing_is_a_refusal(frame: bytes) -> None:
    answer = crew.Answer()
    answer.put(frame)
    with pytest.raises(Refused) as caught:
        answer.get()
    assert caught.value.refusal.code == "intake.workers_ended"


def test_a_machine_without_room_for_a_process_is_a_refusal(
    monkeypatch: pytest.MonkeyPatch, crews: list[crew.Crew]
) -> None:
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    with pytest.raises(Refused) as caught:
        list(parsed(raws(600), 2))
    assert caught.value.refusal.code == "intake.workers_ended"


@pytest.mark.parametrize("count", [10, 1_000])
def test_an_error_of_the_source_comes_after_what_it_gave(
    crews: list[crew.Crew], count: int
) -> None:
    def broken() -> Iterator[Raw]:
        yield from raws(count)
        raise ConnectionResetError

    found: list[str] = []
    with pytest.raises(ConnectionResetError):
        found.extend(taken.source.external_id for taken in parsed(broken(), 2))
    assert found == [f"test:{n}" for n in range(count)]
    assert all(p.poll() is not None for c in crews for p in processes(c))


PROGRAM = """
import sys
from clerk.intake import crew
from clerk.intake.pool import parsed
from clerk.intake.sources.source import Raw
import signal

def endless():
    n = 0
    while True:
        n += 1
        yield Raw(f"test:{n}", None, data=b"From: erika@example.org\\n\\nvertraulich")

started = []
start = crew._Worker.__init__
def watched(self):
    start(self)
    started.append(self._process.pid)
crew._Worker.__init__ = watched
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores it
for n, taken in enumerate(parsed(endless(), 2)):
    if n == 2_000:
        print(*started, flush=True)
"""


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="needs Linux' process descriptors")
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_workers_end_with_their_program_and_show_nothing(sign: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as program:
        assert program.stdout is not None
        workers = [int(word) for word in program.stdout.readline().split()]
        assert len(workers) == 2
        seen = b"".join(
            Path(f"/proc/{pid}/{name}").read_bytes()
            for pid in workers
            for name in ("cmdline", "environ")
        )
        ends = [os.pidfd_open(pid) for pid in workers]
        program.send_signal(sign)
        for end in ends:
            assert select.select([end], [], [], 30)[0], "the worker outlives its program"
            os.close(end)
    assert program.returncode != 0
    assert b"erika" not in seen
    assert b"vertraulich" not in seen


def test_attachments_travel_packed_if_that_makes_them_smaller() -> None:
    random = os.urandom(50_000)
    raw = multipart(
        [
            part(b"a" * 50_000, content_type="application/x-a"),
            part(random, content_type="image/png", content_transfer_encoding="binary"),
        ]
    )
    (taken,) = parsed(iter([Raw("test:1", None, data=raw)]), 2)
    assert isinstance(taken.outcome, ParsedMail)
    plain, noise = taken.outcome.attachments
    assert (plain.packed, plain.size, zlib.decompress(plain.data)) == (True, 50_000, b"a" * 50_000)
    assert (noise.packed, noise.data) == (False, random)


def test_files_that_were_moved_removed_or_cannot_be_read(tmp_path: Path) -> None:
    for folder in ("cur", "new", "tmp"):
        (tmp_path / folder).mkdir()
    for name in ("1.x", "2.x", "3.x"):
        (tmp_path / "new" / name).write_bytes(mail(name))
    messages = list(Maildir(tmp_path).messages())
    (tmp_path / "new" / "1.x").rename(tmp_path / "cur" / "1.x:2,S")
    (tmp_path / "new" / "2.x").unlink()
    (tmp_path / "new" / "3.x").unlink()
    (tmp_path / "new" / "3.x").mkdir()
    found = [taken.outcome for taken in parsed(iter(messages), 2)]
    assert isinstance(found[0], ParsedMail)
    assert found[0].text == "1.x"
    assert isinstance(found[1], Quarantine)
    assert found[1].code == UNREADABLE
    assert len(found) == 2


def test_a_file_over_the_limit_is_not_read_into_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("clerk.intake.ready.MAX_RAW", 100)
    (tmp_path / "a.eml").write_bytes(mail("x" * 100))
    (taken,) = parsed(iter([Raw("test:1", None, path=str(tmp_path / "a.eml"))]), 2)
    assert isinstance(taken.outcome, Quarantine)
    assert (taken.outcome.code, taken.packed) == (TOO_LARGE, b"")


def test_a_mail_whose_source_gave_nothing_keeps_the_reason() -> None:
    (taken,) = parsed(iter([Raw("test:1", None, code=TOO_LARGE)]), 2)
    assert isinstance(taken.outcome, Quarantine)
    assert taken.outcome.code == TOO_LARGE
