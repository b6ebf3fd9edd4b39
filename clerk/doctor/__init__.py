"""What may be wrong with a workstation, and what to do about it (``clerk doctor``).

Lives here: one module for each area that is looked at; each has ``look``, which yields findings and
never raises for what it finds. Nothing in a finding is about people: no names, logins or folders,
since IT passes these on. May import ``storage``, not the command line.

Start reading at ``finding.py``, then ``examination.py``.
"""
