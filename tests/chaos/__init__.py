"""Chaos: real workstations on a real PostgreSQL, and everything that can happen to them.

``town.py`` builds it (server, proxy, homes, processes), ``faults.py`` does what happens to it,
``oracle.py`` says what must hold when it is over, ``run.py`` puts them together. A seed draws acts
and faults; when they happen is the machine's. ``make chaos`` runs it for minutes.
"""
