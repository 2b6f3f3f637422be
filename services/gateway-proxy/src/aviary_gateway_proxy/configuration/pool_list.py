"""Gateway's lists of pools: one for each connector, network and type."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from aviary_common.errors import NotFound
from aviary_gateway_proxy.addresses import same_address
from aviary_gateway_proxy.configuration.tokens import Token, Tokens, among
from aviary_gateway_proxy.directory import AMM, CLMM, Connector, Directory, Known
from aviary_gateway_proxy.names import NetworkId
from aviary_gateway_proxy.upstream.client import Gateway


@dataclass(frozen=True)
class ListedPool:
    """The addresses are those of ``base`` and ``quote``; ``fee_pct`` in percent."""

    where: NetworkId
    connector: str
    type: str
    base: str
    quote: str
    base_token_address: str | None
    quote_token_address: str | None
    fee_pct: Decimal | None
    address: str

    @property
    def pair(self) -> str:
        return f"{self.base}-{self.quote}"

    def holds(self, text: str) -> bool:
        """Whether its pair has the text in it, or its address is it; without case."""
        wanted = text.strip().lower().replace("/", "-")
        return wanted in self.pair.lower() or wanted == self.address.lower()


@dataclass(frozen=True)
class Wanted:
    """None is every one."""

    connector: str | None = None
    network: str | None = None
    type: str | None = None
    search: str | None = None


class PoolList:
    def __init__(self, gateway: Gateway, directory: Directory, tokens: Tokens) -> None:
        self._gateway = gateway
        self._directory = directory
        self._tokens = tokens

    async def find(self, wanted: Wanted) -> list[ListedPool]:
        """One question to Gateway for each connector. 404 for a connector or network that there is not."""
        known = await self._directory.known()
        connectors, where = _among(known, wanted)
        found = await asyncio.gather(*(self._of(known, each, where, wanted) for each in connectors))
        return [each for pools in found for each in pools if not wanted.search or each.holds(wanted.search)]

    async def get(self, where: NetworkId, address: str, wanted: Wanted) -> ListedPool:
        """404 ``unknown_pool`` when no connector's list has it."""
        for each in await self.find(replace(wanted, network=str(where), search=None)):
            if same_address(where.chain, each.address, address):
                return each
        raise NotFound(f"{where} has no pool {address} in its lists.", code="unknown_pool")

    async def remove(self, where: NetworkId, address: str, wanted: Wanted) -> ListedPool:
        """Gateway wants its connector, network and type, which the list knows."""
        found = await self.get(where, address, wanted)
        query = {"connector": found.connector, "network": where.network, "type": found.type}
        await self._gateway.delete(f"/pools/{found.address}", query)
        return found

    async def _of(
        self, known: Known, connector: Connector, where: NetworkId | None, wanted: Wanted
    ) -> list[ListedPool]:
        query = {"connector": connector.name, "network": where.network if where else None, "type": wanted.type}
        told: list[Any] = await self._gateway.get("/pools", query)
        on_known = [each for each in told if each["network"] in known.chains[connector.chain]]
        return [await self._listed(connector, each) for each in on_known]

    async def _listed(self, connector: Connector, told: Any) -> ListedPool:
        where = NetworkId(connector.chain, told["network"])
        base, quote = told["baseSymbol"], told["quoteSymbol"]
        ends = told.get("baseTokenAddress"), told.get("quoteTokenAddress")
        if _is_crosswise(where, await self._tokens.all(where), (base, quote), ends):
            ends = ends[1], ends[0]
        fee = None if told.get("feePct") is None else Decimal(str(told["feePct"]))
        return ListedPool(where, connector.name, told["type"], base, quote, *ends, fee, told["address"])


def _among(known: Known, wanted: Wanted) -> tuple[list[Connector], NetworkId | None]:
    """The connectors that may have such pools."""
    if wanted.connector:
        connector = known.connector(wanted.connector)
        return [connector], known.network_of(connector, wanted.network) if wanted.network else None
    where = known.network(wanted.network) if wanted.network else None
    types = {wanted.type} if wanted.type else {AMM, CLMM}
    connectors = [
        each
        for each in known.connectors.values()
        if types & set(each.trading_types)
        and (where is None or (each.chain == where.chain and where.network in each.networks))
    ]
    return connectors, where


def _is_crosswise(
    where: NetworkId, listed: Sequence[Token], pair: tuple[str, str], ends: tuple[str | None, str | None]
) -> bool:
    """Shipped lists have the addresses in the chain's order, whatever the order of the symbols."""
    first, second = (among(listed, where.chain, each) if each else None for each in ends)
    return first is not None and second is not None and (first.symbol, second.symbol) == (pair[1], pair[0])
