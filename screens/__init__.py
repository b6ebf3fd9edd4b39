"""What a clerk sees: one screen per file; ``app.py`` is the workstation.

May import everything below: ``widgets``, ``clerk`` and ``storage`` (reading through
``storage.pages``; writing only through ``clerk.desks``). Holds no rule: guards answer why a key
cannot work. Only what the first paint needs is imported at the top of ``app.py``.

Start reading at ``app.py``, then ``work.py`` (what all work areas share) and ``inbox.py``.
"""
