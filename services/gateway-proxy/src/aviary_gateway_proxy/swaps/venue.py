"""Where a swap goes: a connector, its kind of pool, a network."""

from dataclasses import dataclass
from typing import Final

from aviary_common.errors import NotFound, Unprocessable
from aviary_gateway_proxy.directory import AMM, CLMM, ROUTER, Directory
from aviary_gateway_proxy.names import NetworkId

BY_PREFERENCE: Final = (ROUTER, CLMM, AMM)
"""Direct swaps in one pool of Uniswap's revert for one side: a router has no such trouble."""


@dataclass(frozen=True)
class Venue:
    connector: str
    kind: str
    """``router``, ``clmm`` or ``amm``."""
    where: NetworkId

    @property
    def path(self) -> str:
        return f"/connectors/{self.connector}/{self.kind}"


async def find(directory: Directory, connector: str, network: str, chain: str | None) -> Venue:
    """404 for a connector, chain or network that there is not; 422 for a kind of pool that the connector has not."""
    known = await directory.known()
    found = known.connector(connector)
    if chain and known.chain(chain) != found.chain:
        raise NotFound(f"{found.name} trades on {found.chain}, not on {chain}.", code="unknown_chain")
    asked = connector.strip().lower().partition("/")[2]
    if asked and asked not in found.trading_types:
        words = f"{found.name} has no {asked}, but {', '.join(found.trading_types)}."
        raise Unprocessable(words, code="unknown_trading_type")
    kind = asked or next(each for each in BY_PREFERENCE if each in found.trading_types)
    return Venue(found.name, kind, known.network_of(found, network))
