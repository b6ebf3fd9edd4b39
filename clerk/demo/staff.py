"""The clerks of the demo town: who works where, in which role. The first one sits at the screen."""

from dataclasses import dataclass
from typing import Final

from storage.terms import Role

S, O, C, A = Role.SUPERVISOR, Role.OFFICER, Role.CLERK, Role.ADMIN  # noqa: E741 - a table


@dataclass(frozen=True, slots=True)
class Colleague:
    """A clerk; ``posts`` are office ids and the role there."""

    login: str
    name: str
    posts: tuple[tuple[str, Role], ...]


def _one(login: str, name: str, role: Role, *offices: str) -> Colleague:
    return Colleague(login, name, tuple((office, role) for office in offices))


STAFF: Final[tuple[Colleague, ...]] = (
    _one("jbrandt", "Jana Brandt", O, "buergerbuero"),
    _one("hwessel", "Hannelore Weßel", S, "buergerbuero", "standesamt"),
    _one("mkaya", "Murat Kaya", O, "buergerbuero"),
    _one("lfuchs", "Lisa Fuchs", C, "buergerbuero"),
    _one("tgoeritz", "Tilo Göritz", O, "standesamt"),
    _one("usander", "Uwe Sander", C, "poststelle"),
    _one("bmoeller", "Beate Möller", S, "poststelle", "beschwerden", "presse", "personal"),
    _one("kheine", "Konrad Heine", O, "beschwerden"),
    _one("svogt", "Svenja Vogt", O, "personal", "presse"),
    _one("rdietz", "Regina Dietz", S, "kasse", "steuern"),
    _one("pnowak", "Paweł Nowak", O, "steuern"),
    _one("gzahn", "Gudrun Zahn", C, "kasse"),
    _one("wthiele", "Wolfram Thiele", S, "ordnungsamt", "bussgeld", "fundbuero", "gewerbe"),
    _one("dkruse", "Dörte Kruse", O, "ordnungsamt"),
    _one("yozturk", "Yasemin Öztürk", O, "bussgeld"),
    _one("fblum", "Fritz Blum", C, "fundbuero"),
    _one("nalbers", "Nils Albers", O, "gewerbe"),
    _one("chornung", "Claudia Hornung", S, "verkehr", "tiefbau"),
    _one("ojung", "Olaf Jung", O, "verkehr"),
    _one("epetrov", "Elena Petrova", O, "tiefbau"),
    _one("ranton", "Ronny Anton", C, "tiefbau"),
    _one("igrabow", "Ingo Grabow", S, "gruen", "abfall", "bauordnung"),
    _one("ksteen", "Kerstin Steen", O, "gruen"),
    _one("mheld", "Marvin Held", O, "abfall"),
    _one("aroesch", "Annegret Rösch", O, "bauordnung"),
    _one("vlindner", "Vera Lindner", S, "soziales", "wohngeld", "jugend", "schule"),
    _one("jmaas", "Jonas Maas", O, "wohngeld", "soziales"),
    _one("tkoehn", "Tabea Köhn", O, "jugend", "schule"),
    _one("admin", "Ralf Admin-Müller", A, "poststelle"),
)

SITTING: Final = "jbrandt"
POST_ROOM: Final = "usander"
LEADER: Final = "bmoeller"  # leads every office of the library that is not named above
ADMIN: Final = "admin"
