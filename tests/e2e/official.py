"""The official client, router by router: which tests prove its methods, and a note of the calls that were answered."""

from collections.abc import Mapping
from typing import Any, Final

CLIENT: Final = "test_official_client"
PROVEN_BY: Final[Mapping[str, tuple[str, ...]]] = {
    "accounts": (CLIENT, f"{CLIENT}_gateway"),
    "archived_bots": (f"{CLIENT}_bots",),
    "backtesting": (f"{CLIENT}_backtesting",),
    "bot_orchestration": (f"{CLIENT}_bots",),
    "connectors": (CLIENT,),
    "controllers": (f"{CLIENT}_bots",),
    "docker": (f"{CLIENT}_bots",),
    "gateway": (f"{CLIENT}_gateway",),
    "gateway_amm": (f"{CLIENT}_gateway",),
    "gateway_clmm": (f"{CLIENT}_gateway",),
    "gateway_swap": (f"{CLIENT}_gateway",),
    "market_data": (CLIENT,),
    "portfolio": (CLIENT,),
    "scripts": (f"{CLIENT}_bots",),
    "trading": (CLIENT,),
    "ws": (CLIENT,),
}
"""By the client's attribute. Each of these modules ends with a test that no method of its routers was left out."""
LATER: Final = frozenset({"executors"})
"""Routers that come with a later release; of ``ws``, the method of that name."""
NEVER: Final = {"create_pool": "501: Gateway itself cannot create pools"}
_NOT_OURS: Final = "409 here, where Gateway is not ours; `tests/contract/test_gateway_life.py` proves the route"
REFUSED_HERE: Final[Mapping[str, str]] = {
    "start": _NOT_OURS,
    "stop": _NOT_OURS,
    "get_logs": _NOT_OURS,
    "save_network_token": "503 here, where Gateway cannot ask the internet",
}
"""Methods of ``gateway`` that the tests' stack refuses, and asserts to refuse, for what it is run without."""


class Recorded:
    """Notes which methods of a router were called and answered."""

    def __init__(self, router: Any, called: set[str]) -> None:
        self._router = router
        self._called = called

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._router, name)

        async def call(*given: Any, **named: Any) -> Any:
            answer = await method(*given, **named)
            self._called.add(name)
            return answer

        return call
