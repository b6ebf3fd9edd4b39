"""``python -m docs.pictures.make``: every picture of the documents anew, from the real program."""

import asyncio
from pathlib import Path

from docs.pictures import handbook, rooms, shots
from docs.pictures.station import demo_town, frozen_clock

HERE = Path(__file__).parent


async def main() -> None:
    """Draw the rooms, photograph the screens, put the small ones into the handbook."""
    (HERE / "rooms.svg").write_text(rooms.draw(), encoding="utf-8")
    with frozen_clock(), demo_town() as session:
        for name in shots.PICTURES:
            svg = await shots.picture(session, name)
            (HERE / f"{name}.svg").write_text(svg, encoding="utf-8")
        document = handbook.HANDBOOK.read_text(encoding="utf-8")
        screens = await shots.texts(session, handbook.places(document))
        handbook.HANDBOOK.write_text(handbook.filled(document, screens), encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(main())
