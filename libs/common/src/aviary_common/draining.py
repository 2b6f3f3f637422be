"""Asked to end, a process goes on serving until the edge has noticed and sends nothing more; then it ends.

From then on its health check fails, and each answer asks for its connection to be closed.
"""

from threading import Event

_begun = Event()


def begin() -> None:
    _begun.set()


def has_begun() -> bool:
    return _begun.is_set()
