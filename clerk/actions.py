"""The one table of actions: behind key bindings, palette, footer, help and command line.

A screen shows and binds what the table says for its place; what an action does lies in
``clerk.desks``. Ids are stable: the settings file remaps keys by them.
"""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from clerk.i18n import N_, _

Place = Literal[
    "everywhere",
    "list",
    "inbox",
    "case",
    "cases",
    "follow_ups",
    "letters",
    "fines",
    "fine",
    "conflicts",
    "absences",
    "payments",
]


class Action(NamedTuple):
    """``keys``: Textual key names, the first is shown. ``decides``: afterwards the cursor moves on
    and ``.`` repeats it. ``cli``: the command line's words, '' where it makes no sense there.
    ``abbreviated``: for the footer, where the label is too long in some language.
    ``footer``: named there, dimmed where it is refused; "allowed": only while it can be done.
    ``done``: what is said when it has been done, for actions that change records."""

    id: str
    keys: tuple[str, ...]
    place: Place
    label: str
    help: str
    footer: bool | Literal["allowed"] = False
    decides: bool = False
    cli: str = ""
    abbreviated: str = ""
    done: str = ""

    @property
    def title(self) -> str:
        """The short name on screen."""
        return _(self.label)

    @property
    def footer_title(self) -> str:
        """The name in the footer, where every cell counts."""
        return _(self.abbreviated or self.label)

    @property
    def said(self) -> str:
        """What has been done, as a participle: "Handed over"."""
        return _(self.done or self.label)

    @property
    def description(self) -> str:
        """The sentence in help and palette."""
        return _(self.help)


ACTIONS: tuple[Action, ...] = (
    # everywhere
    Action("app.help", ("f1", "question_mark"), "everywhere", N_("Help"), N_("Keys and what they do here"), footer=True),
    Action("app.palette", ("ctrl+k",), "everywhere", N_("Commands"), N_("Every action, its key and why it is dimmed")),
    Action("app.jump", ("colon",), "everywhere", N_("Jump"), N_("Jump to a number or an area")),
    Action("app.beyond", ("S",), "everywhere", N_("Search the shared store"), N_("Find what ended long ago and is not on this workstation"), cli="search"),
    Action("app.undo", ("z",), "everywhere", N_("Undo"), N_("Take back your last action"), footer=True, cli="undo"),
    Action("app.redo", ("Z",), "everywhere", N_("Redo"), N_("Do again what you took back"), cli="redo"),
    Action("app.refresh", ("f5",), "everywhere", N_("Refresh"), N_("Take in what is new")),
    Action("app.lock", ("ctrl+l",), "everywhere", N_("Lock"), N_("Lock the workstation")),
    Action("app.theme", (), "everywhere", N_("Theme"), N_("Next colour theme")),
    Action("app.language", (), "everywhere", N_("Language"), N_("Switch between German and English")),
    Action("app.back", ("escape",), "everywhere", N_("Back"), N_("Back, the cursor is kept")),
    Action("app.previous", ("minus", "backspace"), "everywhere", N_("Previous view"), N_("Where you were before, and back again")),
    Action("app.quit", ("ctrl+c",), "everywhere", N_("Quit"), N_("End the program; nothing is lost")),
    Action("go.inbox", ("g e",), "everywhere", N_("Inbox"), N_("Go to the inbox")),
    Action("go.mine", ("g m",), "everywhere", N_("Mine"), N_("Go to the cases you work on")),
    Action("go.follow_ups", ("g w",), "everywhere", N_("Follow-ups"), N_("Go to the follow-ups")),
    Action("go.cases", ("g v",), "everywhere", N_("Cases"), N_("Go to the cases")),
    Action("go.fines", ("g o",), "everywhere", N_("Fines"), N_("Go to the fines: what runs out first"), cli="fine list"),
    Action("go.services", ("g p",), "everywhere", N_("Processes"), N_("Go to the process library"), cli="services list"),
    Action("go.payments", ("g z",), "everywhere", N_("Payments"), N_("Go to the payments"), cli="payments list"),
    Action("go.absences", ("g u",), "everywhere", N_("Absences"), N_("Go to who is away and who stands in"), cli="absence list"),
    Action("go.letters", ("g s",), "everywhere", N_("Letters"), N_("Go to the letters"), cli="letters list"),
    Action("go.conflicts", ("g k",), "everywhere", N_("Conflicts"), N_("Go to what the shared store did not take"), cli="sync conflicts"),
    # every list
    Action("list.search", ("s", "slash"), "list", N_("Search"), N_("Search in this list; Esc clears"), footer=True, cli="search"),
    Action("list.mark", ("x",), "list", N_("Mark"), N_("Mark this record")),
    Action("list.mark_range", ("X",), "list", N_("Mark range"), N_("Mark from the last mark to here")),
    Action("list.mark_all", ("ctrl+a",), "list", N_("Mark all"), N_("Mark everything in this list")),
    Action("list.open", ("enter",), "list", N_("Show"), N_("Open this record"), footer=True),
    Action("list.next_split", ("tab",), "list", N_("Next list"), N_("Next list of this area")),
    Action("list.previous_split", ("shift+tab",), "list", N_("Previous list"), N_("Previous list of this area")),
    Action("list.pane", ("f6",), "list", N_("Other pane"), N_("To the other pane and back")),
    # inbox
    Action("item.take", ("n",), "inbox", N_("Take"), N_("Take this item: you see to it"), footer=True, decides=True, cli="inbox take", done=N_("Taken")),
    Action("item.release", ("N",), "inbox", N_("Put back"), N_("Put the item back for the others"), footer="allowed", decides=True, cli="inbox release", done=N_("Given back")),
    Action("item.hand_over", ("a",), "inbox", N_("Hand over"), N_("Hand over to an office; 1-9 takes the n-th suggestion"), footer=True, decides=True, cli="inbox hand-over", done=N_("Handed over")),
    Action("item.file", ("v",), "inbox", N_("Into a case"), N_("File into a case, new or existing"), footer=True, decides=True, cli="inbox file", done=N_("Filed")),
    Action("item.done", ("e",), "inbox", N_("Done"), N_("Nothing more to do"), footer=True, decides=True, cli="inbox done"),
    Action("item.note", ("i",), "inbox", N_("Note"), N_("Write an internal note"), footer=True, cli="inbox note", done=N_("Note written")),
    Action("item.follow_up", ("w",), "inbox", N_("Follow-up"), N_("Look at it again on a date"), footer=True, cli="inbox follow-up", abbreviated=N_("Follow up"), done=N_("Follow-up set")),
    Action("item.aside", ("l",), "inbox", N_("Lay aside"), N_("Lay aside without an answer"), decides=True, cli="inbox aside", done=N_("Laid aside")),
    Action("item.duplicate", ("d",), "inbox", N_("Duplicate"), N_("The same as another item"), decides=True, cli="inbox duplicate", done=N_("Marked as duplicate")),
    Action("item.spam", ("number_sign",), "inbox", N_("Spam"), N_("Unwanted mail"), decides=True, cli="inbox spam", done=N_("Marked as spam")),
    Action("item.reopen", ("o",), "inbox", N_("Reopen"), N_("Back to the open items"), footer="allowed", decides=True, cli="inbox reopen", done=N_("Reopened")),
    Action("item.raise", ("plus",), "inbox", N_("More urgent"), N_("Raise the priority"), cli="inbox priority", done=N_("Made more urgent")),
    Action("item.lower", ("minus",), "inbox", N_("Less urgent"), N_("Lower the priority"), cli="inbox priority", done=N_("Made less urgent")),
    Action("item.repeat", ("full_stop",), "inbox", N_("Repeat"), N_("Repeat your last decision on this item")),
    # case
    Action("case.tab", ("1", "2", "3", "4"), "case", N_("Tabs"), N_("Overview, correspondence, notes, history")),
    Action("case.take", ("n",), "case", N_("Take"), N_("You work on this case"), footer=True, cli="case take", done=N_("Taken")),
    Action("case.hand_over", ("b",), "case", N_("Hand over"), N_("Hand over to an office"), footer=True, cli="case hand-over", done=N_("Handed over")),
    Action("case.note", ("i",), "case", N_("Note"), N_("Write an internal note"), footer=True, cli="case note", done=N_("Note written")),
    Action("case.follow_up", ("w",), "case", N_("Follow-up"), N_("Look at it again on a date"), footer=True, cli="case follow-up", abbreviated=N_("Follow up"), done=N_("Follow-up set")),
    Action("case.wait", ("W",), "case", N_("Wait"), N_("The case waits for something, until a date at the latest"), footer=True, cli="case wait", done=N_("Set waiting")),
    Action("case.go_on", ("F",), "case", N_("Go on"), N_("The case waits no longer; what reminded of it is done"), footer="allowed", cli="case go-on", done=N_("Continued")),
    Action("case.close", ("e",), "case", N_("Close"), N_("Close the case with its result"), footer=True, cli="case close", done=N_("Closed")),
    Action("case.reopen", ("o",), "case", N_("Reopen"), N_("Open the case again"), footer="allowed", cli="case reopen", done=N_("Reopened")),
    Action("case.letter", ("r",), "case", N_("Write"), N_("Write a letter to the case's person"), cli="letters draft", done=N_("Letter drafted")),
    Action("case.letters", ("s",), "case", N_("Letters"), N_("The letters of this case")),
    # letters
    Action("letter.sign", ("u",), "letters", N_("Sign"), N_("Sign the letter; with the last signature its words are fixed"), footer=True, decides=True, cli="letters sign", done=N_("Signed")),
    Action("letter.return", ("N",), "letters", N_("Return"), N_("Back to its author instead of a second signature"), footer="allowed", decides=True, done=N_("Returned")),
    Action("letter.send", ("d",), "letters", N_("Print"), N_("Print the letter; for 15 seconds it can be called back"), footer=True, decides=True, cli="letters print", done=N_("Put into the outbox")),
    Action("letter.recall", ("o",), "letters", N_("Call back"), N_("Back from the outbox, not sent"), footer="allowed", decides=True, done=N_("Called back")),
    Action("letter.withdraw", ("number_sign",), "letters", N_("Withdraw"), N_("The letter is not sent"), footer=True, decides=True, cli="letters withdraw", done=N_("Withdrawn")),
    Action("letter.change", ("i",), "letters", N_("Change"), N_("Change the words of a draft"), footer="allowed", done=N_("Changed")),
    Action("letter.open_case", ("v",), "letters", N_("Case"), N_("Open the letter's case"), footer=True),
    # follow-ups
    Action("follow_up.done", ("e",), "follow_ups", N_("Done"), N_("This follow-up is done"), footer=True, decides=True, cli="case follow-up-done"),
    # payments
    Action("payment.assign", ("v",), "payments", N_("Assign"), N_("This payment is a case's: name its number"), footer=True, decides=True, cli="payments assign", done=N_("Payment assigned")),
    Action("payment.accept", ("e",), "payments", N_("Accept"), N_("The case that is suggested is right"), footer="allowed", decides=True, cli="payments accept", done=N_("Suggestion accepted")),
    Action("payment.reject", ("l",), "payments", N_("Reject"), N_("The case that is suggested is wrong"), footer="allowed", decides=True, cli="payments reject", done=N_("Suggestion rejected")),
    Action("payment.refund", ("r",), "payments", N_("Send back"), N_("It is nobody's here: it shall go back"), footer=True, decides=True, cli="payments refund", done=N_("Sent back")),
    Action("payment.refunded", ("a",), "payments", N_("Paid out"), N_("The refund was paid out"), footer="allowed", decides=True, cli="payments refunded", done=N_("Refund paid out")),
    Action("payment.take_off", ("o",), "payments", N_("Take off"), N_("It was booked on the wrong case"), footer="allowed", decides=True, cli="payments take-off", done=N_("Payment taken off its case")),
    # absences
    Action("absence.set", ("n",), "absences", N_("New"), N_("Set an absence and its deputy"), footer=True, cli="absence set", done=N_("Absence set")),
    Action("absence.change", ("b",), "absences", N_("Change"), N_("Other days, another deputy"), footer=True, cli="absence set", done=N_("Absence changed")),
    Action("absence.end", ("e",), "absences", N_("Back"), N_("Back at work from today on"), footer=True, cli="absence end", done=N_("Absence ended")),
    # fines
    Action("fine.new", ("n",), "fines", N_("Record a fine"), N_("Record fines, one after the other"), footer=True, cli="fine new", abbreviated=N_("New fine"), done=N_("Fine recorded")),
    Action("fine.next", ("space",), "fine", N_("What now?"), N_("Every step of the procedure, and why it cannot be taken now"), footer=True),
    Action("fine.edit", ("d",), "fine", N_("Change the facts"), N_("Change what is charged, whom, where and when"), footer="allowed", cli="fine edit", abbreviated=N_("Facts"), done=N_("Facts changed")),
    Action("fine.investigate", ("m",), "fine", N_("Investigate"), N_("Ask the keeper, a register or a witness"), footer="allowed", cli="fine act", done=N_("Investigation begun")),
    Action("fine.warn", ("u",), "fine", N_("Warn without money"), N_("Warn without warning money; the matter ends"), cli="fine act", done=N_("Warned without money")),
    Action("fine.offer_warning", ("v",), "fine", N_("Offer a warning"), N_("Offer a warning with warning money"), footer="allowed", cli="fine act", abbreviated=N_("Warning"), done=N_("Warning offered")),
    Action("fine.accept_warning", ("V",), "fine", N_("Warning accepted"), N_("The warning money was paid in time; the matter ends"), footer="allowed", cli="fine act", abbreviated=N_("Accepted")),
    Action("fine.hear", ("a",), "fine", N_("Hear"), N_("Hear the offender, or question a witness or keeper"), footer="allowed", cli="fine act", done=N_("Hearing begun")),
    Action("fine.conclude", ("A",), "fine", N_("Conclude the investigation"), N_("Note in the file that the investigation is concluded"), footer="allowed", cli="fine act", abbreviated=N_("Conclude"), done=N_("Investigation concluded")),
    Action("fine.refer", ("J",), "fine", N_("To the prosecutor"), N_("Hand over to the prosecutor: signs of a crime"), cli="fine act", done=N_("Handed over to the prosecutor")),
    Action("fine.take_back", ("K",), "fine", N_("Back from the prosecutor"), N_("The matter came back from the prosecutor or the court"), footer="allowed", cli="fine act", abbreviated=N_("Back again"), done=N_("Taken back")),
    Action("fine.issue", ("B",), "fine", N_("Issue the notice"), N_("Issue the notice of the fine, with fee and expenses"), footer="allowed", cli="fine act", abbreviated=N_("Notice"), done=N_("Notice issued")),
    Action("fine.serve", ("t",), "fine", N_("Served"), N_("The notice was served; the two weeks begin"), footer="allowed", cli="fine act", done=N_("Service recorded")),
    Action("fine.object", ("p",), "fine", N_("Objection"), N_("An objection has come in, late ones too"), footer="allowed", cli="fine act", done=N_("Objection recorded")),
    Action("fine.reject_objection", ("P",), "fine", N_("Reject the objection"), N_("Reject the objection as late or without form"), footer="allowed", cli="fine act", abbreviated=N_("Reject"), done=N_("Rejected")),
    Action("fine.admit", ("l",), "fine", N_("Admit the objection"), N_("The objection is admissible"), footer="allowed", cli="fine act", abbreviated=N_("Admit"), done=N_("Objection admitted")),
    Action("fine.withdraw_objection", ("U",), "fine", N_("Objection withdrawn"), N_("The objection was withdrawn; the notice is final"), cli="fine act", done=N_("Withdrawal recorded")),
    Action("fine.to_court", ("c",), "fine", N_("To the court"), N_("The file goes to the court by way of the prosecutor"), footer="allowed", cli="fine act", done=N_("Handed over to the court")),
    Action("fine.decide", ("C",), "fine", N_("Decision of the court"), N_("The court has decided"), footer="allowed", cli="fine act", abbreviated=N_("Decision"), done=N_("Decision recorded")),
    Action("fine.become_final", ("R",), "fine", N_("Becomes final"), N_("The period is over, or the offender waives; the fine is to be paid"), footer="allowed", cli="fine act", abbreviated=N_("Final"), done=N_("Finality recorded")),
    Action("fine.remind", ("I",), "fine", N_("Remind"), N_("Remind of a payment that is overdue, with a new day to pay by"), footer="allowed", cli="fine act", done=N_("Reminder written")),
    Action("fine.defer", ("M",), "fine", N_("Instalments"), N_("Let it be paid in instalments or later"), footer="allowed", cli="fine act", done=N_("Instalments granted")),
    Action("fine.lapse", ("L",), "fine", N_("Deferral lapses"), N_("An instalment was missed; all is owed at once"), footer="allowed", cli="fine act", abbreviated=N_("Lapse"), done=N_("Deferral lapsed")),
    Action("fine.enforce", ("f",), "fine", N_("Enforce"), N_("Request enforcement"), footer="allowed", cli="fine act", done=N_("Enforcement requested")),
    Action("fine.detain", ("H",), "fine", N_("Coercive detention"), N_("Apply for coercive detention"), footer="allowed", cli="fine act", abbreviated=N_("Detention"), done=N_("Detention applied for")),
    Action("fine.discontinue", ("e",), "fine", N_("Discontinue"), N_("Discontinue the proceeding, with the reason"), footer="allowed", cli="fine act", done=N_("Discontinued")),
    Action("fine.settle", ("E",), "fine", N_("Settle"), N_("Paid, waived or time-barred; the matter ends"), footer="allowed", cli="fine act", done=N_("Settled")),
    Action("fine.death", ("T",), "fine", N_("Death"), N_("The offender has died; the matter ends"), cli="fine act", done=N_("Death recorded")),
    Action("fine.reopen", ("o",), "fine", N_("Reopen"), N_("Take up a matter that has ended"), footer="allowed", cli="fine act", done=N_("Reopened")),
    Action("fine.photos", ("number_sign",), "fine", N_("Photos"), N_("Look at the photos"), footer="allowed"),
    # conflicts
    Action("conflict.mine", ("m",), "conflicts", N_("Mine"), N_("My version of this field"), footer=True),
    Action("conflict.theirs", ("f",), "conflicts", N_("Theirs"), N_("The other version of this field"), footer=True),
    Action("conflict.edit", ("e",), "conflicts", N_("Another value"), N_("Type a third value for this field"), footer="allowed"),
    Action("conflict.resolve", ("f9",), "conflicts", N_("Apply"), N_("Apply what was chosen; Enter on the fields does it too"), footer=True, cli="sync resolve", done=N_("Resolved")),
    Action("conflict.again", ("w",), "conflicts", N_("Once more"), N_("Do the same once more, upon what stands there now"), footer=True),
    Action("conflict.let_go", ("l",), "conflicts", N_("Let go"), N_("Leave everything as it is"), footer=True, done=N_("Left as it is")),
)  # fmt: skip

_BY_ID = {action.id: action for action in ACTIONS}


def action(action_id: str) -> Action:
    """The action with this id; KeyError for an unknown one."""
    return _BY_ID[action_id]


def at(*places: Place) -> Iterator[Action]:
    """The actions of these places, in the order of the table."""
    return (one for one in ACTIONS if one.place in places)
