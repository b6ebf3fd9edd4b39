"""Number plates, as they are compared: capitals and digits alone. Pure."""


def folded(plate: str) -> str:
    """``tü-ab 123 E`` -> ``TÜAB123E``."""
    return "".join(one for one in plate.upper() if one.isalnum())
