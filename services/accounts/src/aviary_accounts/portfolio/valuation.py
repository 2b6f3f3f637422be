"""What a token is worth, in the quote token of its connector: plain rules on plain values."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final

_QUOTES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("hyperliquid", "lighter", "backpack", "cube", "derive"), "USDC"),
    **dict.fromkeys(("dexalot", "vertex", "aevo", "pacifica"), "USDC"),
    **dict.fromkeys(("hyperliquid_perpetual", "kraken", "dydx_v4", "decibel", "architect"), "USD"),
    "xrpl": "RLUSD",
}  # fmt: skip
DEFAULT_QUOTE: Final = "USDT"
ONE: Final = Decimal(1)


def quote_of(connector_name: str) -> str:
    """The token that the connector's holdings are valued in; a test network's is the real one's."""
    name = connector_name.removesuffix("_testnet").removesuffix("_sandbox").removesuffix("_paper_trade")
    return _QUOTES.get(name) or _QUOTES.get(name.removesuffix("_perpetual")) or DEFAULT_QUOTE


def is_dollar(token: str) -> bool:
    return "USD" in token


def underlying(token: str) -> str:
    """Binance Earn shows ``LDBTC`` for BTC that is lent out; LDO is a token of its own."""
    return token[2:] if token.startswith("LD") and token not in {"LD", "LDO"} else token


def pairs_to_price(tokens: Iterable[str], connector_name: str) -> list[str]:
    """The pairs whose last price is needed; dollars need none."""
    quote = quote_of(connector_name)
    return sorted({f"{underlying(token)}-{quote}" for token in tokens if not is_dollar(token) and token != quote})


def price_of(token: str, connector_name: str, prices: Mapping[str, Decimal]) -> Decimal | None:
    """``None`` when nobody knows."""
    quote = quote_of(connector_name)
    if is_dollar(token) or token == quote:
        return ONE
    return prices.get(f"{underlying(token)}-{quote}")
