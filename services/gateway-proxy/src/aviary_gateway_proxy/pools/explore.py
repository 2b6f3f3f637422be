"""The pools that one may trade in: asked of the DEX where Gateway can, else those of its lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from aviary_gateway_proxy.chains.nodes import Nodes
from aviary_gateway_proxy.configuration.pool_list import ListedPool, PoolList
from aviary_gateway_proxy.configuration.pool_list import Wanted as WantedListed
from aviary_gateway_proxy.configuration.tokens import Token, Tokens, among
from aviary_gateway_proxy.directory import CLMM
from aviary_gateway_proxy.pools.find import Place, Pools
from aviary_gateway_proxy.pools.shapes import maybe_decimal
from aviary_gateway_proxy.upstream.client import Gateway

FETCHING: Final = ("meteora", "orca")
"""Connectors that Gateway can ask for pools."""
MOST: Final = 100


@dataclass(frozen=True)
class Wanted:
    """``page`` from 0; ``sort_key`` names a field, what has no value in it comes last."""

    connector: str
    network: str
    page: int = 0
    limit: int = 50
    search: str | None = None
    sort_key: str | None = None
    descending: bool = True
    include_unknown: bool = True


@dataclass(frozen=True)
class Offered:
    """A pool. What nobody told is None; ``raw`` is what the DEX said beside it, in its own words."""

    address: str
    base: str | None
    quote: str | None
    base_address: str | None
    quote_address: str | None
    fee_pct: Decimal | None
    price: Decimal | None
    bin_step: int | None
    raw: dict[str, Any]

    @property
    def pair(self) -> str | None:
        return f"{self.base}-{self.quote}" if self.base and self.quote else None

    def holds(self, text: str) -> bool:
        wanted = text.strip().lower().replace("/", "-")
        names = (self.pair, self.address, self.base_address, self.quote_address)
        return any(wanted in each.lower() for each in names if each)


@dataclass(frozen=True)
class Page:
    pools: list[Offered]
    total: int


class Explorer:
    def __init__(self, gateway: Gateway, pools: Pools, listed: PoolList, tokens: Tokens, nodes: Nodes) -> None:
        self._gateway = gateway
        self._pools = pools
        self._listed = listed
        self._tokens = tokens
        self._nodes = nodes

    async def find(self, wanted: Wanted) -> Page:
        place = await self._pools.place(wanted.connector, wanted.network)
        if place.connector.name in FETCHING:
            found, total = await self._fetch(place, wanted)
        else:
            listing = WantedListed(place.connector.name, str(place.where), CLMM)
            found, total = [_of_list(each) for each in await self._listed.find(listing)], None
        kept = [each for each in found if _is_wanted(each, wanted)]
        ordered = _ordered(kept, wanted)
        first = wanted.page * wanted.limit
        return Page(ordered[first : first + wanted.limit], len(kept) if total is None else max(total, len(kept)))

    async def _fetch(self, place: Place, wanted: Wanted) -> tuple[list[Offered], int | None]:
        """Gateway answers a list, or ``{pools, total}``; nothing at all also when it reaches nobody."""
        path = f"/connectors/{place.connector.name}/clmm/fetch-pools"
        limit = min(MOST, (wanted.page + 1) * wanted.limit)
        told = await self._gateway.get(path, {"network": place.where.network, "limit": limit})
        pools, total = (told, None) if isinstance(told, list) else (told["pools"], told.get("total"))
        if not pools:
            await self._nodes.require(place.where)
        listed = await self._tokens.all(place.where)
        return [_of_dex(place.where.chain, listed, each) for each in pools], total


def _of_list(pool: ListedPool) -> Offered:
    ends = pool.base_token_address, pool.quote_token_address
    return Offered(pool.address, pool.base, pool.quote, *ends, pool.fee_pct, None, None, {})


def _of_dex(chain: str, listed: Sequence[Token], told: Any) -> Offered:
    base = told.get("baseTokenAddress") or told.get("mint_x")
    quote = told.get("quoteTokenAddress") or told.get("mint_y")
    tokens = [among(listed, chain, each) if each else None for each in (base, quote)]
    names = str(told.get("name") or "").split("-")
    symbols = [token.symbol if token else (names[at] if len(names) == 2 else None) for at, token in enumerate(tokens)]
    return Offered(
        told["address"],
        symbols[0],
        symbols[1],
        base,
        quote,
        maybe_decimal(told.get("feePct") or told.get("base_fee_percentage")),
        maybe_decimal(told.get("price") or told.get("current_price")),
        told.get("binStep") or told.get("bin_step"),
        dict(told),
    )


def _is_wanted(pool: Offered, wanted: Wanted) -> bool:
    if not wanted.include_unknown and pool.pair is None:
        return False
    return not wanted.search or pool.holds(wanted.search)


def _ordered(pools: list[Offered], wanted: Wanted) -> list[Offered]:
    """By the key where they have it; the others keep their order behind."""
    key = {"volume": "trade_volume_24h"}.get(wanted.sort_key or "", wanted.sort_key or "")
    values = [(_value(each, key), each) for each in pools]
    known = sorted(
        ((value, each) for value, each in values if value is not None),
        key=lambda pair: pair[0],
        reverse=wanted.descending,
    )
    return [each for _, each in known] + [each for value, each in values if value is None]


def _value(pool: Offered, key: str) -> Decimal | None:
    told = {**pool.raw, "price": pool.price, "current_price": pool.price, "fee_pct": pool.fee_pct}.get(key)
    try:
        return maybe_decimal(told)
    except ArithmeticError:
        return None
