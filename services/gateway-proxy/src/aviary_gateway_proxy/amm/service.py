"""Liquidity in plain pools, through Gateway."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from aviary_common.database import Database
from aviary_common.errors import NotFound, UpstreamFailed
from aviary_gateway_proxy.addresses import ETHEREUM, address_on
from aviary_gateway_proxy.amm import search
from aviary_gateway_proxy.amm.schemas import (
    AddLiquidityAsked,
    AmmPool,
    AmmShare,
    LiquidityQuote,
    LiquidityQuoteAsked,
    OnNetwork,
    PoolAsked,
    RemoveLiquidityAsked,
    ShareAsked,
    WalletAsked,
)
from aviary_gateway_proxy.chains.nodes import Nodes
from aviary_gateway_proxy.clmm.allowances import Allowances
from aviary_gateway_proxy.clmm.subject import Ends, Subjects
from aviary_gateway_proxy.directory import AMM, Directory
from aviary_gateway_proxy.names import snake
from aviary_gateway_proxy.pools.shapes import decimal
from aviary_gateway_proxy.swaps import venue as venues
from aviary_gateway_proxy.swaps.venue import Venue
from aviary_gateway_proxy.transactions.chains import ChainNodes
from aviary_gateway_proxy.transactions.record import Intent, Transaction, TxKind, Wallet
from aviary_gateway_proxy.transactions.service import Transactions
from aviary_gateway_proxy.upstream.client import Gateway

MOST_POOLS: Final = 20
"""Looked at for one list of a wallet's shares: each is a request."""


@dataclass(frozen=True)
class Parts:
    gateway: Gateway
    directory: Directory
    nodes: Nodes
    subjects: Subjects
    chains: ChainNodes
    allowances: Allowances
    transactions: Transactions
    database: Database


class AmmLiquidity:
    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def pool(self, asked: PoolAsked) -> AmmPool:
        """404 ``unknown_pool``, 503 ``node_unreachable``."""
        venue = await self._venue(asked)
        told, ends = await self._pool(venue, asked.pool_address)
        return AmmPool(**_shown(told), base=ends.base.symbol, quote=ends.quote.symbol, trading_pair=ends.pair)

    async def share(self, asked: ShareAsked) -> AmmShare:
        """What a wallet has in a pool; 404 ``unknown_pool``."""
        venue = await self._venue(asked)
        wallet = await self._wallet(venue, asked)
        return await self._share(venue, wallet, asked.pool_address)

    async def shares(self, asked: WalletAsked) -> list[AmmShare]:
        """In the pools of Gateway's list and in those that were used here: Gateway itself has no list of them."""
        venue = await self._venue(asked)
        wallet = await self._wallet(venue, asked)
        query = {"connector": venue.connector, "network": venue.where.network, "type": AMM}
        listed = [str(each["address"]) for each in await self._parts.gateway.get("/pools", query)]
        used = await search.pools_of(self._parts.database, str(venue.where), venue.connector, wallet.address)
        found = [await self._share(venue, wallet, each) for each in list(dict.fromkeys([*used, *listed]))[:MOST_POOLS]]
        return [share for share in found if share.lp_token_amount]

    async def quote(self, asked: LiquidityQuoteAsked) -> LiquidityQuote:
        """As much of both tokens as the pool's ratio takes."""
        venue = await self._venue(asked)
        query = {
            "network": venue.where.network,
            "poolAddress": asked.pool_address,
            "baseTokenAmount": f"{asked.base_token_amount:f}",
            "quoteTokenAmount": f"{asked.quote_token_amount:f}",
            "slippagePct": None if asked.slippage_pct is None else f"{asked.slippage_pct:f}",
        }
        told = await self._of_pool(venue, "quote-liquidity", query)
        return LiquidityQuote.model_validate(_shown(told))

    async def add(self, asked: AddLiquidityAsked) -> Transaction:
        """As ``Transactions.send``; 400 ``insufficient_allowance`` before anything is sent."""
        venue = await self._venue(asked)
        wallet = await self._wallet(venue, asked)
        told, ends = await self._pool(venue, asked.pool_address)
        wanted = ((ends.base, asked.base_token_amount), (ends.quote, asked.quote_token_amount))
        await self._parts.allowances.require(wallet, venue.connector, wanted, AMM)
        more = {
            "baseTokenAmount": f"{asked.base_token_amount:f}",
            "quoteTokenAmount": f"{asked.quote_token_amount:f}",
            "slippagePct": None if asked.slippage_pct is None else f"{asked.slippage_pct:f}",
        }
        return await self._send(TxKind.AMM_ADD, venue, wallet, told, ends, more, {})

    async def remove(self, asked: RemoveLiquidityAsked) -> Transaction:
        venue = await self._venue(asked)
        wallet = await self._wallet(venue, asked)
        told, ends = await self._pool(venue, asked.pool_address)
        more = {"percentageToRemove": f"{asked.percentage:f}"}
        about = {"percentage": f"{asked.percentage:f}"}
        return await self._send(TxKind.AMM_REMOVE, venue, wallet, told, ends, more, about)

    async def _send(
        self,
        kind: TxKind,
        venue: Venue,
        wallet: Wallet,
        pool: Mapping[str, Any],
        ends: Ends,
        request: Mapping[str, Any],
        about: Mapping[str, Any],
    ) -> Transaction:
        address, tokens = str(pool["address"]), ends.told(flipped=False)
        action = "add-liquidity" if kind is TxKind.AMM_ADD else "remove-liquidity"
        place = {"network": wallet.network, "walletAddress": wallet.address, "poolAddress": address}
        intent = Intent(
            kind=kind,
            wallet=wallet,
            connector=venue.connector,
            path=f"{venue.path}/{action}",
            request={**place, **request},
            about={**ends.about(), **about, "pool_address": address, "flipped": False, "tokens": tokens},
            tokens=tuple(each[0] for each in tokens if each) if wallet.chain == ETHEREUM else (),
        )
        return await self._parts.transactions.send(intent)

    async def _venue(self, asked: OnNetwork) -> Venue:
        name = asked.connector.partition("/")[0]
        return await venues.find(self._parts.directory, f"{name}/{AMM}", asked.network, asked.chain)

    async def _wallet(self, venue: Venue, asked: WalletAsked) -> Wallet:
        return await self._parts.chains.wallet(venue.where.chain, venue.where.network, asked.wallet_address)

    async def _pool(self, venue: Venue, address: str) -> tuple[dict[str, Any], Ends]:
        told = await self._of_pool(venue, "pool-info", {"network": venue.where.network, "poolAddress": address})
        return told, await self._ends(venue, told)

    async def _share(self, venue: Venue, wallet: Wallet, address: str) -> AmmShare:
        query = {"network": venue.where.network, "poolAddress": address, "walletAddress": wallet.address}
        told = await self._of_pool(venue, "position-info", query)
        ends = await self._ends(venue, told)
        return AmmShare(**_shown(told), base=ends.base.symbol, quote=ends.quote.symbol, trading_pair=ends.pair)

    async def _ends(self, venue: Venue, told: Mapping[str, Any]) -> Ends:
        return await self._parts.subjects.ends(venue.where, told["baseTokenAddress"], told["quoteTokenAddress"])

    async def _of_pool(self, venue: Venue, what: str, query: dict[str, Any]) -> dict[str, Any]:
        """A dead node is no missing pool."""
        query["poolAddress"] = address_on(venue.where.chain, str(query["poolAddress"]), "pool's address")
        try:
            told: dict[str, Any] = await self._parts.gateway.get(f"{venue.path}/{what}", query)
        except (NotFound, UpstreamFailed) as error:
            await self._parts.nodes.require(venue.where)
            words = f"{venue.connector} has no plain pool at {query['poolAddress']} on {venue.where}."
            raise NotFound(words, code="unknown_pool") from error
        return told


def _shown(told: Mapping[str, Any]) -> dict[str, Any]:
    """Gateway's names in ours, numbers as exact as they came."""
    return {snake(name): decimal(value) if _is_number(value) else value for name, value in told.items()}


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)
