"""A proxy between workstations and server, as a process of its own, so that it can be stopped.

``python -m tests.chaos.proxy PORT`` listens on loopback, prints its port and passes everything on
to PORT. A line on its stdin is an order:

- ``hold up``, ``hold down``: nothing passes in this direction (up: to the server), both ends open,
- ``free``: everything passes again, nothing of what was held is lost,
- ``cut``: every connection ends,
- ``half BYTES``: the next connection that has sent so many more bytes to the server ends there.
"""

import asyncio
import sys
from contextlib import suppress

UP, DOWN = "up", "down"


class Proxy:
    """What passes, and how much of it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._open = {UP: asyncio.Event(), DOWN: asyncio.Event()}
        self._pairs: set[tuple[asyncio.StreamWriter, asyncio.StreamWriter]] = set()
        self._half: int | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.free()

    def free(self) -> None:
        """Everything passes."""
        for gate in self._open.values():
            gate.set()

    def order(self, line: str) -> None:
        """Do what a line says."""
        match line.split():
            case ["hold", way]:
                self._open[way].clear()
            case ["free"]:
                self.free()
            case ["cut"]:
                for pair in list(self._pairs):
                    self._end(pair)
            case ["half", size]:
                self._half = int(size)

    async def serve(self, here: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        """One connection of a workstation."""
        try:
            there, on = await asyncio.open_connection("127.0.0.1", self._port)
        except OSError:
            back.close()
            return
        pair = (back, on)
        self._pairs.add(pair)
        for way, source, sink in ((UP, here, on), (DOWN, there, back)):
            task = asyncio.create_task(self._pump(way, source, sink, pair))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _pump(
        self,
        way: str,
        source: asyncio.StreamReader,
        sink: asyncio.StreamWriter,
        pair: tuple[asyncio.StreamWriter, asyncio.StreamWriter],
    ) -> None:
        with suppress(OSError):
            while data := await source.read(65_536):
                await self._open[way].wait()
                if way == UP and self._half is not None:
                    self._half -= len(data)
                    if self._half < 0:
                        sink.write(data[: self._half])
                        self._half = None
                        break
                sink.write(data)
                await sink.drain()
        self._end(pair)

    def _end(self, pair: tuple[asyncio.StreamWriter, asyncio.StreamWriter]) -> None:
        self._pairs.discard(pair)
        for writer in pair:
            with suppress(OSError, RuntimeError):
                writer.close()


async def main(port: int) -> None:
    proxy = Proxy(port)
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    orders = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    while line := await orders.readline():
        proxy.order(line.decode())


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
