"""Parsed mails one by one, for a transaction that must not stand open while none comes."""

from collections import deque

from clerk.intake.pool import Batches, Taken


class Arrivals:
    """Mails as they come.

    ``collect``: so many are waited for together where each may take its time (a line to a server);
    0 takes them as they come.
    """

    def __init__(self, batches: Batches, collect: int = 0) -> None:
        self._batches = batches
        self._collect = collect
        self._here: deque[Taken] = deque()
        self._failure: Exception | None = None
        self._ended = False

    def wait(self) -> bool:
        """Wait until there is one; False when all have come. Raises what broke their source, after
        all that came before."""
        while not self._ended and (not self._here or len(self._here) < self._collect):
            self._fetch()
        if not self._here and self._failure is not None:
            raise self._failure
        return bool(self._here)

    def take(self) -> Taken | None:
        """The next one if it need not be waited for."""
        if not self._here and not self._collect and not self._ended:
            self._fetch()
        return self._here.popleft() if self._here else None

    def _fetch(self) -> None:
        """Let in the next ones, if some come within a moment."""
        try:
            came = next(self._batches)
            self._here += came or ()
        except StopIteration:
            self._ended = True
        except Exception as error:
            self._failure, self._ended = error, True
