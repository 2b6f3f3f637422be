"""What sending needs to know of a chain: its node, its currency, whose wallet is meant."""

import time
from collections.abc import Callable, Mapping
from typing import Any, Final

import httpx

from aviary_common.rates.budget import Priority
from aviary_gateway_proxy.addresses import ETHEREUM, address_on
from aviary_gateway_proxy.chains.defaults import ChainDefaults
from aviary_gateway_proxy.transactions.node import Node
from aviary_gateway_proxy.transactions.record import Wallet
from aviary_gateway_proxy.transactions.settings import TransactionSettings
from aviary_gateway_proxy.upstream.client import Gateway

NAMESPACES_KEPT: Final = 64


class ChainNodes:
    """A look at a namespace serves everybody for ``max_age_s``."""

    def __init__(
        self,
        gateway: Gateway,
        defaults: ChainDefaults,
        settings: TransactionSettings,
        client: httpx.AsyncClient,
        max_age_s: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._gateway = gateway
        self._defaults = defaults
        self._urls = settings.gateway_node_urls
        self._client = client
        self._max_age_s = max_age_s
        self._clock = clock
        self._kept: dict[str, tuple[float, Mapping[str, Any]]] = {}

    async def node(self, chain: str, network: str, priority: Priority = Priority.ACCOUNT) -> Node | None:
        """None for chains whose transactions Gateway tells the truth about, and for a network without a node."""
        if chain != ETHEREUM:
            return None
        network_id = f"{chain}-{network}"
        if (given := self._urls.get(network_id)) is not None:
            return Node(network_id, given.get_secret_value(), self._client)
        url = (await self._settings(network_id, priority)).get("nodeURL")
        return Node(network_id, str(url), self._client) if url else None

    async def currency(self, chain: str, network: str, priority: Priority = Priority.ACCOUNT) -> str | None:
        """What fees are paid in."""
        symbol = (await self._settings(f"{chain}-{network}", priority)).get("nativeCurrencySymbol")
        return str(symbol) if symbol else None

    async def wallet(self, chain: str, network: str, given: str | None) -> Wallet:
        """The wallet that is meant, its address as the chain writes it; without one the chain's default. 422 for a
        malformed address, 404 ``no_default_wallet``."""
        address = given or await self._defaults.wallet(chain)
        return Wallet(chain, network, address_on(chain, address, "wallet's address"))

    async def _settings(self, namespace: str, priority: Priority) -> Mapping[str, Any]:
        read_at, kept = self._kept.get(namespace, (float("-inf"), {}))
        if self._clock() - read_at < self._max_age_s:
            return kept
        told: Mapping[str, Any] = await self._gateway.get("/config", {"namespace": namespace}, priority=priority)
        if len(self._kept) >= NAMESPACES_KEPT:
            self._kept.clear()
        self._kept[namespace] = (self._clock(), told)
        return told
