"""Reaching below ASGI, for what ASGI has no message for: cutting a connection."""


class NoTransport(RuntimeError):
    """The server is not uvicorn, or hides its transport; nothing was cut."""


def abort_connection(send: object) -> None:
    """Reset the TCP connection behind an ASGI ``send``: under uvicorn it is a method of what holds the transport."""
    abort = getattr(getattr(getattr(send, "__self__", None), "transport", None), "abort", None)
    if not callable(abort):
        raise NoTransport(f"no transport behind {send!r}")
    abort()
