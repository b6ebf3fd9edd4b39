"""The people of the demo town: names, addresses and numbers, all invented."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Final

from clerk.demo.streets import DISTRICTS, STREETS

GIVEN: Final[dict[str, tuple[str, ...]]] = {
    "de": (
        "Anna", "Jürgen", "Käthe", "Björn", "Sabine", "Thomas", "Petra", "Michael", "Ursula",
        "Stefan", "Monika", "Andreas", "Heike", "Uwe", "Birgit", "Klaus", "Renate", "Jörg",
        "Gabriele", "Wolfgang", "Martina", "Jens", "Katrin", "Rüdiger", "Silke", "Günter",
        "Nadine", "Hans-Peter", "Lea", "Finn", "Emma", "Paul", "Mia", "Jonas", "Lina", "Ben",
        "Frieda", "Oskar", "Greta", "Henning", "Anneliese", "Werner", "Ilse", "Horst", "Elke",
        "Dörte", "Sönke", "Wiebke", "Götz", "Bärbel", "Ann-Kathrin", "Karl-Heinz", "Tobias",
        "Sandra", "Melanie", "Christian", "Julia", "Sebastian", "Vanessa", "Kevin", "Marlene",
    ),
    "tr": ("Ayşe", "Mehmet", "Fatma", "Mustafa", "Emine", "Ali", "Zeynep", "Hüseyin", "Elif",
           "İbrahim", "Gülsüm", "Emre", "Büşra", "Çağla", "Oğuz", "Selin"),
    "pl": ("Agnieszka", "Piotr", "Katarzyna", "Paweł", "Małgorzata", "Tomasz", "Łukasz", "Zofia",
           "Grażyna", "Michał", "Bożena", "Wojciech"),
    "en": ("Emily", "James", "Priya", "Oluwaseun", "Grace", "Daniel", "Siobhán", "Kwame", "Anjali"),
    "world": (
        "Oksana", "Dmytro", "Olena", "Layla", "Omar", "Yousef", "Nour", "Ahmad", "Giulia", "Marco",
        "Nguyễn Thị", "Minh", "Eleni", "Nikos", "Andreea", "Ionuț", "Jelena", "Dragan", "Ivana",
        "Amina", "Yohannes", "Farid", "Shirin", "João", "Inês", "Zsófia", "Luka", "Ana",
    ),
}  # fmt: skip

FAMILY: Final[dict[str, tuple[str, ...]]] = {
    "de": (
        "Müller", "Schmidt", "Schneider", "Fischer", "Weber", "Meyer", "Wagner", "Becker",
        "Schulz", "Hoffmann", "Schäfer", "Koch", "Bauer", "Richter", "Klein", "Wolf", "Schröder",
        "Neumann", "Schwarz", "Zimmermann", "Braun", "Krüger", "Hofmann", "Hartmann", "Lange",
        "Krause", "Lehmann", "Köhler", "Maier", "Herrmann", "König", "Walter", "Mayer", "Huber",
        "Kaiser", "Fuchs", "Peters", "Möller", "Weiß", "Jung", "Hahn", "Vogel", "Friedrich",
        "Keller", "Günther", "Frank", "Berger", "Winkler", "Roth", "Beck", "Lorenz", "Baumann",
        "Schuster", "Kraus", "Böhm", "Simon", "Franke", "Albrecht", "Winter", "Ludwig", "Martin",
        "Krämer", "Schumacher", "Vogt", "Jäger", "Stein", "Otto", "Groß", "Sommer", "Haas", "Graf",
        "Heinrich", "Seidel", "Ziegler", "Brandt", "Kuhn", "Schreiber", "Dietrich", "Engel",
        "Busch", "Horn", "Bergmann", "Pohl", "Voß", "Sauer", "Wolff", "Pfeiffer", "Hülsmann",
        "Dönhoff-Kröger", "von der Aue", "zu Rantzow", "Größler", "Weißhaupt", "Strößner",
        "Bröcker", "Thälke", "Knüppel", "Rößler", "Ohlendorf", "Petersen", "Jansen", "Claaßen",
    ),
    "tr": ("Yılmaz", "Kaya", "Demir", "Şahin", "Çelik", "Yıldız", "Öztürk", "Aydın", "Arslan",
           "Doğan", "Kılıç", "Güneş"),
    "pl": ("Nowak", "Kowalska", "Wiśniewski", "Wójcik", "Kamińska", "Lewandowski", "Zielińska",
           "Szymański", "Dąbrowska"),
    "en": ("Walker", "O'Brien", "Patel", "Adeyemi", "Thompson", "Boateng", "Sharma", "Clarke"),
    "world": (
        "Kovalenko", "Shevchuk", "Haddad", "Al-Khatib", "Rossi", "Ferrari", "Trần", "Phạm",
        "Papadopoulou", "Popescu", "Jovanović", "Petrović", "Tesfaye", "Karimi", "Rahimi",
        "da Silva", "Nagy", "Horvat", "Kocijančič", "Abdi", "Ebrahimi",
    ),
}  # fmt: skip

_TRADES = (
    "Bäckerei", "Malerbetrieb", "Elektro", "Dachdeckerei", "Gasthaus", "Blumen", "Autohaus",
    "Hausverwaltung", "Tischlerei", "Pflegedienst", "Reinigung", "Fahrschule", "Immobilien",
)  # fmt: skip
_FORMS = ("GmbH", "e. K.", "GbR", "KG", "GmbH & Co. KG")

# The ranges that the Bundesnetzagentur keeps free for films and books (notice 148/2021).
_PREFIXES = ("030 23125", "040 66969", "069 90009", "0221 4710", "089 99998")

_DOMAINS = ("example.org", "post.example.org", "mail.example.org", "web.example.org")
_LATIN = str.maketrans({
    "ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ş": "s", "ı": "i", "ğ": "g", "ç": "c", "İ": "i",
    "ł": "l", "ś": "s", "ń": "n", "ż": "z", "ó": "o", "ą": "a", "ć": "c", "č": "c", "ț": "t",
    "á": "a", "ã": "a", "ê": "e", "ễ": "e", "ị": "i", "ầ": "a", "ạ": "a", "Ş": "s", "Ç": "c",
    "Ö": "oe", "Ü": "ue", "'": "", " ": "",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Townsperson:
    """Somebody who writes to the town. ``origin``: ``de``, ``tr``, ``pl``, ``en``, ``world`` or
    ``firm`` (a firm's name stands in ``family`` alone)."""

    id: str
    origin: str
    given: str
    family: str
    born: date | None
    street: str
    postcode: str
    district: str
    email: str
    phone: str

    @property
    def name(self) -> str:
        """As it stands in a list."""
        return f"{self.given} {self.family}".strip()


def phone(rng: Random) -> str:
    """A telephone number that nobody has."""
    return f"{_PREFIXES[int(rng.random() * len(_PREFIXES))]}{int(rng.random() * 1000):03}"


def townspeople(rng: Random, ids: Sequence[str], until: date) -> list[Townsperson]:
    """One townsperson for each id: seven in ten with a German name, one in seventeen a firm."""
    return [_person(rng, one, until) for one in ids]


def by_origin(people: Sequence[Townsperson]) -> dict[str, list[Townsperson]]:
    """The people of each origin; an origin with nobody gets everybody."""
    kinds: dict[str, list[Townsperson]] = {origin: [] for origin in (*GIVEN, "firm")}
    for one in people:
        kinds[one.origin].append(one)
    return {origin: found or list(people) for origin, found in kinds.items()}


def _person(rng: Random, person_id: str, until: date) -> Townsperson:
    origin = rng.choices(("de", "tr", "pl", "en", "world", "firm"), (70, 7, 5, 3, 9, 6))[0]
    postcode, district = rng.choice(DISTRICTS)
    street = f"{rng.choice(STREETS)} {rng.randint(1, 140)}{rng.choice(('', '', '', '', 'a', 'b'))}"
    if origin == "firm":
        family = rng.choice(FAMILY["de"])
        name = f"{rng.choice(_TRADES)} {family} {rng.choice(_FORMS)}"
        email = f"{rng.choice(('kontakt', 'info', 'buero'))}@{_ascii(family)}.example.org"
        return Townsperson(
            person_id, origin, "", name, None, street, postcode, district, email, phone(rng)
        )
    given, family = rng.choice(GIVEN[origin]), rng.choice(FAMILY[origin])
    born = until - timedelta(days=rng.randint(17 * 365, 93 * 365))
    local = _ascii(f"{given}.{family}")
    if rng.random() < 0.4:
        local = f"{_ascii(given)[:1]}.{_ascii(family)}{born.year % 100:02}"
    email = f"{local}@{rng.choice(_DOMAINS)}"
    return Townsperson(
        person_id, origin, given, family, born, street, postcode, district, email, phone(rng)
    )


def _ascii(name: str) -> str:
    return name.lower().translate(_LATIN).encode("ascii", "ignore").decode().replace("..", ".")
