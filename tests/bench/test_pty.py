"""The harness on real pseudo terminals, with a few lines of Python as the program."""

import os
import re
import select
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bench.memory import session_members
from bench.pty import DOWN, NothingSeenError, ProgramEndedError, Terminal

RAW = """
import os, signal, sys, tty
tty.setraw(0)
def put(text):
    os.write(1, text.encode())
def get():
    return os.read(0, 64)
def until_read():
    put('\\x1b[5n')  # answered by the reader, so what follows is a read of its own
    get()
"""

Run = Callable[[str], Terminal]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Start a script in a small terminal; its output and input are raw."""

    def start(script: str) -> Terminal:
        path = tmp_path / "program.py"
        path.write_text(RAW + script)
        return Terminal([sys.executable, "-I", str(path)], columns=40, rows=10)

    return start


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        ("\x1b[c", "\x1b[?64;1;22c"),
        ("\x1b[>c", "\x1b[>1;4000;0c"),
        ("\x1b[5n", "\x1b[0n"),
        ("abc\x1b[6nzz", "\x1b[1;4R"),
        ("\x1b[>q", "\x1bP>|clerk-bench(1.0)\x1b\\"),
        ("\x1b[?u", "\x1b[?0u"),
        ("\x1b[?2026$p", "\x1b[?2026;2$y"),
        ("\x1b[?2048$p", "\x1b[?2048;2$y"),
        ("\x1b[?9999$p", "\x1b[?9999;0$y"),
        ("\x1b]10;?\x07", "\x1b]10;rgb:dddd/dddd/dddd\x1b\\"),
        ("\x1b]11;?\x1b\\", "\x1b]11;rgb:1c1c/1c1c/1c1c\x1b\\"),
        ("\x1b[?2048h", "\x1b[48;10;40;200;400t"),
    ],
)
def test_queries_are_answered(run: Run, query: str, answer: str) -> None:
    script = f"put({query!r}); put('\\r\\ngot ' + ascii(get()) + '.'); get()"
    with run(script) as terminal:
        terminal.wait_for(re.compile(r"got .*\."))
        shown = "".join(terminal.text().splitlines())
    assert f"got {answer.encode()!a}." in shown


def test_a_query_in_two_writes_is_answered_once(run: Run) -> None:
    script = """
put('\\x1b[5n\\x1b[')
first = get()
put('>c')
put('got ' + ascii(first) + ascii(get()) + '.')
get()
"""
    with run(script) as terminal:
        terminal.wait_for(re.compile(r"got .*\.", re.DOTALL))
        shown = "".join(terminal.text().splitlines())
    assert "got b'\\x1b[0n'b'\\x1b[>1;4000;0c'." in shown


def test_start_waits_for_the_pattern_and_for_quiet(run: Run) -> None:
    script = "put('loading'); until_read(); put(' ready'); until_read(); put(' now'); get()"
    with run(script) as terminal:
        start = terminal.wait_for(re.compile("ready"), quiet_ms=500)
        assert terminal.text() == "loading ready now" + "\n" * 9
    assert 0 < start.seen_ms < start.settled_ms


def test_a_key_is_timed_to_the_first_and_the_last_change(run: Run) -> None:
    script = """
put('ready')
while get():
    put('\\x1b[2;1Hone')
    until_read()
    put('\\x1b[3;1Htwo')
"""
    with run(script) as terminal:
        terminal.wait_for(re.compile("ready"))
        paint = terminal.press(DOWN, quiet_ms=500)
        assert terminal.text().split() == ["ready", "one", "two"]
    assert 0 < paint.first_ms < paint.settled_ms


def test_a_synchronized_update_is_visible_at_its_end(run: Run) -> None:
    script = """
put('ready')
get()
put('\\x1b[?2026h\\x1b[2;1Hhalf')
until_read()
put('\\x1b[3;1Hwhole\\x1b[?2026l')
get()
"""
    with run(script) as terminal:
        terminal.wait_for(re.compile("ready"))
        paint = terminal.press(DOWN, quiet_ms=500)
        assert terminal.text().split() == ["ready", "half", "whole"]
    assert paint.first_ms == paint.settled_ms


def test_output_that_changes_nothing_is_no_change(run: Run) -> None:
    with run("put('ready'); get(); put('\\x1b[1;1Hready\\x1b[0m'); get()") as terminal:
        terminal.wait_for(re.compile("ready"))
        with pytest.raises(NothingSeenError, match="no visible change") as error:
            terminal.press(DOWN, timeout_ms=200)
    assert "ready" in str(error.value)


def test_a_change_of_colour_is_a_change(run: Run) -> None:
    with run("put('ready'); get(); put('\\x1b[1;1H\\x1b[7mready\\x1b[0m'); get()") as terminal:
        terminal.wait_for(re.compile("ready"))
        assert terminal.press(DOWN).first_ms > 0


def test_the_program_that_ends_is_named_with_its_status_and_its_last_words(run: Run) -> None:
    with (
        run("put('no such file'); sys.exit(3)") as terminal,
        pytest.raises(ProgramEndedError) as error,
    ):
        terminal.wait_for(re.compile("ready"))
    assert "exit status 3" in str(error.value)
    assert "no such file" in str(error.value)


def test_the_program_that_is_killed_is_named_with_its_signal(run: Run) -> None:
    with run("put('ready'); get(); os.kill(os.getpid(), 9)") as terminal:
        terminal.wait_for(re.compile("ready"))
        with pytest.raises(ProgramEndedError, match="SIGKILL"):
            terminal.press(DOWN)


def test_a_command_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        Terminal(["/nowhere/clerk"])


def test_a_peak_can_be_forgotten(run: Run) -> None:
    script = "big = b'x' * 80_000_000; del big; put('ready'); get()"
    with run(script) as terminal:
        terminal.wait_for(re.compile("ready"))
        before = terminal.peak_mib()
        terminal.forget_peak()
        after = terminal.peak_mib()
    assert before > 76 > after > 1


def test_the_end_takes_deaf_programs_and_their_children_along(run: Run) -> None:
    script = """
signal.signal(signal.SIGTERM, signal.SIG_IGN)
signal.signal(signal.SIGHUP, signal.SIG_IGN)
os.fork()
put('ready')
while True:
    signal.pause()
"""
    with run(script) as terminal:
        terminal.wait_for(re.compile("ready"))
        ends = [os.pidfd_open(pid) for pid in session_members(terminal.pid)]
        memory = terminal.peak_mib()
    assert len(ends) == 2
    assert memory > 1
    for end in ends:
        assert select.select([end], [], [], 10)[0], "a process outlived the terminal"
        os.close(end)
