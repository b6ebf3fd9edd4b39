"""Undo and redo in the words of the office."""

from typing import TYPE_CHECKING

from clerk.actions import ACTIONS
from clerk.i18n import N_, _
from clerk.refusal import refuse
from storage import undo
from storage.errors import StoreError

if TYPE_CHECKING:
    from storage.actor import Actor
    from storage.store import Store

# Actions of the journal that have no key of their own.
_OTHERS = {
    "item.receive": N_("Received"),
    "item.priority": N_("Priority"),
    "case.open": N_("Case opened"),
    "library.import": N_("Services imported"),
    "letter.draft": N_("Letter drafted"),
    "letter.change": N_("Letter changed"),
    "letter.sign": N_("Letter signed"),
    "letter.return": N_("Letter given back"),
    "letter.send": N_("Letter put into the outbox"),
    "letter.recall": N_("Letter called back"),
    "letter.withdraw": N_("Letter withdrawn"),
    "letter.sign_first": N_("First signature"),
    "letter.sent": N_("Letter sent"),
    "office.settings": N_("Office set up"),
    "payment.import": N_("Payment came in"),
    "payment.take": N_("Paid at the counter"),
    "payment.online": N_("Paid online"),
    "town.found": N_("Set up"),
}
_TITLES = (
    {one.id: one.label for one in ACTIONS}
    | _OTHERS
    | {
        "conflict.resolve": N_("Conflict resolved")  # its key says "Apply"
    }
)


def title_of(action_id: str) -> str:
    """What an action of the journal is called on screen; an unknown one is shown as it is."""
    label = _TITLES.get(action_id)
    return _(label) if label else action_id


def take_back(store: "Store", actor: "Actor", *, again: bool) -> undo.Done:
    """Take back the actor's last action here, or with ``again`` do again what they took back.

    What the action had settled of what the shared store did not take is open again with it.
    Raises StoreError ``undo.*`` and ``redo.nothing``; Refused ``undo.sent`` for a letter.
    """
    from storage import refusals

    with store.group():
        try:
            done = (undo.redo if again else undo.undo)(store, actor)
        except StoreError as error:
            if error.params.get("action") == "letter.sent":
                sentence = _("The letter has left the house; nothing takes it back.")
                raise refuse("undo.sent", sentence) from error
            raise
        refusals.follow(store, done.entry_id)
    return done
