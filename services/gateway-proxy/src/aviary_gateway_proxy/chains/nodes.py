"""Whether a chain's node can be believed. With a dead one Gateway answers zero balances, configured gas prices and
"pool not found" as if it knew."""

import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from aviary_common.errors import NotFound, UpstreamFailed
from aviary_common.rates.budget import Priority
from aviary_gateway_proxy.names import NetworkId
from aviary_gateway_proxy.upstream.client import Gateway

NETWORKS_KEPT: Final = 64


@dataclass(frozen=True)
class Seen:
    """Gateway's answer about a chain; None when it failed to give one."""

    at: float
    status: Mapping[str, Any] | None

    @property
    def block(self) -> int:
        """0: the node does not answer."""
        return int(self.status.get("currentBlockNumber") or 0) if self.status else 0


class Nodes:
    """One look at a chain serves everybody for ``seen_for_s``."""

    def __init__(self, gateway: Gateway, seen_for_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._gateway = gateway
        self._seen_for_s = seen_for_s
        self._clock = clock
        self._seen: OrderedDict[NetworkId, Seen] = OrderedDict()

    async def require(self, where: NetworkId, priority: Priority = Priority.ACCOUNT) -> Mapping[str, Any]:
        """The chain's status. 503 ``node_unreachable`` when its node does not answer Gateway."""
        seen = self._seen.get(where)
        if seen is None or self._clock() - seen.at >= self._seen_for_s:
            seen = await self._look(where, priority)
        if seen.status is None or seen.block <= 0:
            raise unreachable(where)
        return seen.status

    async def _look(self, where: NetworkId, priority: Priority) -> Seen:
        try:
            query = {"network": where.network}
            status = await self._gateway.get(f"/chains/{where.chain}/status", query, priority=priority)
        except (NotFound, UpstreamFailed):
            status = None
        seen = self._seen[where] = Seen(self._clock(), status)
        while len(self._seen) > NETWORKS_KEPT:
            self._seen.popitem(last=False)
        return seen


def unreachable(where: NetworkId) -> UpstreamFailed:
    return UpstreamFailed(
        f"Gateway cannot reach its node of {where}: look at nodeURL in GET /gateway/networks/{where}.",
        code="node_unreachable",
    )
