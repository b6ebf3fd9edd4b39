"""Driving the command line in this process: ``answer = clerk("inbox", "list")``."""

import json
import sys
from dataclasses import dataclass
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import cast

import pytest

from clerk.__main__ import main
from tests.support import PASSPHRASE_FILE

Document = dict[str, "object"]


@dataclass(frozen=True)
class Answer:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Document:
        """The one JSON document on stdout."""
        return cast("Document", json.loads(self.out))

    def rows(self, name: str) -> list[Document]:
        """A list of records in the document."""
        return cast("list[Document]", self.document[name])


class Commands:
    """The command line on one home, in English."""

    def __init__(
        self, home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.home = home
        self._capsys = capsys
        self._monkeypatch = monkeypatch

    def __call__(self, *words: str, stdin: bytes = b"", lang: str = "en") -> Answer:
        """Run a line; the passphrase is that of ``tests.support``."""
        self._monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(stdin), encoding="utf-8"))
        self._capsys.readouterr()
        options = ["--home", str(self.home), "--lang", lang]
        if "--passphrase-file" not in words:
            options += ["--passphrase-file", str(self.home / PASSPHRASE_FILE)]
        code = main([*options, *words])
        said = self._capsys.readouterr()
        return Answer(code, said.out, said.err)

    def done(self, *words: str, stdin: bytes = b"") -> Document:
        """Run a line with ``--json`` that must be done; its document."""
        answer = self(*words, "--json", stdin=stdin)
        assert (answer.code, answer.err) == (0, ""), answer.err
        return answer.document

    def rows_of(self, *words: str) -> list[Document]:
        """Run a line that lists; the first list in its document."""
        document = self.done(*words)
        return cast("list[Document]", next(v for v in document.values() if isinstance(v, list)))

    def refused(self, *words: str, code: str) -> str:
        """Run a line that must be refused with this code; its line on stderr."""
        answer = self(*words)
        assert answer.code == 1
        assert answer.err.startswith("clerk: ")
        assert answer.err.endswith(f" [{code}]\n")
        assert answer.err.count("\n") == 1
        return answer.err
