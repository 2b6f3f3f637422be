"""What wallets hold on chain, whether the chain's node can be believed or not."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from aviary_common.errors import AviaryError
from aviary_common.rates.budget import Priority
from aviary_common.timestamps import utc_now
from aviary_gateway_proxy.chains.defaults import ChainDefaults
from aviary_gateway_proxy.chains.nodes import Nodes
from aviary_gateway_proxy.names import NetworkId
from aviary_gateway_proxy.pools.shapes import decimal
from aviary_gateway_proxy.upstream.client import Gateway

DEADLINE_S: Final = 10.0
"""Gateway needs seconds of CPU for each wallet's key."""


@dataclass(frozen=True)
class Place:
    """A wallet on a network."""

    address: str
    where: NetworkId


@dataclass(frozen=True)
class Holdings:
    """``units`` by token, without zeros; ``problem`` says why they are old or, without ``at``, missing."""

    place: Place
    units: dict[str, Decimal]
    at: datetime | None
    problem: str | None = None


class WalletReader:
    def __init__(self, gateway: Gateway, nodes: Nodes, defaults: ChainDefaults) -> None:
        self._gateway = gateway
        self._nodes = nodes
        self._defaults = defaults

    async def places(self, chain: str, addresses: Sequence[str], **how: Any) -> list[Place]:
        """Each address on each of the chain's default networks."""
        if not addresses:
            return []
        networks = (await self._defaults.of(chain, **how)).networks
        return [Place(address, NetworkId(chain, network)) for address in addresses for network in networks]

    async def read(self, place: Place, priority: Priority = Priority.ACCOUNT) -> Holdings:
        """503 ``node_unreachable`` when nobody can say what it holds: never zeros."""
        await self._nodes.require(place.where, priority)
        told = await self._gateway.post(
            f"/chains/{place.where.chain}/balances",
            {"network": place.where.network, "address": place.address, "tokens": []},
            priority=priority,
            deadline_s=DEADLINE_S,
        )
        units = {token: decimal(amount) for token, amount in told["balances"].items()}
        return Holdings(place, {token: amount for token, amount in units.items() if amount}, utc_now())

    async def read_all(self, places: Iterable[Place], before: dict[Place, Holdings]) -> list[Holdings]:
        """Where a chain can't be read, what it told before stays, with the problem beside it."""
        return list(await asyncio.gather(*(self._read_or_keep(each, before.get(each)) for each in places)))

    async def _read_or_keep(self, place: Place, before: Holdings | None) -> Holdings:
        try:
            return await self.read(place, Priority.POLLING)
        except AviaryError as error:
            old = before or Holdings(place, {}, None)
            return Holdings(place, old.units, old.at, problem=error.detail)
