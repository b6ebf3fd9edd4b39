"""What clerk costs a person who waits: every figure beside its floor, measured in one run.

``python -m bench [--quick] [group...]`` runs the groups that ``__main__`` names; start reading
there. ``pty`` starts a program in a pseudo terminal and times what becomes visible (``screen`` is
its screen, ``answers`` its answers, ``memory`` what the program holds). ``environment`` keeps the
caller's settings out. ``apps`` names the programs, ``floors`` holds the bare ones, ``stock`` what
they show; ``figures`` compares and ``report`` prints.

The groups of the shared database start a PostgreSQL each: ``sync_town`` founds a town on it,
``sync_desk`` is a real workstation as a process, ``sync_crowd`` simulates many in one.

May import storage (groups ``store``, ``hub`` and those of the shared database) and rich. Nothing
imports bench but its tests.
"""
