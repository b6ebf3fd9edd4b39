"""The catalogue of offences of the demo town: what ``clerk fine catalogue import`` writes."""

from typing import Final

from clerk.catalogue.read import shipped
from clerk.demo.founding import Town
from clerk.demo.past import Past
from clerk.desks.catalogue import offence_of

OFFICES: Final = ("bussgeld", "ordnungsamt")
"""Who prosecutes offences there."""
_LEADER: Final = "wthiele"


def catalogue(past: Past, town: Town, at: int) -> None:
    """Each of them has the shipped catalogue from this moment (ms, UTC) on."""
    for office_id in OFFICES:
        with past.change(at, town.clerks[_LEADER], "fine.catalogue", office_id) as change:
            for entry in shipped():
                change.add(offence_of(office_id, entry))
