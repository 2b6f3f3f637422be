"""Opening and changing positions. Amounts and prices are turned into Gateway's order and back."""

from collections.abc import Mapping
from decimal import Context, Decimal
from typing import Any, Final

from aviary_common.database import Database
from aviary_common.timestamps import utc_now
from aviary_gateway_proxy.addresses import ETHEREUM
from aviary_gateway_proxy.clmm.allowances import Allowances
from aviary_gateway_proxy.clmm.asked import AddToPositionAsked, PositionAsked, RangeAsked, RemoveFromPositionAsked
from aviary_gateway_proxy.clmm.discover import discover
from aviary_gateway_proxy.clmm.schemas import PositionQuote
from aviary_gateway_proxy.clmm.subject import KnownPosition, NewPosition, Subjects
from aviary_gateway_proxy.pools.shapes import decimal, maybe_decimal
from aviary_gateway_proxy.transactions.chains import ChainNodes
from aviary_gateway_proxy.transactions.record import Intent, Transaction, TxKind, Wallet
from aviary_gateway_proxy.transactions.service import Transactions
from aviary_gateway_proxy.upstream.client import Gateway

SHORT: Final = Context(prec=25)
"""An inverse has as many digits as one wants; Gateway reads numbers of 17."""
USUAL_SLIPPAGE_PCT: Final = Decimal(1)
PERCENTAGE_NAMES: Final = {"meteora": "liquidityPct", "orca": "liquidityPct"}


class Liquidity:
    def __init__(
        self,
        gateway: Gateway,
        subjects: Subjects,
        chains: ChainNodes,
        allowances: Allowances,
        transactions: Transactions,
        database: Database,
    ) -> None:
        self._gateway = gateway
        self._subjects = subjects
        self._chains = chains
        self._allowances = allowances
        self._transactions = transactions
        self._database = database

    async def quote(self, asked: RangeAsked) -> PositionQuote:
        """How much of both tokens a range takes."""
        new = await self._subjects.new(asked)
        path = f"/connectors/{new.pool.place.connector.name}/clmm/quote-position"
        told = await self._gateway.get(path, _range(new, asked))
        base, quote = new.turn.amounts(decimal(told["baseTokenAmount"]), decimal(told["quoteTokenAmount"]))
        most = new.turn.amounts(decimal(told["baseTokenAmountMax"]), decimal(told["quoteTokenAmountMax"]))
        return PositionQuote(
            base_limited=bool(told["baseLimited"]) is not new.turn.flipped,
            base_token_amount=base or Decimal(0),
            quote_token_amount=quote or Decimal(0),
            base_token_amount_max=most[0] or Decimal(0),
            quote_token_amount_max=most[1] or Decimal(0),
            liquidity=maybe_decimal(told.get("liquidity")),
        )

    async def open(self, asked: RangeAsked) -> Transaction:
        """As ``Transactions.send``; 400 ``insufficient_allowance`` before anything is sent."""
        new = await self._subjects.new(asked)
        place, info = new.pool.place, new.pool.info
        wallet = await self._chains.wallet(place.where.chain, place.where.network, asked.wallet_address)
        wanted = ((new.ends.base, asked.base_token_amount), (new.ends.quote, asked.quote_token_amount))
        await self._allowances.require(wallet, place.connector.name, wanted)
        about = new.ends.about() | {
            "pool_address": info.address,
            "lower_price": f"{asked.lower_price:f}",
            "upper_price": f"{asked.upper_price:f}",
            "entry_price": f"{SHORT.plus(new.turn.price(info.price)):f}",
            "told_base": info.base_token_address,
            "flipped": new.turn.flipped,
            "tokens": new.ends.told(flipped=new.turn.flipped),
        }
        request = _range(new, asked) | {"walletAddress": wallet.address}
        return await self._send(TxKind.OPEN, wallet, place.connector.name, "open-position", request, about)

    async def add(self, asked: AddToPositionAsked) -> Transaction:
        known, wallet = await self._known(asked)
        wanted = ((known.ends.base, asked.base_token_amount), (known.ends.quote, asked.quote_token_amount))
        await self._allowances.require(wallet, known.place.connector.name, wanted)
        base, quote = known.turn.amounts(asked.base_token_amount, asked.quote_token_amount)
        request = (
            dict(asked.extra_params or {})
            | _position(known, wallet)
            | {
                "baseTokenAmount": f"{base or 0:f}",
                "quoteTokenAmount": f"{quote or 0:f}",
                "slippagePct": _slippage(asked.slippage_pct),
            }
        )
        return await self._change(TxKind.ADD, known, wallet, "add-liquidity", request)

    async def remove(self, asked: RemoveFromPositionAsked) -> Transaction:
        known, wallet = await self._known(asked)
        name = PERCENTAGE_NAMES.get(known.place.connector.name, "percentageToRemove")
        request = _position(known, wallet) | {name: f"{asked.percentage:f}", "slippagePct": _text(asked.slippage_pct)}
        about = {"percentage": f"{asked.percentage:f}"}
        return await self._change(TxKind.REMOVE, known, wallet, "remove-liquidity", request, about)

    async def collect(self, asked: PositionAsked) -> Transaction:
        """400 ``gateway_refused`` with Gateway's own words when there is nothing to collect: on Uniswap fees are
        invisible until somebody touches the position."""
        known, wallet = await self._known(asked)
        return await self._change(TxKind.COLLECT, known, wallet, "collect-fees", _position(known, wallet))

    async def close(self, asked: PositionAsked) -> Transaction:
        known, wallet = await self._known(asked)
        return await self._change(TxKind.CLOSE, known, wallet, "close-position", _position(known, wallet))

    async def _known(self, asked: PositionAsked) -> tuple[KnownPosition, Wallet]:
        """A position that was opened elsewhere is remembered from now on."""
        known = await self._subjects.known(asked)
        where = known.place.where
        address = asked.wallet_address or (known.row.wallet_address if known.row else None)
        wallet = await self._chains.wallet(where.chain, where.network, address)
        if known.row is None:
            await discover(self._database, known, wallet, utc_now())
        return known, wallet

    async def _change(
        self,
        kind: TxKind,
        known: KnownPosition,
        wallet: Wallet,
        action: str,
        request: Mapping[str, Any],
        more: Mapping[str, Any] | None = None,
    ) -> Transaction:
        about = known.ends.about() | {
            "pool_address": known.info.pool_address,
            "position_address": known.info.address,
            "told_base": known.info.base_token_address,
            "flipped": known.turn.flipped,
            "tokens": known.ends.told(flipped=known.turn.flipped),
            "info": known.told,
            **(more or {}),
        }
        return await self._send(kind, wallet, known.place.connector.name, action, request, about)

    async def _send(
        self,
        kind: TxKind,
        wallet: Wallet,
        connector: str,
        action: str,
        request: Mapping[str, Any],
        about: Mapping[str, Any],
    ) -> Transaction:
        watched = tuple(each[0] for each in about["tokens"] if each) if wallet.chain == ETHEREUM else ()
        path = f"/connectors/{connector}/clmm/{action}"
        intent = Intent(
            kind=kind, wallet=wallet, connector=connector, path=path, request=request, about=about, tokens=watched
        )
        return await self._transactions.send(intent)


def _range(new: NewPosition, asked: RangeAsked) -> dict[str, Any]:
    """In Gateway's order: WETH/USDC from 1800 to 2200 is 1/2200 to 1/1800 where USDC is token0."""
    lower, upper = new.turn.range(asked.lower_price, asked.upper_price)
    base, quote = new.turn.amounts(asked.base_token_amount, asked.quote_token_amount)
    return dict(asked.extra_params or {}) | {
        "network": new.pool.place.where.network,
        "poolAddress": new.pool.info.address,
        "lowerPrice": f"{SHORT.plus(lower):f}",
        "upperPrice": f"{SHORT.plus(upper):f}",
        "baseTokenAmount": _text(base),
        "quoteTokenAmount": _text(quote),
        "slippagePct": _slippage(asked.slippage_pct),
    }


def _position(known: KnownPosition, wallet: Wallet) -> dict[str, Any]:
    return {
        "network": known.place.where.network,
        "walletAddress": wallet.address,
        "positionAddress": known.info.address,
    }


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


def _slippage(asked: Decimal | None) -> str:
    return f"{USUAL_SLIPPAGE_PCT if asked is None else asked:f}"
