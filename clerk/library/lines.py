"""On which line of a TOML source each value stands: ``tomllib`` keeps none.

Only for sources that ``tomllib`` has accepted: the walk below trusts the syntax and merely follows
it, through tables, arrays of tables, dotted and quoted keys, arrays and inline tables.
"""

import tomllib
from bisect import bisect_left

Path = tuple[str | int, ...]
"""Keys and array positions from the root: ``("steps", 2, "title")``."""


def line_table(source: str) -> dict[Path, int]:
    """The line (from 1) of each table, key and array element of a valid TOML source."""
    return _Walk(source).run()


class _Walk:
    def __init__(self, source: str) -> None:
        self.text = source.replace("\r\n", "\n")
        self.at = 0
        self.ends = [i for i, char in enumerate(self.text) if char == "\n"]
        self.lines: dict[Path, int] = {(): 1}
        self.counts: dict[Path, int] = {}

    def run(self) -> dict[Path, int]:
        table: Path = ()
        while self.skip("\n"):
            if self.text[self.at] == "[":
                table = self.header()
            else:
                self.pair(table)
        return self.lines

    def skip(self, also: str = "") -> bool:
        """Pass blanks (and line ends and comments, if told); False at the end of the source."""
        text, end = self.text, len(self.text)
        while self.at < end:
            char = text[self.at]
            if char == "#" and also:
                self.at = text.find("\n", self.at)
                if self.at < 0:
                    self.at = end
            elif char in " \t" or char in also:
                self.at += 1
            else:
                return True
        return False

    def mark(self, path: Path, at: int) -> None:
        self.lines.setdefault(path, bisect_left(self.ends, at) + 1)

    def header(self) -> Path:
        """``[a.b]`` or ``[[a.b]]``: the table it opens."""
        start = self.at
        many = self.text.startswith("[[", start)
        self.at += 2 if many else 1
        path: Path = ()
        names = self.key()
        for depth, name in enumerate(names, 1):
            path += (name,)
            self.mark(path, start)
            if many and depth == len(names):
                self.counts[path] = self.counts.get(path, 0) + 1
            if path in self.counts:
                path += (self.counts[path] - 1,)
                self.mark(path, start)
        self.at += 2 if many else 1
        # A table may be opened after its children were: its own header is the better line.
        self.lines[path] = bisect_left(self.ends, start) + 1
        return path

    def pair(self, table: Path) -> None:
        """``key = value`` in a table."""
        start = self.at
        path = table
        for name in self.key():
            path += (name,)
            self.mark(path, start)
        self.at += 1  # the equals sign
        self.value(path)

    def key(self) -> list[str]:
        """A bare, quoted or dotted key; stops at what follows it."""
        names: list[str] = []
        while True:
            self.skip()
            start = self.at
            if self.text[start] in "\"'":
                self.string()
                names.append(tomllib.loads(f"k = {self.text[start : self.at]}")["k"])
            else:
                while self.text[self.at] not in " \t.=]":
                    self.at += 1
                names.append(self.text[start : self.at])
            self.skip()
            if self.text[self.at] != ".":
                return names
            self.at += 1

    def value(self, path: Path) -> None:
        self.skip()
        char = self.text[self.at]
        if char in "\"'":
            self.string()
        elif char == "[":
            self.array(path)
        elif char == "{":
            self.inline_table(path)
        else:
            while self.at < len(self.text) and self.text[self.at] not in ",]}#\n":
                self.at += 1

    def array(self, path: Path) -> None:
        self.at += 1
        index = 0
        while self.skip("\n,") and self.text[self.at] != "]":
            self.mark((*path, index), self.at)
            self.value((*path, index))
            index += 1
        self.at += 1

    def inline_table(self, path: Path) -> None:
        self.at += 1
        while self.skip("\n,") and self.text[self.at] != "}":
            self.pair(path)
        self.at += 1

    def string(self) -> None:
        """One string of the four kinds, from its opening to behind its closing quotes."""
        quote = self.text[self.at]
        long = self.text.startswith(quote * 3, self.at)
        close = quote * 3 if long else quote
        self.at += len(close)
        while not self.text.startswith(close, self.at):
            self.at += 2 if quote == '"' and self.text[self.at] == "\\" else 1
        self.at += len(close)
        if long:  # up to two more quotes belong to the text
            for _ in range(2):
                if self.text.startswith(quote, self.at):
                    self.at += 1
