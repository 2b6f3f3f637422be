"""What users' code imports from Hummingbot, which is not installed here: as much of it as a config class needs.

Loaded in the confined worker only. Names, fields and defaults are Hummingbot's, so that its users' classes come out the
same; what has no stand-in is an ``Anything``.
"""
