"""The templates there are: their file, what they are filled with, how they leave."""

from collections.abc import Mapping
from dataclasses import dataclass

from clerk.i18n import N_, _
from clerk.letters import details
from clerk.letters.details import Details
from clerk.refusal import refuse
from storage.terms import Way


@dataclass(frozen=True, slots=True)
class Template:
    """``name``: on screen; ``subject``: its usual subject line in German; ``way``: how it usually
    leaves."""

    id: str
    name: str
    subject: str
    details: type[Details]
    way: Way = Way.PRINT

    @property
    def title(self) -> str:
        """Its name on screen."""
        return _(self.name)

    @property
    def file(self) -> str:
        """The Typst template."""
        return f"{self.id}.typ"


_ALL = (
    Template("plain", N_("Letter"), "Schreiben", details.Plain),
    Template(
        "warning",
        N_("Warning with payment"),
        "Verwarnung mit Verwarnungsgeld",
        details.WarningOffer,
    ),
    Template("hearing", N_("Hearing"), "Anhörung im Bußgeldverfahren", details.Hearing),
    Template("notice", N_("Notice of a fine"), "Bußgeldbescheid", details.Notice, Way.FORMAL),
    Template("reminder", N_("Payment reminder"), "Zahlungserinnerung", details.Reminder),
    Template(
        "objection_rejected",
        N_("Objection rejected"),
        "Verwerfung des Einspruchs",
        details.ObjectionRejected,
        Way.FORMAL,
    ),
    Template(
        "referral",
        N_("Hand-over to the prosecutor"),
        "Abgabe an die Staatsanwaltschaft",
        details.Referral,
    ),
    Template("instalments", N_("Instalment plan"), "Ratenzahlung", details.Instalments),
    Template(
        "enforcement", N_("Enforcement request"), "Vollstreckungsersuchen", details.Enforcement
    ),
    Template("closing", N_("Closing notice"), "Abschluss des Verfahrens", details.Closing),
)
TEMPLATES: Mapping[str, Template] = {one.id: one for one in _ALL}


def template(template_id: str) -> Template:
    """The template with this id. Refused ``letter.no_template``."""
    found = TEMPLATES.get(template_id)
    if found is None:
        raise refuse(
            "letter.no_template",
            _("There is no template “{id}”. There are: {all}.").format(
                id=template_id, all=", ".join(TEMPLATES)
            ),
        )
    return found


def subject_of(found: Template, filled: Details) -> str:
    """The subject line of a letter."""
    return filled.own_subject.strip() or found.subject
