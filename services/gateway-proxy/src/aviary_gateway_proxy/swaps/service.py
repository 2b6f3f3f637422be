"""Quoting and executing swaps."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from aviary_common.errors import AviaryError, Conflict, NotFound
from aviary_gateway_proxy.addresses import ETHEREUM
from aviary_gateway_proxy.configuration.tokens import Token, Tokens, among
from aviary_gateway_proxy.directory import ROUTER, Directory
from aviary_gateway_proxy.swaps import venue as venues
from aviary_gateway_proxy.swaps.amounts import Traded, decimal_or_none
from aviary_gateway_proxy.swaps.schemas import SwapAsked, SwapQuoteAsked, SwapQuoted
from aviary_gateway_proxy.swaps.venue import Venue
from aviary_gateway_proxy.transactions.chains import ChainNodes
from aviary_gateway_proxy.transactions.record import Intent, Transaction, TxKind, Wallet
from aviary_gateway_proxy.transactions.service import Transactions
from aviary_gateway_proxy.upstream.client import Gateway

USUAL_SLIPPAGE_PCT: Final = Decimal(1)
LOST_QUOTE: Final = "Quote not found"
RESERVED: Final = frozenset({"network", "walletAddress", "baseToken", "quoteToken", "amount", "side", "quoteId"})


class Swaps:
    def __init__(
        self, gateway: Gateway, directory: Directory, tokens: Tokens, chains: ChainNodes, transactions: Transactions
    ) -> None:
        self._gateway = gateway
        self._directory = directory
        self._tokens = tokens
        self._chains = chains
        self._transactions = transactions

    async def quote(self, asked: SwapAsked) -> SwapQuoted:
        """What Gateway would give now. A router's quote can be executed by its ``quote_id`` until Gateway restarts."""
        venue = await self._venue(asked)
        body = _request(venue, asked)
        if asked.wallet_address:
            wallet = await self._chains.wallet(venue.where.chain, venue.where.network, asked.wallet_address)
            body["walletAddress"] = wallet.address
        return _quoted(venue, asked, await self._gateway.get(f"{venue.path}/quote-swap", body))

    async def execute(self, asked: SwapAsked) -> Transaction:
        """As ``Transactions.send``."""
        venue = await self._venue(asked)
        wallet = await self._wallet(venue, asked)
        request = _request(venue, asked) | {"walletAddress": wallet.address}
        return await self._transactions.send(await self._intent(venue, wallet, asked, "execute-swap", request))

    async def execute_quote(self, asked: SwapQuoteAsked) -> Transaction:
        """404 ``quote_lost`` when Gateway does not know the quote any more."""
        venue = await self._venue(asked)
        if venue.kind != ROUTER:
            raise Conflict(f"{venue.connector} has no quotes to execute: only routers have.", code="no_quotes")
        wallet = await self._wallet(venue, asked)
        request = {"network": venue.where.network, "walletAddress": wallet.address, "quoteId": asked.quote_id}
        try:
            return await self._transactions.send(await self._intent(venue, wallet, asked, "execute-quote", request))
        except AviaryError as error:
            if LOST_QUOTE in error.detail:
                words = "Gateway does not know this quote: quotes end after a while and with its restart. Quote again."
                raise NotFound(words, code="quote_lost") from error
            raise

    async def _venue(self, asked: SwapAsked) -> Venue:
        return await venues.find(self._directory, asked.connector, asked.network, asked.chain)

    async def _wallet(self, venue: Venue, asked: SwapAsked) -> Wallet:
        return await self._chains.wallet(venue.where.chain, venue.where.network, asked.wallet_address)

    async def _intent(
        self, venue: Venue, wallet: Wallet, asked: SwapAsked, action: str, request: Mapping[str, Any]
    ) -> Intent:
        ends = await self._ends(venue, asked)
        watched = tuple(each.address for each in ends if each) if venue.where.chain == ETHEREUM else ()
        about = {
            "trading_type": venue.kind,
            "trading_pair": asked.pair,
            "base": asked.tokens[0],
            "quote": asked.tokens[1],
            "side": asked.side.value,
            "amount": f"{asked.amount:f}",
            "slippage_pct": None if asked.slippage_pct is None else f"{asked.slippage_pct:f}",
            "pool_address": asked.pool_address,
            "quote_id": getattr(asked, "quote_id", None),
            "tokens": [None if each is None else [each.address, each.decimals] for each in ends],
        }
        return Intent(
            kind=TxKind.SWAP,
            wallet=wallet,
            connector=venue.connector,
            path=f"{venue.path}/{action}",
            request=request,
            about=about,
            tokens=watched,
        )

    async def _ends(self, venue: Venue, asked: SwapAsked) -> tuple[Token | None, Token | None]:
        """Base and quote as far as Gateway's list has them."""
        listed = await self._tokens.all(venue.where)
        base, quote = (among(listed, venue.where.chain, token) for token in asked.tokens)
        return base, quote


def _request(venue: Venue, asked: SwapAsked) -> dict[str, Any]:
    """What Gateway is told; ``extra_params`` add to it and replace nothing."""
    extra = {name: value for name, value in (asked.extra_params or {}).items() if name not in RESERVED}
    slippage = USUAL_SLIPPAGE_PCT if asked.slippage_pct is None else asked.slippage_pct
    return extra | {
        "network": venue.where.network,
        "baseToken": asked.tokens[0],
        "quoteToken": asked.tokens[1],
        "amount": f"{asked.amount:f}",
        "side": asked.side.value,
        "slippagePct": f"{slippage:f}",
        **({"poolAddress": asked.pool_address} if asked.pool_address and venue.kind != ROUTER else {}),
    }


def _quoted(venue: Venue, asked: SwapAsked, told: Mapping[str, Any]) -> SwapQuoted:
    traded = Traded.told(told)
    price = traded.price(asked.side) or decimal_or_none(told.get("price")) or Decimal(0)
    return SwapQuoted(
        base=asked.tokens[0],
        quote=asked.tokens[1],
        price=price.normalize() + 0,
        amount=asked.amount,
        amount_in=traded.into,
        amount_out=traded.out,
        expected_amount=traded.out,
        slippage_pct=USUAL_SLIPPAGE_PCT if asked.slippage_pct is None else asked.slippage_pct,
        gas_estimate=decimal_or_none(told.get("gasEstimate")),
        quote_id=told.get("quoteId"),
        min_amount_out=decimal_or_none(told.get("minAmountOut")),
        max_amount_in=decimal_or_none(told.get("maxAmountIn")),
        price_impact_pct=decimal_or_none(told.get("priceImpactPct")),
        pool_address=told.get("poolAddress") or asked.pool_address,
        connector=f"{venue.connector}/{venue.kind}",
    )
