"""Bank statements: camt.053 as plain records, and how they are booked.

May import ``clerk.desks`` (booking writes through them), ``clerk.rules`` and what those may. Start
reading at ``camt.py`` (what a statement says) and ``booking.py`` (what becomes of it).
"""
