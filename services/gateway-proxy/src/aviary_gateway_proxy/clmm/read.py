"""Positions as the chain has them, through Gateway; a dead node is an error and no closed position."""

from typing import Any

from aviary_common.errors import BadRequest, NotFound, UpstreamFailed
from aviary_common.rates.budget import Priority
from aviary_gateway_proxy.chains.nodes import Nodes
from aviary_gateway_proxy.names import NetworkId
from aviary_gateway_proxy.upstream.client import Gateway


class PositionReader:
    """What it returns are Gateway's own words; ``PositionInfo.of`` reads them."""

    def __init__(self, gateway: Gateway, nodes: Nodes) -> None:
        self._gateway = gateway
        self._nodes = nodes

    async def info(
        self,
        where: NetworkId,
        connector: str,
        address: str,
        wallet: str | None = None,
        priority: Priority = Priority.ACCOUNT,
    ) -> dict[str, Any]:
        """404 ``unknown_position`` for a closed one too, for which Gateway fails; 503 ``node_unreachable``."""
        query = {"network": where.network, "positionAddress": address, "walletAddress": wallet}
        try:
            told: dict[str, Any] = await self._gateway.get(
                f"/connectors/{connector}/clmm/position-info", query, priority=priority
            )
        except (NotFound, UpstreamFailed, BadRequest) as error:
            if isinstance(error, BadRequest) and error.code != "gateway_refused":
                raise
            await self._nodes.require(where, priority)
            words = f"{connector} has no open position {address} on {where}."
            raise NotFound(words, code="unknown_position") from error
        return told

    async def owned(
        self, where: NetworkId, connector: str, wallet: str, priority: Priority = Priority.ACCOUNT
    ) -> list[dict[str, Any]]:
        """All of a wallet's, in whatever pool: Gateway does not look at the pool that it is told."""
        query = {"network": where.network, "walletAddress": wallet}
        found: list[dict[str, Any]] = await self._gateway.get(
            f"/connectors/{connector}/clmm/positions-owned", query, priority=priority
        )
        return found
