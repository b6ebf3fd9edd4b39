"""A mutant: streams are read by the numbers that a sequence gave out, not by their own.

It is how one would do it without thinking, and it is wrong: an entry whose number is lower may be
committed later, and whoever has read past it never sees it. The oracle must say so.
"""

import subprocess
from typing import TYPE_CHECKING, cast
from unittest import mock

from storage.sync.streams import Streams
from storage.sync.wire import StreamRow

if TYPE_CHECKING:  # the process that synchronises needs none of the tests' own things
    from tests.hub.conftest import Hub

_PULL = """
DO $$
DECLARE
    body text := pg_get_functiondef('clerk.pull'::regproc);
BEGIN
    IF position('s.n > c.value::bigint' IN body) = 0 THEN
        RAISE 'the mutant does not know this function any more';
    END IF;
    EXECUTE replace(body, 's.n > c.value::bigint', 's.no > (
        SELECT coalesce(max(x.no), 0) FROM clerk.stream x JOIN jsonb_each_text(p_cursors) y
        ON x.scope = y.key AND x.n = y.value::bigint)');
END $$
"""


def read_by_sequence(hub: "Hub") -> None:
    """The server's side: what has a higher number than anything that was read is new."""
    hub.owner.execute(_PULL.encode())


def start_naive() -> None:
    """Whatever synchronises for this workstation from now on is the mutant."""
    real = subprocess.Popen

    def popen(line: list[str], **more: object) -> "subprocess.Popen[bytes]":
        at = line.index("clerk")
        naive = [line[0], "-m", "tests.chaos.naive", *line[at + 1 :]]
        return cast("subprocess.Popen[bytes]", real(naive, **more))  # type: ignore[call-overload]

    mock.patch("clerk.sharing.process.subprocess.Popen", popen).start()


def believe() -> None:
    """The workstation's side, in this process: whatever comes is what comes next."""

    def advance(self: Streams, row: StreamRow) -> None:
        self._at[row.scope] = (row.n, row.digest)
        self._moved.add(row.scope)

    mock.patch.object(Streams, "advance", advance).start()


if __name__ == "__main__":
    from clerk.__main__ import main

    believe()
    raise SystemExit(main())
