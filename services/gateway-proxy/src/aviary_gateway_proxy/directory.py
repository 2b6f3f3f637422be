"""The chains, networks and connectors that Gateway knows, kept for a minute: a name that it does not know is a 404."""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from aviary_common.errors import NotFound
from aviary_gateway_proxy.names import NetworkId, nearest
from aviary_gateway_proxy.upstream.client import Gateway
from aviary_gateway_proxy.upstream.errors import redacted

AMM: Final = "amm"
CLMM: Final = "clmm"
ROUTER: Final = "router"


@dataclass(frozen=True)
class Connector:
    """``trading_types`` are of ``router``, ``amm`` and ``clmm``; ``networks`` are names without their chain."""

    name: str
    trading_types: tuple[str, ...]
    chain: str
    networks: tuple[str, ...]


@dataclass(frozen=True)
class Known:
    chains: Mapping[str, tuple[str, ...]]
    connectors: Mapping[str, Connector]

    @property
    def networks(self) -> list[NetworkId]:
        return [NetworkId(chain, network) for chain, networks in self.chains.items() for network in networks]

    def chain(self, name: str) -> str:
        """404 ``unknown_chain``."""
        wanted = name.strip().lower()
        if wanted not in self.chains:
            raise NotFound(f"There is no chain {_shown(name)}.{nearest(name, self.chains)}", code="unknown_chain")
        return wanted

    def network(self, network: str, chain: str | None = None) -> NetworkId:
        """From ``ethereum-mainnet``, or from ``mainnet`` with its chain or, where only one chain has such a network,
        without. 404 ``unknown_network``."""
        wanted = network.strip().lower()
        of = [self.chain(chain)] if chain else list(self.chains)
        for each in self.networks:
            if each.chain in of and wanted == str(each):
                return each
        bare = [each for each in self.networks if each.chain in of and wanted == each.network]
        if len(bare) == 1:
            return bare[0]
        raise self._unknown_network(network, chain, bare)

    def network_of(self, connector: Connector, network: str) -> NetworkId:
        """404 ``unknown_network`` also for a network that the connector does not trade on."""
        found = self.network(network, connector.chain)
        if found.network not in connector.networks:
            words = f"{connector.name} does not trade on {found}, but on {', '.join(connector.networks)}."
            raise NotFound(words, code="unknown_network")
        return found

    def connector(self, name: str) -> Connector:
        """From ``uniswap`` or ``uniswap/clmm``; 404 ``unknown_connector``."""
        wanted = name.strip().lower().partition("/")[0]
        if wanted not in self.connectors:
            words = f"There is no DEX connector {_shown(name)}.{nearest(wanted, self.connectors)}"
            raise NotFound(words, code="unknown_connector")
        return self.connectors[wanted]

    def _unknown_network(self, network: str, chain: str | None, bare: list[NetworkId]) -> NotFound:
        if bare:
            words = f"{_shown(network)} is a network of several chains: say {' or '.join(map(str, bare))}."
        else:
            own = [each for each in self.networks if not chain or each.chain == chain.strip().lower()]
            names = [name for each in own for name in (str(each), each.network)]
            of = f" of {chain}" if chain else ""
            words = f"There is no network {_shown(network)}{of}.{nearest(network, names)}"
        return NotFound(words, code="unknown_network")


class Directory:
    """One look at Gateway for everybody who asks within ``max_age_s``."""

    def __init__(self, gateway: Gateway, max_age_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._gateway = gateway
        self._max_age_s = max_age_s
        self._clock = clock
        self._known: Known | None = None
        self._read_at = 0.0
        self._reading = asyncio.Lock()

    async def known(self) -> Known:
        async with self._reading:
            if self._known is None or self._clock() - self._read_at >= self._max_age_s:
                self._known = await self._read()
                self._read_at = self._clock()
            return self._known

    async def network(self, network: str, chain: str | None = None) -> NetworkId:
        """As ``Known.network``."""
        return (await self.known()).network(network, chain)

    async def connector(self, name: str) -> Connector:
        """As ``Known.connector``."""
        return (await self.known()).connector(name)

    async def _read(self) -> Known:
        chains, connectors = await asyncio.gather(
            self._gateway.get("/config/chains"), self._gateway.get("/config/connectors")
        )
        return Known(
            {each["chain"]: tuple(each["networks"]) for each in chains["chains"]},
            {each["name"]: _connector(each) for each in connectors["connectors"]},
        )


def _shown(name: str) -> str:
    """A private key that went into the wrong field is not repeated."""
    return redacted(repr(name))


def _connector(told: Mapping[str, Any]) -> Connector:
    return Connector(told["name"], tuple(told["trading_types"]), told["chain"], tuple(told["networks"]))
