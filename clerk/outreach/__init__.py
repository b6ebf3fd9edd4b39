"""What goes out to other programs: the payment provider, letters by mail.

May import ``clerk.desks`` and what those may. Start reading at ``xbezahldienste.py`` and
``mail.py``.
"""
