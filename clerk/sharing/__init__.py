"""Working with a shared store: joining one, the login, and the process that synchronises.

What travels and how stands in ``storage.sync``; here is what only the program knows: settings, the
names of number ranges, where a password is kept. May import ``session``, ``desks``, ``rules`` and
``storage``; psycopg is only imported inside functions. Start reading at ``joining.py``.
"""
