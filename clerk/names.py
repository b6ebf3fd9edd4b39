"""The words on screen for states, roles and channels: one table each, tied to storage.terms."""

from clerk.i18n import N_, _

_WORDS = {
    "item.open": N_("open"),
    "item.filed": N_("filed"),
    "item.done": N_("done"),
    "item.aside": N_("laid aside"),
    "item.duplicate": N_("duplicate"),
    "item.spam": N_("spam"),
    "item.quarantine": N_("quarantine"),
    "case.open": N_("open"),
    "case.waiting": N_("waiting"),
    "case.closed": N_("closed"),
    "follow_up.open": N_("open"),
    "follow_up.done": N_("done"),
    "letter.draft": N_("draft"),
    "letter.signed": N_("signed once"),
    "letter.final": N_("final"),
    "letter.queued": N_("leaving"),
    "letter.sent": N_("sent"),
    "letter.withdrawn": N_("withdrawn"),
    "way.print": N_("print"),
    "way.mail": N_("mail"),
    "way.formal": N_("formal service"),
    "service.draft": N_("draft"),
    "service.published": N_("published"),
    "service.withdrawn": N_("withdrawn"),
    "role.clerk": N_("clerk"),
    "role.officer": N_("officer"),
    "role.supervisor": N_("supervisor"),
    "role.admin": N_("administrator"),
    "channel.mail": N_("mail"),
    "channel.form": N_("form"),
    "channel.phone": N_("phone"),
    "channel.counter": N_("counter"),
    "channel.letter": N_("letter"),
    "channel.fax": N_("fax"),
    "channel.app": N_("app"),
}

# State is word + symbol + colour, never colour alone. One column wide, in every usual font.
SYMBOLS = {
    "item.open": "·",
    "item.filed": "»",
    "item.done": "✓",
    "item.aside": "–",
    "item.duplicate": "=",
    "item.spam": "×",
    "item.quarantine": "!",
    "case.open": "·",
    "case.waiting": "…",
    "case.closed": "✓",
    "follow_up.open": "·",
    "follow_up.done": "✓",
    "letter.draft": "·",
    "letter.signed": "½",
    "letter.final": "»",
    "letter.queued": "…",
    "letter.sent": "✓",
    "letter.withdrawn": "×",
}


def word(kind: str, value: str) -> str:
    """The word for a term, e.g. ``word("item", "filed")``."""
    return _(_WORDS[f"{kind}.{value}"])


def symbol(kind: str, value: str) -> str:
    """The symbol beside the word."""
    return SYMBOLS.get(f"{kind}.{value}", " ")
