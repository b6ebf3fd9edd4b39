"""The demo town: an invented German town to look at, to try out and to measure with.

``build.py`` is where to start: it decides whether a demo may be built in a home and builds it.
``founding.py`` makes offices, clerks and services; ``arrivals.py`` decides what comes in when and
what becomes of it, ``matter.py`` turns that into the actions of clerks, ``past.py`` writes them
through the journal as if they had happened then. Everything is drawn from one seeded generator:
the same seed, size and last day give the same rows, ids included.

The content is German and invented: ``people.py``, ``streets.py``, ``staff.py``, ``remarks.py``,
``things.py`` and the letters in ``mails/*.toml`` (``letters.py`` reads them, ``slots.py`` fills
them in). Addresses lie in example.org and .invalid, telephone numbers in the ranges reserved for
fiction. May import ``clerk.library``, ``clerk.desks.services``, the small modules of ``clerk`` and
``storage``.
"""
