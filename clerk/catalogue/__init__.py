"""The catalogue of offences as CSV: reading, checking, writing; and the one that is shipped.

``musterkatalog.csv`` is an invented town's: its own statutes are made up, federal law is as it
stands. May import ``clerk.rules``, ``clerk.library.problems``, ``storage.terms``. Start reading at
``read.py``."""
