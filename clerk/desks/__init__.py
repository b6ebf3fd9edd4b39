"""Use cases, one module per work area: guard -> change -> what follows.

A guard ``can_…`` answers with a refusal or None; the use case asks it first, the screen dims its
key by it. May import ``clerk.rules``, ``storage`` and the small modules of ``clerk``; never
Textual, never SQLModel. Start reading at ``inbox.py``.
"""
