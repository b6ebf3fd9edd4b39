"""What goes out to other programs: the payment provider.

May import ``clerk.desks`` and what those may. Start reading at ``xbezahldienste.py``.
"""
