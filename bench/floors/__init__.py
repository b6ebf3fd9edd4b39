"""The floors: bare programs that do the least that could do the job, run as scripts by ``apps``.

They import nothing of clerk. ``bare_list`` is the one that clerk is measured against.
"""
