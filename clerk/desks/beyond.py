"""What lies in the shared store and not on this workstation, in the words of the office.

A replica holds what is open and what ended lately; the rest is asked for by number or by words.
What is found can be fetched; it then stays here for some days. The shared store logs each query and
each record that is fetched, with the reason where the settings want one.
"""

from typing import TYPE_CHECKING

from clerk import clock, dates
from clerk.desks.persons import shown_address
from clerk.i18n import _
from clerk.names import symbol, word
from clerk.refusal import Refusal
from clerk.rules.numbers import numbers_meant
from storage import inquiries
from storage.folding import words
from storage.inquiries import Far, Inquiry
from storage.pages import offices
from storage.records import Person

if TYPE_CHECKING:
    from storage.actor import Actor
    from storage.store import Store

SECONDS = 6.0
"""How long an answer is waited for."""
UNREACHED = "hub.unreachable"
MOST = 50
"""As many hits the shared store tells at most."""
_SHARED = "shared"


def can_ask(store: "Store") -> Refusal | None:
    """Whether there is a shared store to be asked."""
    if store.local(_SHARED) is None:
        return Refusal("sync.alone", _("This workstation is on its own: all there is, is here."))
    return None


def numbers_of(typed: str, store: "Store", actor: "Actor") -> list[str]:
    """The full numbers that a text may stand for, one's own offices first; [] where it is none."""
    known = sorted(offices.offices(store.db), key=lambda one: one.id not in actor.roles)
    return numbers_meant(typed, [one.prefix for one in known], clock.today().year)


def by_numbers(numbers: list[str]) -> Inquiry:
    """Ask for the cases with these numbers."""
    return inquiries.inquiry("numbers", *numbers)


def by_words(
    query: str,
    *,
    areas: tuple[str, ...] = ("cases", "items"),
    here: tuple[str, ...] = (),
    reason: str = "",
) -> Inquiry | None:
    """Ask for what holds all of these words; None where there is no word. ``here``: persons that
    are shown already."""
    wanted = tuple(dict.fromkeys(words(query)))
    if not wanted:
        return None
    return inquiries.inquiry("words", *wanted, areas=areas, here=here, reason=reason)


def whole(table: str, row_id: str, *, way: str, reason: str) -> Inquiry:
    """Ask for a record with all that hangs on it; the shared store logs the read."""
    return inquiries.inquiry("row", table, row_id, way=way, reason=reason)


def title_of(far: Far) -> str:
    """What a record is called in a list; foreign text."""
    name = {
        "cases": ("number", "subject"),
        "items": ("subject",),
        "persons": ("given_name", "family_name"),
    }.get(far.table, ())
    return " ".join(str(far.data[part]) for part in name if far.data.get(part))


def detail_of(far: Far) -> str:
    """What stands beside it: the state of a case, the sender of an item, a person's address."""
    data = far.data
    if far.table == "cases":
        closed = data.get("closed_at")
        since = dates.moment(int(closed), clock.now()) if isinstance(closed, int) else ""
        return f"{word('case', str(data.get('state')))} {since}".strip()
    if far.table == "items":
        return str(data.get("sender_name") or data.get("sender_address") or "")
    return shown_address(
        Person(
            family_name="",
            street=str(data.get("street") or ""),
            postcode=str(data.get("postcode") or ""),
            city=str(data.get("city") or ""),
            shielded_until=str(data.get("shielded_until") or "") or None,
        )
    )


def sign_of(far: Far) -> str:
    """The symbol of its state."""
    kind = {"cases": "case", "items": "item"}.get(far.table)
    return symbol(kind, str(far.data.get("state"))) if kind else " "


def why_not(code: str) -> str:
    """Why the shared store gave no answer."""
    if code == UNREACHED:
        return _("The shared store cannot be reached now; only what is here can be found.")
    return _("The shared store gave no answer ({code}); clerk doctor says why.").format(code=code)
