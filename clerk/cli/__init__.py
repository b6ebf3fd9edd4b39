"""The command line: one file per noun, thin. Every verb calls the use case that the screen calls.

``noun.py`` holds a typer ``app``; ``nouns.py`` is the table of them (only the noun that is asked
for is imported), ``run.py`` turns a typed line into an exit code. A command opens the store with
``opening.py`` and says what it did with ``output.py``: one JSON document with ``--json``, else a
short table. May import ``clerk``, ``storage`` and rich; never Textual, SQLModel or httpx.

Start reading at ``run.py``, then ``inbox.py``.
"""
