"""Rules of the office: pure functions and tables. No I/O, no SQL, no clock of their own.

May import ``storage.terms`` and ``storage.folding`` (pure as well) and ``clerk.i18n``. Start
reading at ``permissions.py`` and ``states.py``.
"""
