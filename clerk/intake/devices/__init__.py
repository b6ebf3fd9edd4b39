"""Records of field devices: folders or ZIPs in the WiNOWiG XMLMDE or the owi21 xOWi form.

``package.py`` opens a folder or ZIP and never writes a file; ``document.py`` parses XML that nobody
vouches for; ``winowig.py`` and ``xowi.py`` read the records of the two forms into those of
``record.py``; ``receive.py`` makes fines of them. Start reading at ``receive.py``.
"""
