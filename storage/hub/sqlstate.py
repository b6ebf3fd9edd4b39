"""With which code a server refused a connection.

libpq gives a code for whatever goes wrong on a connection, but not for what keeps one from being
made: there is only the sentence, in the language of the server. Its trace of the protocol has the
code, so one more attempt is made and read.
"""

import os
import re
from select import select
from typing import Final

from psycopg import pq

ANSWERED: Final = re.compile(r"failed: [^:\n]{1,40}:  ")
"""libpq's form for the answer of a server: severity, colon, two spaces."""
_CODE = re.compile(rb'ErrorResponse\t S "[^"]*" V "[A-Z]*" C "([0-9A-Z]{5})"')


def sqlstate_of(conninfo: str, seconds: float = 5) -> str | None:
    """The SQLSTATE of the refusal; None where the server does not refuse now, or says nothing.

    The trace is kept in memory only: it may hold the answer to a question for a password.
    """
    trace = os.memfd_create("trace")
    try:
        attempt = pq.PGconn.connect_start(conninfo.encode())
        try:
            attempt.trace(trace)
            _finish(attempt, seconds)
            attempt.untrace()
        finally:
            attempt.finish()
        found = _CODE.search(os.pread(trace, 65_536, 0))
    finally:
        os.close(trace)
    return found[1].decode() if found else None


def _finish(attempt: pq.abc.PGconn, seconds: float) -> None:
    """Let the attempt come to its end, or give up where the server is silent."""
    while True:
        status = attempt.connect_poll()
        if status == pq.PollingStatus.READING:
            ready = select([attempt.socket], (), (), seconds)[0]
        elif status == pq.PollingStatus.WRITING:
            ready = select((), [attempt.socket], (), seconds)[1]
        else:
            return
        if not ready:
            return
