"""What both sides of a call agree on: the protocol's number, and refusals in words."""

from typing import Final

import psycopg

from storage.errors import N_, StoreError

PROTOCOL: Final = 1
"""What the functions and their arguments mean; a client of another protocol is refused."""


def refused(error: psycopg.Error) -> StoreError:
    """What the server's own functions refuse, in words."""
    words = {
        "CK004": N_("This login belongs to no clerk of the shared store."),
        "CK005": N_("Only an administrator may do this."),
    }
    code, detail = error.sqlstate or "", error.diag.message_primary or ""
    if code in words:
        return StoreError("hub.refused", words[code])
    return StoreError("hub.refused", N_("The shared store refuses it: {reason}."), reason=detail)
