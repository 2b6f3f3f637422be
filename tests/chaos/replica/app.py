"""The trading service as it is, with a hand on its throat: ``kill -9`` of itself at the n-th await of a named path.

Nothing of the service is changed but two things that take time and are not under test: the derivation of the vault's
wrapping keys, and the reading of TLS certificates.
"""

import json
import os
import ssl
from collections.abc import Awaitable, Callable, Coroutine
from functools import cache, wraps
from hashlib import blake2b
from typing import Any, Final, ParamSpec, TypeVar

from starlette.types import ASGIApp, Receive, Scope, Send

from aviary_common import vault
from aviary_common.database.outbox import Outbox
from aviary_trading import app as trading
from aviary_trading.orders.recorder import Recorder
from aviary_trading.sessions.session import Session
from tests.chaos.replica.awaits import Counted, die, innermost

P = ParamSpec("P")
R = TypeVar("R")

PATH_HEADER: Final = "x-chaos-path"
"""What a request is an example of."""
ARMED: Final = "CHAOS_ARMED"
KILLS_FILE: Final = "CHAOS_KILLS_FILE"


class CheapKey:
    """Stands in for scrypt, whose point is to be slow."""

    def __init__(self, *, salt: bytes, length: int, **_cost: int) -> None:
        self._salt, self._length = salt, length

    def derive(self, password: bytes) -> bytes:
        return blake2b(password, salt=self._salt[:16], digest_size=self._length).digest()


def make_keys_cheap() -> None:
    vault.Scrypt = CheapKey  # type: ignore[assignment,attr-defined,misc,unused-ignore]


def share_certificates() -> None:
    """ccxt reads all certificates for each account anew; nothing here speaks TLS."""
    ssl.create_default_context = cache(ssl.create_default_context)  # type: ignore[assignment]


class Trap:
    """What is armed: per path the suspension to die at."""

    def __init__(self) -> None:
        self.armed: dict[str, int] = json.loads(os.environ.get(ARMED, "{}"))

    def watch(self, path: str, coroutine: Coroutine[Any, Any, R]) -> Awaitable[R]:
        def at(number: int, waiting: Coroutine[Any, Any, Any]) -> None:
            if self.armed.get(path) == number:
                self.spring(path, number, waiting)

        return Counted(coroutine, at)

    def spring(self, path: str, number: int, waiting: Coroutine[Any, Any, Any]) -> None:
        line = json.dumps({"path": path, "number": number, "at": innermost(waiting)}) + "\n"
        file = os.open(os.environ[KILLS_FILE], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(file, line.encode())
        die()


class Trapped:
    """The app, counted from the outside; ``/chaos/arm`` is the test's own door."""

    def __init__(self, app: ASGIApp, trap: Trap) -> None:
        self.app = app
        self.trap = trap

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif scope["path"] == "/chaos/arm":
            self.trap.armed = json.loads(await _body(receive))
            await _answer(send, {})
        else:
            await self.trap.watch(_path(scope), self._run(scope, receive, send))

    async def _run(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


def create() -> ASGIApp:
    make_keys_cheap()
    share_certificates()
    trap = Trap()
    _trap_background_work(trap)
    return Trapped(trading.create(), trap)


def _trap_background_work(trap: Trap) -> None:
    """What a request waits for without doing it itself, and what the sessions do."""
    Outbox._publish_batch = _trapped(trap, "publish", Outbox._publish_batch)  # type: ignore[method-assign]
    Recorder._write_intents = _trapped(trap, "intents", Recorder._write_intents)  # type: ignore[method-assign]
    Recorder._save_all = _trapped(trap, "savings", Recorder._save_all)  # type: ignore[method-assign]
    Recorder.heard = _trapped(trap, "heard", Recorder.heard)  # type: ignore[method-assign]
    Session._compare = _trapped(trap, "compare", Session._compare)  # type: ignore[method-assign]


def _trapped(trap: Trap, path: str, method: Callable[P, Coroutine[Any, Any, R]]) -> Callable[P, Coroutine[Any, Any, R]]:
    @wraps(method)
    async def watched(*args: P.args, **kwargs: P.kwargs) -> R:
        return await trap.watch(path, method(*args, **kwargs))

    return watched


def _path(scope: Scope) -> str:
    wanted = PATH_HEADER.encode()
    return next((value.decode() for name, value in scope["headers"] if name == wanted), "other")


async def _body(receive: Receive) -> bytes:
    body: bytes = (await receive()).get("body", b"")
    return body


async def _answer(send: Send, payload: object) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": json.dumps(payload).encode()})
