"""Lists as pages: frozen rows by keyset from plain SQL, no OFFSET, no COUNT over a result.

One file per list. ``keyset.py`` holds the technique: every page starts after (or before) the key
of a row that is already known, and an index of the replica has exactly the order of the list.
"""
