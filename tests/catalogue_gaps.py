"""Names the gaps of a catalogue: ``python -m tests.catalogue_gaps FILE.po``.

No error: after a new string has been written in the source a gap is what is to be expected.
``test_catalogue.py`` fails on what is left.
"""

import sys
from pathlib import Path

from babel.messages.pofile import read_po


def gaps(po: Path) -> list[str]:
    """The strings of the source that have no translation, or a doubtful one."""
    with po.open("rb") as file:
        catalogue = read_po(file)
    found = []
    for message in catalogue:
        ids = (message.id,) if isinstance(message.id, str) else tuple(message.id)
        strings = (message.string,) if isinstance(message.string, str) else tuple(message.string)
        if ids[0] and (message.fuzzy or not all(strings)):
            found.append(ids[0])
    return found


if __name__ == "__main__":
    left = gaps(Path(sys.argv[1]))
    for one in left:
        sys.stdout.write(f"not translated: {one}\n")
    if left:
        sys.stdout.write(f"Fill these in {sys.argv[1]} and run it again.\n")
