"""``/accounts`` and ``/accounts/`` are the same path, without a redirect (a redirect would lose a POST's body)."""

from starlette.types import ASGIApp, Receive, Scope, Send


class IgnoreFinalSlash:
    """Routes are declared without the final slash; this takes it off what comes in."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan" and len(scope["path"]) > 1 and scope["path"].endswith("/"):
            scope["path"] = scope["path"].rstrip("/") or "/"
        await self.app(scope, receive, send)
