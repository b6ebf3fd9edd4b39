"""The work areas that are made when they are first shown."""

from textual.screen import Screen


def make(name: str) -> Screen[None]:
    """The screen of a work area by its mode."""
    if name == "follow_ups":
        from screens.follow_ups import FollowUpsScreen

        return FollowUpsScreen()
    if name == "fines":
        from screens.fines import FinesScreen

        return FinesScreen()
    if name == "services":
        from screens.services import ServicesScreen

        return ServicesScreen()
    if name == "letters":
        from screens.letters import LettersScreen

        return LettersScreen()
    if name == "payments":
        from screens.payments import PaymentsScreen

        return PaymentsScreen()
    if name == "absences":
        from screens.absences import AbsencesScreen

        return AbsencesScreen()
    if name == "conflicts":
        from screens.conflicts import ConflictsScreen

        return ConflictsScreen()
    from screens.cases import CasesScreen

    return CasesScreen(mine=name == "mine")
