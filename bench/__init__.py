"""What clerk costs a person who waits: every figure beside its floor, measured in one run.

``python -m bench [--quick] [group...]`` runs the groups ``start``, ``keys``, ``store``, ``intake``.
Start reading at ``__main__``. ``pty`` starts a program in a pseudo terminal and times what becomes
visible (``screen`` is its screen, ``answers`` its answers, ``memory`` what the program holds).
``environment`` keeps the caller's settings out. ``apps`` names the programs, ``floors`` holds the
bare ones, ``stock`` what they show; ``figures`` compares and ``report`` prints.

May import storage (group ``store`` only) and rich. Nothing imports bench but its tests.
"""
