"""Finding a pool: by its address, or by two tokens and a fee, in Gateway's list or by computing the address."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from aviary_common.errors import AviaryError, NotFound, Unprocessable, UpstreamFailed
from aviary_gateway_proxy.addresses import ETHEREUM, address_on, is_address_on, same_address
from aviary_gateway_proxy.chains.nodes import Nodes
from aviary_gateway_proxy.configuration.tokens import Token, Tokens, among, unknown_token
from aviary_gateway_proxy.directory import CLMM, Connector, Directory
from aviary_gateway_proxy.names import NetworkId
from aviary_gateway_proxy.pools.create2 import FACTORIES, pool_address
from aviary_gateway_proxy.pools.shapes import PoolInfo, maybe_decimal
from aviary_gateway_proxy.upstream.client import Gateway

TIERS: Final[Mapping[str, Decimal]] = {
    "LOWEST": Decimal("0.01"),
    "LOW": Decimal("0.05"),
    "MEDIUM": Decimal("0.3"),
    "HIGH": Decimal(1),
}
"""In percent."""
MILLIONTHS_PER_PCT: Final = 10_000
LEAST_MILLIONTHS: Final = 100
NOT_A_POOL: Final = ("not_at_gateway", "gateway_failed", "gateway_refused")
"""How Gateway says, connector by connector, that an address is no pool of it."""


@dataclass(frozen=True)
class Place:
    connector: Connector
    where: NetworkId


@dataclass(frozen=True)
class Pool:
    """``info`` is in Gateway's orientation. ``base`` is what the user wrote first, None when only an address was
    given."""

    place: Place
    info: PoolInfo
    base: Token | None = None


@dataclass(frozen=True)
class Pair:
    base: Token
    quote: Token

    def is_of(self, chain: str, one: str, other: str) -> bool:
        """In either order."""
        straight = same_address(chain, self.base.address, one) and same_address(chain, self.quote.address, other)
        return straight or (
            same_address(chain, self.base.address, other) and same_address(chain, self.quote.address, one)
        )

    def __str__(self) -> str:
        return f"{self.base.symbol}-{self.quote.symbol}"


def fee_pct(fee: str | Decimal) -> Decimal:
    """In percent, from LOWEST, LOW, MEDIUM or HIGH, from a percentage, or from millionths as Uniswap writes them
    (500 is 0.05 %). 422 ``unknown_fee``."""
    text = str(fee).strip().strip('"').upper()
    if text in TIERS:
        return TIERS[text]
    try:
        value = Decimal(text.removesuffix("%").strip())
    except InvalidOperation:
        value = Decimal(-1)
    if not value.is_finite() or value < 0:
        words = f"There is no fee {fee!r}: say {', '.join(TIERS)} or a percentage such as 0.05."
        raise Unprocessable(words, code="unknown_fee")
    return value / MILLIONTHS_PER_PCT if value >= LEAST_MILLIONTHS else value


class Pools:
    def __init__(self, gateway: Gateway, directory: Directory, tokens: Tokens, nodes: Nodes) -> None:
        self._gateway = gateway
        self._directory = directory
        self._tokens = tokens
        self._nodes = nodes

    async def place(self, connector: str, network: str, chain: str | None = None) -> Place:
        """404 for a connector, chain or network that there is not; 422 for a connector without such pools."""
        known = await self._directory.known()
        found = known.connector(connector)
        if chain and known.chain(chain) != found.chain:
            raise NotFound(f"{found.name} trades on {found.chain}, not on {chain}.", code="unknown_chain")
        if CLMM not in found.trading_types:
            having = ", ".join(each.name for each in known.connectors.values() if CLMM in each.trading_types)
            words = f"{found.name} has no pools with concentrated liquidity; {having} have."
            raise Unprocessable(words, code="no_clmm")
        return Place(found, known.network_of(found, network))

    async def at(self, place: Place, address: str) -> Pool:
        """404 ``unknown_pool``, 422 for a malformed address, 503 ``node_unreachable``."""
        asked = address_on(place.where.chain, address, "pool's address")
        info = await self._info(place, asked)
        if info is None:
            words = f"{place.connector.name} has no pool with concentrated liquidity at {address} on {place.where}."
            raise NotFound(words, code="unknown_pool")
        return Pool(place, info)

    async def of_pair(self, place: Place, base: str, quote: str, fee: str | Decimal | None = None) -> Pool:
        """Tokens by symbol or address. Without a fee the listed pool of the pair; 404 ``unknown_pool`` or
        ``unknown_token``, 422 when several pools would fit."""
        pair = await self.pair(place.where, base, quote)
        wanted = None if fee is None else fee_pct(fee)
        for address in await self._candidates(place, pair, wanted):
            info = await self._info(place, address)
            if info is not None and _fits(place.where.chain, info, pair, wanted):
                return Pool(place, info, pair.base)
        with_fee = "" if wanted is None else f" with a fee of {wanted.normalize():f} %"
        words = f"{place.connector.name} has no pool of {pair}{with_fee} on {place.where}."
        raise NotFound(words, code="unknown_pool")

    async def pair(self, where: NetworkId, base: str, quote: str) -> Pair:
        """A token that is not in Gateway's list may be named by its address. 404 ``unknown_token``."""
        found = Pair(await self._token(where, base), await self._token(where, quote))
        if same_address(where.chain, found.base.address, found.quote.address):
            raise Unprocessable(f"A pool has two tokens, and {base} and {quote} are the same.", code="same_token")
        return found

    async def _token(self, where: NetworkId, text: str) -> Token:
        listed = await self._tokens.all(where)
        is_address = is_address_on(where.chain, text)
        asked = address_on(where.chain, text, "token's address") if is_address else text.strip()
        if found := among(listed, where.chain, asked):
            return found
        if is_address:
            return Token(asked, asked, 0, asked)
        raise unknown_token(where, [text], listed)

    async def _candidates(self, place: Place, pair: Pair, fee: Decimal | None) -> list[str]:
        """Addresses where the pool might be, the listed ones first."""
        query = {"connector": place.connector.name, "network": place.where.network, "type": CLMM}
        listed = [each for each in await self._gateway.get("/pools", query) if _lists(place.where.chain, each, pair)]
        if fee is None:
            return [_only(listed, pair)["address"]] if listed else self._computed(place, pair, TIERS.values())
        near = [each["address"] for each in listed if maybe_decimal(each.get("feePct")) in (None, fee)]
        return [*near, *(each for each in self._computed(place, pair, [fee]) if each not in near)]

    def _computed(self, place: Place, pair: Pair, fees: Iterable[Decimal]) -> list[str]:
        factory = FACTORIES.get((place.connector.name, place.where.network))
        if factory is None or place.where.chain != ETHEREUM:
            return []
        millionths = [int(fee * MILLIONTHS_PER_PCT) for fee in fees]
        return [pool_address(factory, pair.base.address, pair.quote.address, each) for each in millionths]

    async def _info(self, place: Place, address: str) -> PoolInfo | None:
        """None only when the chain's node is alive, so that a dead one is no missing pool."""
        path = f"/connectors/{place.connector.name}/clmm/pool-info"
        try:
            told = await self._gateway.get(path, {"network": place.where.network, "poolAddress": address})
        except AviaryError as error:
            if error.code not in NOT_A_POOL:
                raise
            await self._nodes.require(place.where)
            if isinstance(error, UpstreamFailed):
                raise
            return None
        return PoolInfo.of(told, amounts_are_true=place.where.chain != ETHEREUM)


def _lists(chain: str, listed: Mapping[str, Any], pair: Pair) -> bool:
    """By addresses, in either order: shipped lists have them the other way round than their symbols."""
    one, other = listed.get("baseTokenAddress"), listed.get("quoteTokenAddress")
    if one and other:
        return pair.is_of(chain, one, other)
    symbols = {str(listed.get("baseSymbol")).upper(), str(listed.get("quoteSymbol")).upper()}
    return symbols == {pair.base.symbol.upper(), pair.quote.symbol.upper()}


def _only(listed: list[Any], pair: Pair) -> Any:
    if len(listed) > 1:
        fees = ", ".join(str(each.get("feePct")) for each in listed)
        words = f"There are several pools of {pair}, with fees of {fees} %: say which fee, or a pool_address."
        raise Unprocessable(words, code="several_pools")
    return listed[0]


def _fits(chain: str, info: PoolInfo, pair: Pair, fee: Decimal | None) -> bool:
    """What the chain says of an address that a list or a computation led to."""
    right_fee = fee is None or info.fee_pct is None or info.fee_pct == fee
    return right_fee and pair.is_of(chain, info.base_token_address, info.quote_token_address)
