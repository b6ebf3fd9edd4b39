"""Letters: what a template is filled with, the Typst templates, and what becomes of them as PDF.

``details.py`` has one structure per template, ``templates.py`` the table of templates. Imports
``clerk.rules``, ``clerk.office_settings`` and ``storage.terms``; knows no store and no clerk.
Foreign text reaches a template as data alone, never as its source.
"""
