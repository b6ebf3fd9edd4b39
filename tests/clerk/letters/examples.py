"""A filled example of each template: invented people of Musterstadt."""

from datetime import date

from clerk.letters.details import (
    Accused,
    Act,
    Address,
    Charge,
    ClosedFor,
    Closing,
    Details,
    Enforcement,
    Hearing,
    Instalments,
    Notice,
    ObjectionRejected,
    Part,
    Plain,
    Referral,
    ReferredFor,
    RejectedFor,
    Reminder,
    Sum,
    WarningOffer,
)
from clerk.letters.frame import Frame, Signature
from clerk.office_settings import stored

TO = Address(name="Erika Beispiel", street="Lindenweg 7", postcode="12345", city="Musterstadt")
NUMBER = "32.1-2026-000017"
REFERENCE = "9750121234565"
ACCUSED = Accused(
    family_name="Beispiel",
    given_name="Erika",
    birth_name="Müller",
    born_on=date(1980, 2, 29),
    birth_place="Görlitz",
    street="Lindenweg 7",
    postcode="12345",
    city="Musterstadt",
)
ACT = Act(
    acted_from="2026-07-04T14:30",
    acted_to="2026-07-04T15:10",
    place="Hauptstraße 12, 12345 Musterstadt",
    charges=(
        Charge(
            text="Sie haben Ihren Hund auf dem Spielplatz frei laufen lassen.",
            provisions="§ 4 Abs. 1, § 12 Abs. 1 Nr. 3 der Straßenordnung der Stadt Musterstadt",
            code="OBVO21",
        ),
        Charge(
            text="Sie haben den Kot Ihres Hundes nicht entfernt.",
            provisions="§ 5 Abs. 2, § 12 Abs. 1 Nr. 5 der Straßenordnung der Stadt Musterstadt",
            code="OBVO22",
        ),
    ),
    evidence=("Zeugenaussage", "2 Lichtbilder"),
    witnesses=("Ordnungsdienst, Herr Yilmaz",),
)
DEFENDER = Address(
    name="Rechtsanwältin Dr. Paula Advokat", street="Markt 1", postcode="12345", city="Musterstadt"
)

SETTINGS = """
[letterhead]
authority = "Stadt Musterstadt"
department = "Ordnungsamt – Bußgeldstelle"
street = "Rathausplatz 1"
postcode = "12345"
city = "Musterstadt"
phone = "01234 567-0"
email = "bussgeld@musterstadt.example"
web = "www.musterstadt.example"
hours = "Mo–Fr 8–12 Uhr"

[bank]
holder = "Stadtkasse Musterstadt"
iban = "DE02120300000000202051"
bic = "BYLADEM1001"

[fines]
four_eyes_above = 1000
"""
"""An office that can write and send letters."""


def frame(*signatures: Signature, draft: bool = False) -> Frame:
    """Around a letter of that office."""
    return Frame("Ordnungsamt", stored(SETTINGS), date(2026, 7, 10), signatures, draft=draft)


EXAMPLES: dict[str, Details] = {
    "plain": Plain(
        to=TO,
        number=NUMBER,
        subject="Ihre Anfrage",
        text="vielen Dank für Ihr Schreiben.\n\nWir melden uns, sobald wir mehr wissen.",
    ),
    "warning": WarningOffer(
        to=TO,
        number=NUMBER,
        act=ACT,
        amount=5500,
        pay_by=date(2026, 7, 17),
        reference=REFERENCE,
        contact="Frau Özdemir",
    ),
    "hearing": Hearing(
        to=TO, number=NUMBER, act=ACT, respond_by=date(2026, 7, 24), born_on=date(1980, 2, 29)
    ),
    "notice": Notice(
        to=TO,
        number=NUMBER,
        accused=ACCUSED,
        defender=DEFENDER,
        act=ACT,
        fine=50000,
        fee=2500,
        expenses=350,
        reference=REFERENCE,
        side=("Einziehung des Hundehalsbands",),
    ),
    "reminder": Reminder(
        to=TO,
        number=NUMBER,
        about="Bußgeldbescheid vom 01.07.2026",
        items=(Sum(label="Geldbuße", amount=50000), Sum(label="Gebühr", amount=2500)),
        paid=10000,
        pay_by=date(2026, 9, 1),
        reference=REFERENCE,
    ),
    "objection_rejected": ObjectionRejected(
        to=TO,
        number=NUMBER,
        notice_of=date(2026, 7, 1),
        served_on=date(2026, 7, 4),
        objected_on=date(2026, 7, 21),
        period_ended_on=date(2026, 7, 20),
        ground=RejectedFor.LATE,
        court="Amtsgericht Musterstadt",
    ),
    "referral": Referral(
        to=Address(
            name="Staatsanwaltschaft Musterstadt",
            street="Gerichtsplatz 2",
            postcode="12345",
            city="Musterstadt",
        ),
        number=NUMBER,
        ground=ReferredFor.OBJECTION,
        accused=ACCUSED,
        defender=DEFENDER,
        act=ACT,
        notice_of=date(2026, 7, 1),
        served_on=date(2026, 7, 4),
        objected_on=date(2026, 7, 10),
        enclosures=("Bußgeldakte", "2 Lichtbilder"),
    ),
    "instalments": Instalments(
        to=TO,
        number=NUMBER,
        about="Bußgeldbescheid vom 01.07.2026",
        owed=52850,
        plan=tuple(
            Part(due_on=date(2026, month, 1), amount=amount)
            for month, amount in ((9, 20000), (10, 20000), (11, 12850))
        ),
        reference=REFERENCE,
    ),
    "enforcement": Enforcement(
        to=Address(name="Stadtkasse Musterstadt – Vollstreckung", city="Musterstadt"),
        number=NUMBER,
        debtor=ACCUSED,
        notice_of=date(2026, 7, 1),
        served_on=date(2026, 7, 4),
        final_on=date(2026, 7, 21),
        due_on=date(2026, 8, 4),
        items=(
            Sum(label="Geldbuße", amount=50000),
            Sum(label="Gebühr", amount=2500),
            Sum(label="Auslagen", amount=350),
        ),
        reference=REFERENCE,
    ),
    "closing": Closing(to=TO, number=NUMBER, act=ACT, ground=ClosedFor.DISCRETION),
}
