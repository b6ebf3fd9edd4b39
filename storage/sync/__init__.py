"""The replica's side of synchronisation with a shared store (docs/decisions, ``storage.hub``).

Lives here: what is done with the rows of the shared store's streams (``apply``, over own pending
entries: ``settle``), what leaves a replica (``evict``), what is pushed (``wire``, ``push``), the
first filling (``bootstrap``), and the loop that does all of it when it is time. May import
``storage`` only; psycopg is imported here and in ``storage.hub`` and nowhere else.

Start reading at ``apply.py`` (what one pulled entry does to a replica), then ``loop.py``.
"""
