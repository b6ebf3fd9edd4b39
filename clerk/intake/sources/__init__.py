"""Where mails lie: one file per kind. They read only; nothing in a source is moved or marked.

Imports the rest of ``clerk.intake`` and the stdlib; IMAPClient is imported when a mailbox is
opened. Start reading at ``source.Source``, then ``open.open_source``.
"""
