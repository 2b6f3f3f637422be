"""Controllers that users wrote: Aviary's own kind, or the reference engine's.

``describing`` and ``playing`` run in the confined worker, with everything under ``reference``. Nothing is believed:
what comes back is what the controller decided, and the numbers are computed again from that.
"""
