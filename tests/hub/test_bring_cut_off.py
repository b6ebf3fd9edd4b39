"""Joining with work, killed at any stage: the next ``clerk join`` loses and doubles nothing."""

import shutil
import signal
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from tests.commands import Commands
from tests.hub import alone
from tests.hub.alone import join, joining, mbox, sound, there, work
from tests.hub.conftest import Hub
from tests.hub.server import Server, binaries
from tests.hub.test_cli_sync import Line
from tests.hub.test_cli_sync import line as line

MAILS = 700  # more than the workstation sends at once
_KILL = """
import os, signal, {module} as module
done = module.{name}
left = {after}
def dying(*args, **more):
    global left
    if {first} and left <= 0:
        os.kill(os.getpid(), signal.SIGKILL)
    found = done(*args, **more)
    if not {first} and left <= 0:
        os.kill(os.getpid(), signal.SIGKILL)
    left -= 1
    return found
module.{name} = dying
"""
STAGES: dict[str, tuple[str, str, int, bool]] = {
    # stage: (module, function, how often it is let pass, killed before it or after it)
    "numbers are taken, not yet kept": ("clerk.sharing.numbering", "_leased", 0, False),
    "the login is kept": ("clerk.sharing.joining", "keep", 0, False),
    "the town is being filled": ("storage.hub.calls", "snapshot", 5, True),
    "work is being put upon it": ("storage.sync.carry", "_put", 300, True),
    "the files are about to be exchanged": ("storage.sync.bootstrap", "_exchange", 0, True),
    "the files have just been exchanged": ("storage.sync.bootstrap", "_exchange", 0, False),
    "the first entries are sent": ("storage.hub.calls", "push", 0, True),
    "they are judged, and nobody has heard of it": ("storage.hub.calls", "push", 0, False),
    "the rest is sent": ("storage.hub.calls", "push", 1, False),
    "they come back": ("storage.sync.pull", "apply_all", 0, True),
    "contents follow": ("storage.sync.contents", "send_later", 3, False),
}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """One version of PostgreSQL will do: what is cut off is the workstation."""
    with Server(binaries()[0]) as running:
        yield running


class _Said:
    """What commands say, for a fixture that outlives a test; ``capsys`` does not."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._patch = patch
        self._out, self._err = StringIO(), StringIO()

    def readouterr(self) -> SimpleNamespace:
        said = SimpleNamespace(out=self._out.getvalue(), err=self._err.getvalue())
        self._out, self._err = StringIO(), StringIO()
        self._patch.setattr(sys, "stdout", self._out)
        self._patch.setattr(sys, "stderr", self._err)
        return said


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a workstation with work of its own; nobody writes into it."""
    folder = tmp_path_factory.mktemp("used")
    with pytest.MonkeyPatch.context() as patch:
        desk = Commands(folder / "home", cast("pytest.CaptureFixture[str]", _Said(patch)), patch)
        alone.found(desk)
        work(desk, mbox(folder / "in.mbox", (f"Sache {n}" for n in range(MAILS))))
    return desk.home


@pytest.mark.parametrize("stage", STAGES)
def test_what_was_cut_off_goes_on(hub: Hub, line: Line, used: Path, stage: str) -> None:
    alone.offices_of(hub)
    alone.supervisor(hub, "meier")
    alone.supervisor(hub, "yilmaz")
    first, meier = line("first"), line("meier")
    alone.found(first)  # has the numbers that meier's cases have, so these must change
    for office in ("abfall", "buergerbuero"):
        first.done("case", "new", "--subject", "Zuvor", "--office", office)
    join(first, hub, "yilmaz")
    shutil.copytree(used, meier.home, dirs_exist_ok=True)
    before = meier.done("history", "--limit", "1000")

    module, name, after, early = STAGES[stage]
    killed = joining(
        meier, hub, "meier", _KILL.format(module=module, name=name, after=after, first=early)
    )
    _out, said = killed.communicate(timeout=120)
    assert killed.returncode == -signal.SIGKILL, said

    if not meier.done("sync", "status")["shared"]:  # then it is as it was, and can be worked in
        assert meier.done("history", "--limit", "1000") == before
        assert meier.done("verify")["ok"] is True
        assert "[sync.alone]" in meier("sync", "--once").err
    told = join(meier, hub, "meier")
    brought = told["brought"]
    assert isinstance(brought, dict)
    assert (brought["items"], brought["cases"], told["refused"]) == (MAILS, 3, 0)
    assert len(brought["numbers"]) == 3
    sound(first, meier)
    assert (there(hub, "items"), there(hub, "cases")) == (MAILS, 5)
    assert hub.count("entry WHERE outcome <> 'ok'") == 0
    assert hub.count("content") == 2 * MAILS + MAILS // 10
    # No number is taken twice, unless nobody could have known of it.
    twice = stage == "numbers are taken, not yet kept"
    assert hub.count("lease WHERE last - first < 49") == 2 + 2 + twice
    assert join(meier, hub, "meier")["brought"] is None  # told once
