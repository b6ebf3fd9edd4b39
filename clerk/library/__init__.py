"""The process library: what the town offers, as data.

``services/*.toml`` holds one version of one service per file, ``offices.toml`` the offices that
handle them. ``load.py`` is where to start: it reads the files, checks them and returns the frozen
dataclasses of ``definition.py``; a file that is not right is refused with every reason and its line
(``problems.py``, ``lines.py``, ``table.py``). Nothing here writes: storing a version in the replica
is a use case of ``clerk.desks``.

May import: the standard library, ``storage.terms``, ``storage.folding``, ``clerk.i18n``,
``clerk.rules.periods``.
"""
