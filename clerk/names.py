"""The words on screen for states, roles and channels: one table each, tied to storage.terms."""

from typing import TYPE_CHECKING

from clerk.i18n import N_, _
from storage.brought import parties

if TYPE_CHECKING:
    from storage.history import HistoryEntry
    from storage.pages.names import Names

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
    "fine.recorded": N_("recorded"),
    "fine.investigating": N_("investigation"),
    "fine.warned": N_("warned without money"),
    "fine.warning_offered": N_("warning offered"),
    "fine.warning_effective": N_("warning effective"),
    "fine.hearing": N_("hearing"),
    "fine.referred": N_("with the prosecutor"),
    "fine.investigated": N_("investigation concluded"),
    "fine.notice": N_("notice issued"),
    "fine.served": N_("notice served"),
    "fine.objection": N_("objection"),
    "fine.rejected": N_("objection rejected"),
    "fine.intermediate": N_("objection admitted"),
    "fine.court": N_("at court"),
    "fine.final": N_("final and binding"),
    "fine.deferred": N_("payment deferred"),
    "fine.enforcement": N_("enforcement"),
    "fine.detention": N_("detention applied for"),
    "fine.discontinued": N_("discontinued"),
    "fine.settled": N_("settled"),
    "photo.overall": N_("overall view"),
    "photo.driver": N_("driver"),
    "photo.plate": N_("plate"),
    "photo.extra": N_("further photo"),
    "guilt.negligent": N_("negligent"),
    "guilt.intent": N_("with intent"),
    "claim_kind.warning": N_("warning money"),
    "claim_kind.fine": N_("fine"),
    "claim_kind.side": N_("side consequence"),
    "claim_kind.fee": N_("fee"),
    "claim_kind.expenses": N_("expenses"),
    "claim_kind.other": N_("other"),
    "claim.open": N_("open"),
    "claim.paid": N_("paid"),
    "claim.deferred": N_("deferred"),
    "claim.waived": N_("waived"),
    "claim.cancelled": N_("taken off the books"),
    "instalment.open": N_("open"),
    "instalment.paid": N_("paid"),
    "instalment.lapsed": N_("lapsed"),
    "participant.offender": N_("offender"),
    "participant.keeper": N_("keeper"),
    "participant.driver": N_("driver"),
    "participant.witness": N_("witness"),
    "participant.informant": N_("informant"),
    "participant.representative": N_("legal representative"),
    "participant.defender": N_("defender"),
    "participant.service_agent": N_("authorised to receive service"),
    "participant.authority": N_("authority"),
    "participant.expert": N_("expert"),
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
    "online.initial": N_("begun"),
    "online.waiting": N_("the payer is at it"),
    "online.paid": N_("paid"),
    "online.failed": N_("failed"),
    "online.canceled": N_("cancelled"),
    "online.expired": N_("expired"),
    "payment.booked": N_("booked"),
    "payment.suggested": N_("suggested"),
    "payment.clarify": N_("to be clarified"),
    "payment.reversed": N_("reversed"),
    "payment.wanted": N_("refund waits"),
    "payment.settled": N_("settled"),
    "payment_reason.none": N_("no reference known here"),
    "payment_reason.name": N_("by name and amount"),
    "payment_reason.several": N_("several references"),
    "payment_reason.nothing_owed": N_("nothing is owed"),
    "payment_reason.currency": N_("another currency"),
    "payment_reason.reversal": N_("reversal of an unknown payment"),
    "payment_reason.rejected": N_("suggestion was wrong"),
    "payment_reason.taken_off": N_("taken off its case"),
    "payment_reason.refund": N_("sent back"),
    "may.read": N_("look"),
    "may.act": N_("work"),
    "may.sign": N_("work and sign"),
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
    "fine.recorded": "·",
    "fine.investigating": "?",
    "fine.warned": "✓",
    "fine.warning_offered": "…",
    "fine.warning_effective": "✓",
    "fine.hearing": "…",
    "fine.referred": "→",
    "fine.investigated": "◦",
    "fine.notice": "§",
    "fine.served": "§",
    "fine.objection": "!",
    "fine.rejected": "×",
    "fine.intermediate": "!",
    "fine.court": "→",
    "fine.final": "■",
    "fine.deferred": "…",
    "fine.enforcement": "»",
    "fine.detention": "»",
    "fine.discontinued": "–",
    "fine.settled": "✓",
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


def doer(entry: "HistoryEntry", names: "Names") -> str:
    """Who did what an entry of the history says, for whom, and who has brought it along."""
    if entry.brought:
        name, by = parties(entry.clerk_id, entry.on_behalf_of)
        if name == names.clerk(by):
            return _("{name}, brought along").format(name=name)
        return _("{name}, brought along by {other}").format(name=name, other=names.clerk(by))
    if entry.on_behalf_of is None:
        return entry.clerk_name
    other = names.clerk(entry.on_behalf_of)
    return _("{name} for {other}").format(name=entry.clerk_name, other=other)


def symbol(kind: str, value: str) -> str:
    """The symbol beside the word."""
    return SYMBOLS.get(f"{kind}.{value}", " ")
