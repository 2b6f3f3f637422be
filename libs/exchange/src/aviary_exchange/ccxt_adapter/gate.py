"""What Gate tells and ccxt drops: whether an account hedges, and the leverage of one that does."""

from typing import Any

from aviary_exchange.ccxt_adapter.symbols import Listing

SETTLE = "usdt"


async def is_hedged(exchange: Any) -> bool:
    return bool((await exchange.privateFuturesGetSettleAccounts({"settle": SETTLE}))["in_dual_mode"])


async def set_leverage(exchange: Any, listing: Listing, leverage: int) -> None:
    """Of cross margin, which Gate calls leverage 0 with a limit; an account with two legs has an address of its own."""
    params = {
        "settle": listing.settle.lower(),
        "contract": listing.venue_id,
        "leverage": "0",
        "cross_leverage_limit": str(leverage),
    }
    if await is_hedged(exchange):
        await exchange.privateFuturesPostSettleDualCompPositionsContractLeverage(params)
    else:
        await exchange.privateFuturesPostSettlePositionsContractLeverage(params)
