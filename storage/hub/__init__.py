"""The shared database: its schema and functions (``sql/``, brought in by Alembic), what
administrators do with it, and the calls that a workstation makes.

Imports psycopg and Alembic, so nothing that a start needs may import it. May import ``storage``'s
records, terms and errors, and ``storage.sync.wire`` for the shape of what travels. Start reading at
``sql/03_push.sql`` and ``calls.py``.
"""
