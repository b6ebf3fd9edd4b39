"""The ground: where everything is kept and how it is read and written.

Lives here: the tables, the encrypted replica, the journal (the only writer), pages, counters and
search. May import nothing of ``clerk``, ``screens`` or ``widgets``, and never Textual. Everything
the running program needs stays free of SQLModel (see docs/decisions/0002): ``tables/`` is the
truth of the schema, ``records.py`` is generated from it.

Start reading at ``store.py`` (what an opened replica offers), then ``journal.py``.
"""
