"""Which release of Gateway answers. No route of its own says so, but its description of its routes does."""

from collections.abc import Mapping
from typing import Final

from aviary_common.errors import AviaryError
from aviary_gateway_proxy.upstream.client import Gateway

DESCRIPTION: Final = "/docs/json"
DEADLINE_S: Final = 5.0


class Version:
    """Asked once for each start."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._known: tuple[object, str] | None = None

    async def of(self, start: object) -> str | None:
        """``start`` is equal for as long as the same Gateway runs. None when it does not say."""
        if self._known is not None and self._known[0] == start:
            return self._known[1]
        found = await self._ask()
        if found is not None:
            self._known = (start, found)
        return found

    async def _ask(self) -> str | None:
        try:
            described = await self._gateway.get(DESCRIPTION, deadline_s=DEADLINE_S)
        except AviaryError:
            return None
        info = described.get("info") if isinstance(described, Mapping) else None
        version = info.get("version") if isinstance(info, Mapping) else None
        return version if isinstance(version, str) else None
