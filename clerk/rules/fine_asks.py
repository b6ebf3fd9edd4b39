"""What a clerk gives with each action of a fine, as data: the form and the command line ask for
it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from clerk.i18n import N_


@dataclass(frozen=True, slots=True)
class Datum:
    """What a clerk has to give with an action. ``kind`` says what it is; ``choices`` are (code,
    words) of a choice, ``usual`` the code that stands there at first. Untranslated words."""

    name: str
    kind: Literal["date", "text", "cents", "choice", "flag", "person", "instalments"]
    label: str
    required: bool = True
    choices: tuple[tuple[str, str], ...] = ()
    usual: str = ""


_RECEIVED = Datum("on", "date", N_("Received on"))
_ON = Datum("on", "date", N_("On"), required=False)
_TEXT = Datum("text", "text", N_("Note"), required=False)
_WHY = Datum("text", "text", N_("Reason"))

ASKS: Mapping[str, tuple[Datum, ...]] = {
    "fine.investigate": (_ON, Datum("text", "text", N_("What is asked of whom"))),
    "fine.warn": (_ON, _TEXT),
    "fine.offer_warning": (_ON, Datum("amount", "cents", N_("Warning money"), required=False)),
    "fine.accept_warning": (Datum("on", "date", N_("Paid on")), _TEXT),
    "fine.hear": (_ON, Datum("person", "person", N_("Addressed to"), required=False)),
    "fine.refer": (_ON, Datum("text", "text", N_("Suspected crime"))),
    "fine.take_back": (_RECEIVED, _TEXT),
    "fine.conclude": (_ON, Datum("text", "text", N_("Result of the hearing"))),
    "fine.issue": (_ON, Datum("amount", "cents", N_("Fine"), required=False)),
    "fine.serve": (
        Datum("on", "date", N_("Served on")),
        Datum(
            "way",
            "choice",
            N_("How it was served"),
            choices=(
                ("letter_box", N_("put into the letter box")),
                ("handed_over", N_("handed over")),
                ("deposited", N_("deposited")),
                ("public", N_("public notice")),
            ),
            usual="letter_box",
        ),
    ),
    "fine.object": (
        _RECEIVED,
        Datum(
            "form",
            "choice",
            N_("Form of the objection"),
            choices=(
                ("written", N_("written")),
                ("record", N_("on record at the office")),
                ("electronic", N_("electronic, with a qualified way")),
                ("other", N_("in no valid form, such as a plain e-mail")),
            ),
            usual="written",
        ),
        Datum("partial", "flag", N_("Against the sanction only"), required=False),
        _TEXT,
    ),
    "fine.reject_objection": (_ON, _WHY),
    "fine.admit": (_ON, Datum("reinstated", "flag", N_("Reinstated (OWiG 52)"), required=False)),
    "fine.withdraw_objection": (_RECEIVED, _TEXT),
    "fine.to_court": (
        Datum("on", "date", N_("Received at the court on")),
        Datum("file_access", "flag", N_("File access was decided about (OWiG 69(3))")),
    ),
    "fine.decide": (
        Datum("on", "date", N_("Final since")),
        Datum("amount", "cents", N_("Fine after the decision"), required=False),
        Datum("text", "text", N_("Decision and file number of the court")),
    ),
    "fine.become_final": (_ON, Datum("waived", "flag", N_("By waiver"), required=False)),
    "fine.remind": (_ON, _TEXT),
    "fine.defer": (_ON, Datum("instalments", "instalments", N_("Instalments")), _TEXT),
    "fine.lapse": (_ON, _WHY),
    "fine.enforce": (_ON, Datum("evasion", "flag", N_("Evasion is to be feared"), required=False)),
    "fine.detain": (
        _ON,
        Datum("unable", "flag", N_("Inability to pay is known"), required=False),
    ),
    "fine.discontinue": (
        _ON,
        Datum(
            "reason",
            "choice",
            N_("Reason"),
            choices=(
                ("no_suspicion", N_("no sufficient suspicion (OWiG 46, StPO 170(2))")),
                ("not_expedient", N_("prosecution not expedient (OWiG 47(1))")),
                ("time_barred", N_("time-barred (OWiG 31)")),
                ("child", N_("under 14 at the time of the act (OWiG 12)")),
                ("crime", N_("prosecuted as a crime (OWiG 21)")),
                ("keeper", N_("driver not found, costs to the keeper (StVG 25a)")),
                ("court", N_("discontinued or acquitted by the court")),
            ),
        ),
        _TEXT,
    ),
    "fine.settle": (
        _ON,
        Datum(
            "reason",
            "choice",
            N_("Reason"),
            choices=(
                ("paid", N_("paid")),
                ("waived", N_("enforcement waived (OWiG 95(2))")),
                ("time_barred", N_("enforcement time-barred (OWiG 34)")),
            ),
            usual="paid",
        ),
        _TEXT,
    ),
    "fine.death": (Datum("on", "date", N_("Died on")), _TEXT),
    "fine.reopen": (_ON, _WHY),
}
"""What each action asks for; ``fine.edit`` asks with its own form."""
