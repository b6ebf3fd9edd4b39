"""What comes in: mails are read from a source, parsed, and handed to the desk that stores them.

Start reading at ``pool.parsed`` (bytes to parsed mails, on all cores), then ``parse.parse`` (one
mail) and ``sources.open`` (where mails lie). Everything here is free of the store and of Textual;
it imports ``storage.folding``, ``clerk.i18n`` and ``clerk.refusal`` only. The raw mail is always
kept whole by the caller, so whatever is cut or left out here can be read again from it.
"""
