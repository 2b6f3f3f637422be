"""Paper trading: orders that are filled by simulation, from the live books and trades of a real connector.

The rules are plain functions: ``walk`` (takers), ``queue`` (makers), ``shadow`` (what was taken already), ``cursor``
(which trades are new), ``matching`` (all of them together), ``settle`` (money). ``desk`` does each change in one
transaction, ``stream`` looks at the markets, ``exchange`` is the port that the rest of the service sees.
"""
