"""Rules that the code keeps, read from its syntax trees; ``tests/test_lints.py`` runs them.

``markup.py``: foreign text is never markup. ``sql.py``: SQL stays in storage, values are bound.
Each finding is ``(line, what)``.
"""
