"""Ids of the demo: UUIDv7 in shape, drawn from the seed, with the time of their row."""

from random import Random


def demo_id(rng: Random, at: int) -> str:
    """An id for a row of the moment ``at`` (ms since the epoch); the rest is drawn."""
    drawn = rng.getrandbits(74)
    value = at << 80 | 0x7 << 76 | (drawn >> 62) << 64 | 0b10 << 62 | drawn & (1 << 62) - 1
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
