"""The fines of the demo: each step by the clerk of its time, asked by the rules of its day."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from io import BytesIO
from random import Random
from typing import Final

from clerk import clock
from clerk.demo.days import HOUR, MINUTE, Days
from clerk.demo.fine_ways import ROAD, TOWN, WAYS, Step, Way
from clerk.demo.founding import Town
from clerk.demo.ids import demo_id
from clerk.demo.offences import catalogue
from clerk.demo.past import Deed, Past
from clerk.demo.people import Townsperson
from clerk.demo.streets import DISTRICTS, STREETS
from clerk.demo.streets import TOWN as CITY
from clerk.desks import fine_money, outbox, signing
from clerk.desks.bookkeeping import serve
from clerk.desks.fine_answers import answers
from clerk.desks.fine_facts import matter
from clerk.desks.fine_report import Charge, Party, Photo, Report
from clerk.desks.fine_steps import take
from clerk.desks.fine_work import Work
from clerk.desks.fines import new_fine
from clerk.desks.people import acting
from clerk.i18n import speaking
from clerk.refusal import Refused
from clerk.rules import fine_guards
from storage.actor import Actor
from storage.ids import drawn_by
from storage.pages import fines
from storage.pages.people import name_of
from storage.records import Fine, Membership, Office, Payment
from storage.store import Store
from storage.terms import LetterState, ParticipantRole, PaymentKind, PaymentState, Role

_AT_DESK: Final = {TOWN: ("mkaya", "dkruse"), ROAD: ("yozturk",)}
_LEADER: Final = "wthiele"
_ADMIN: Final = "admin"
_GROWN: Final = timedelta(days=21 * 366)
_CARS: Final = ("grau", "rot", "schwarz", "weiß", "blau")
EXAMPLE_IBAN: Final = "DE02120300000000202051"
"""The one that books print; nobody's."""
_SETTINGS: Final = f"""\
[letterhead]
authority = "Stadt {CITY} (Demo)"
department = "{{name}}"
street = "Rathausplatz 1"
postcode = "{DISTRICTS[0][0]}"
city = "{CITY}"
phone = "030 23125100"
email = "{{office}}@example.org"

[bank]
holder = "Stadtkasse {CITY} (Demo)"
iban = "{EXAMPLE_IBAN}"
"""


@dataclass(slots=True)
class FineDemo:
    """The ways of the table as deeds. The same seed and last day give the same rows."""

    store: Store
    past: Past
    days: Days
    town: Town
    people: Sequence[Townsperson]
    seed: int
    rng: Random = field(init=False)
    charged: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        until = self.days.dates[self.days.last]
        name = f"clerk demo fines {self.seed} {until}"
        self.rng = Random(name)  # noqa: S311 - a demo, not a secret

    def deeds(self) -> Iterator[Deed]:
        """All of them in the order of time."""
        made = [Deed(self.days.begin, self._drawn(self._set_up))]
        for n, way in enumerate(WAYS):
            made += self._way(n, way)
        return iter(sorted(made, key=lambda one: one.at))

    def _drawn(self, do: Callable[[], None]) -> Callable[[], None]:
        """With ids of its own generator: the rest of the town is the same without fines."""

        def drawn() -> None:
            towns, self.past.rng = self.past.rng, self.rng
            try:
                with speaking("de"), drawn_by(lambda: demo_id(self.rng, self.past.now)):
                    do()
            finally:
                self.past.rng = towns

        return drawn

    def _set_up(self) -> None:
        """Catalogues, letterheads and accounts, and a second officer at the town's desk: whoever
        stands in for him finds his fines."""
        past, ids, at = self.past, self.town.clerks, self.past.now
        catalogue(past, self.town, at)
        names = {one.id: one.name for one in self.town.offices}
        for office_id in _AT_DESK:
            with past.change(at, ids[_LEADER], "office.settings", office_id) as change:
                text = _SETTINGS.format(name=names[office_id], office=office_id)
                change.set(change.get(Office, office_id), settings=text)
        with past.change(at, ids[_ADMIN], "town.found") as change:
            change.add(
                Membership(
                    clerk_id=ids[_AT_DESK[TOWN][0]],
                    office_id=TOWN,
                    role=Role.OFFICER,
                    since=self.days.iso[self.days.index(at)],
                )
            )

    def _way(self, n: int, way: Way) -> Iterator[Deed]:
        """One fine: recorded soon after the act, then its steps."""
        desk = _AT_DESK[way.office]
        day = self.days.last - way.ago
        acted = self.days.starts[day] + 8 * HOUR + int(self.rng.random() * 9 * HOUR)
        one = _OneFine(self, way, self.town.clerks[desk[n % len(desk)]], acted)
        yield Deed(self._at(acted + 2 * HOUR), self._drawn(one.record))
        for step in way.steps:
            at = self.days.starts[self.days.workday(day + step.day)] + 9 * HOUR + n * MINUTE
            yield Deed(self._at(at), self._drawn(one.doing(step)))

    def _at(self, at: int) -> int:
        return min(self.days.working(at, self.rng), self.days.end - MINUTE)

    def somebody(self, age: int, on: date) -> Townsperson:
        """A grown townsperson, or a new one of this age on a day."""
        grown = [one for one in self.people if one.born and on - one.born > _GROWN]
        found = grown[int(self.rng.random() * len(grown))]
        while found.id in self.charged:  # nobody is in two matters: one of them dies
            found = grown[int(self.rng.random() * len(grown))]
        self.charged.add(found.id)
        if not age:
            return found
        born = on - timedelta(days=int((age + 0.5) * 365.25))
        return replace(found, id=demo_id(self.rng, self.past.now), born=born)


@dataclass(slots=True)
class _OneFine:
    """One fine on its way."""

    demo: FineDemo
    way: Way
    clerk_id: str
    acted: int
    case_id: str = ""

    @property
    def actor(self) -> Actor:
        """Its clerk with the rights of the day."""
        demo = self.demo
        day = clock.local(demo.past.now).date().isoformat()
        return acting(demo.store.db, self.clerk_id, name_of(demo.store.db, self.clerk_id), day)

    @property
    def fine(self) -> Fine:
        """As it stands."""
        found = fines.of_case(self.demo.store.db, self.case_id)
        if found is None:
            raise LookupError(self.case_id)
        return found

    def record(self) -> None:
        """As it is seen: the offence, where, who or which car, with photos."""
        demo, way, rng = self.demo, self.way, self.demo.rng
        at = clock.local(self.acted)
        road = way.office == ROAD
        street = f"{STREETS[int(rng.random() * len(STREETS))]} {1 + int(rng.random() * 90)}"
        plate = f"XX-{'ABCDEFGH'[int(rng.random() * 8)]} {1000 + int(rng.random() * 9000)}"
        who = demo.somebody(way.age, at.date())
        with demo.past.change(
            demo.past.now, self.clerk_id, "fine.new", way.office, self.actor
        ) as change:
            charged = [] if way.unknown else [demo.past.record(change, who)]
            report = Report(
                charges=[Charge(code=way.code)],
                acted_from=f"{at:%Y-%m-%dT%H:%M}",
                place=street,
                parties=[Party(role=ParticipantRole.OFFENDER, person=one) for one in charged],
                officer=f"AD {1 + int(rng.random() * 12)}",
                plate=plate if road else "",
                vehicle=f"Pkw, {_CARS[int(rng.random() * len(_CARS))]}" if road else "",
                evidence="Feststellung im Außendienst" + (", Fotos" if way.photos else ""),
                photos=[_photo(plate if road else "", n) for n in range(way.photos)],
            )
            made = new_fine(demo.store, change, self.actor, report, office_id=way.office)
            self.case_id = made.case.id

    def doing(self, step: Step) -> Callable[[], None]:
        """What a step does when its day has come."""
        if step.pay:
            return lambda: self._pay(step.pay)
        return lambda: self._take(step)

    def _take(self, step: Step) -> None:
        """The step, if the rules of the day allow it; then its letter leaves."""
        demo, name = self.demo, f"fine.{step.action}"
        today = clock.local(demo.past.now).date()
        before = matter(demo.store.db, self.fine)
        said = answers(name, {"on": f"{today:%d.%m.%Y}", **step.said}, today)
        if refusal := fine_guards.accepts(name, before.facts, said.given(today), today):
            raise Refused(refusal)
        with demo.past.change(
            demo.past.now, self.clerk_id, name, self.way.office, self.actor
        ) as change:
            take(Work(demo.store, change, self.actor), before, name, said)
        if not (self.way.draft and step is self.way.steps[-1]):
            self._send()

    def _send(self) -> None:
        """What was drafted is signed and leaves."""
        store, actor = self.demo.store, self.actor
        drafts = [
            one.id
            for one in fines.letters(store.db, self.case_id)
            if one.state == LetterState.DRAFT
        ]
        if drafts:
            signing.sign(store, actor, drafts)
            outbox.send(store, actor, drafts)
            for one in drafts:
                outbox.sent(store, actor, one)

    def _pay(self, share: float) -> None:
        """A payment comes in from the bank."""
        demo, past, fine = self.demo, self.demo.past, self.fine
        owed = fine_money.owed(demo.store.db, self.case_id)
        with past.change(past.now, self.clerk_id, "payment.import", self.way.office) as change:
            payment = change.add(
                Payment(
                    office_id=self.way.office,
                    external_id=f"demo:{self.case_id}:{past.now}",
                    kind=PaymentKind.BANK,
                    state=PaymentState.CLARIFY,
                    booked_on=clock.local(past.now).date().isoformat(),
                    amount=int(owed * share),
                    payer="Demo",
                    reference=fine.reference or "",
                    created_at=past.now,
                )
            )
            serve(demo.store, change, payment, self.case_id)


def _photo(plate: str, n: int) -> Photo:
    """An invented photo, as children draw: a car, its plate, or a sofa on the pavement."""
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (320, 200), (178, 196, 214))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 140, 320, 200), fill=(96, 96, 96))
    draw.rectangle((0, 128, 320, 142), fill=(150, 150, 146))
    if not plate:
        draw.rectangle((70, 78, 250, 130), fill=(112, 74, 48))
        draw.rectangle((70, 112, 250, 146), fill=(140, 96, 60))
        for x in (58, 236):
            draw.rectangle((x, 92, x + 26, 150), fill=(96, 62, 40))
    elif n:
        draw.rectangle((30, 60, 290, 130), fill=(245, 245, 245), outline=(0, 0, 0), width=4)
        draw.text((60, 75), plate, fill=(0, 0, 0), font_size=38)
    else:
        draw.polygon(((95, 100), (125, 62), (215, 62), (245, 100)), fill=(120, 30, 30))
        draw.rectangle((55, 98, 275, 135), fill=(150, 40, 40))
        for x in (85, 220):
            draw.ellipse((x, 118, x + 36, 154), fill=(20, 20, 20))
        draw.text((135, 110), plate, fill=(255, 255, 255), font_size=11)
    file = BytesIO()
    image.save(file, "PNG")
    kind, name = ("plate", "kennzeichen.png") if n else ("overall", "uebersicht.png")
    return Photo(name=name, media_type="image/png", data=file.getvalue(), kind=kind)
