"""What is traded: six spot pairs (more on request) and three perpetuals, with Binance's kind of rules."""

from dataclasses import dataclass
from typing import Literal

from aviary_sandbox_exchange.units import SCALE, parse

Side = Literal["spot", "futures"]


@dataclass(frozen=True, slots=True)
class Pair:
    """Prices are multiples of ``tick`` and quantities of ``step``; both together have at most eight decimals."""

    symbol: str
    base: str
    quote: str
    side: Side
    tick: int
    step: int
    max_quantity: int
    max_market_quantity: int
    min_notional: int
    price_decimals: int
    quantity_decimals: int

    @property
    def key(self) -> str:
        """Unique across both sides: BTCUSDT is listed twice."""
        return f"{self.side}:{self.symbol}"

    @property
    def max_price(self) -> int:
        return 100_000_000 * self.tick


def _decimals(step: int) -> int:
    return 0 if step >= SCALE else len(f"{step:08d}".rstrip("0"))


def _pair(
    base: str, quote: str, tick: str, step: str, *, maximum: str, market: str, notional: str = "5", side: Side = "spot"
) -> Pair:
    return Pair(
        symbol=base + quote,
        base=base,
        quote=quote,
        side=side,
        tick=parse(tick),
        step=parse(step),
        max_quantity=parse(maximum),
        max_market_quantity=parse(market),
        min_notional=parse(notional),
        price_decimals=_decimals(parse(tick)),
        quantity_decimals=_decimals(parse(step)),
    )


SPOT: tuple[Pair, ...] = (
    _pair("BTC", "USDT", "0.01", "0.00001", maximum="9000", market="150"),
    _pair("ETH", "USDT", "0.01", "0.0001", maximum="9000", market="2500"),
    _pair("SOL", "USDT", "0.01", "0.001", maximum="90000", market="30000"),
    _pair("DOGE", "USDT", "0.00001", "1", maximum="9000000", market="5000000"),
    _pair("ETH", "BTC", "0.00001", "0.001", maximum="100000", market="2500", notional="0.0001"),
    _pair("BTC", "USDC", "0.01", "0.00001", maximum="9000", market="150"),
)

FUTURES: tuple[Pair, ...] = (
    _pair("BTC", "USDT", "0.1", "0.001", maximum="1000", market="120", notional="100", side="futures"),
    _pair("ETH", "USDT", "0.01", "0.001", maximum="10000", market="2000", notional="20", side="futures"),
    _pair("SOL", "USDT", "0.01", "0.01", maximum="1000000", market="50000", notional="5", side="futures"),
)


def extra_pairs(count: int) -> tuple[Pair, ...]:
    """T01-USDT, T02-USDT and so on, for whoever needs many. A tick is so small that every round moves the book."""
    return tuple(
        _pair(f"T{number:02}", "USDT", "0.001", "0.001", maximum="90000", market="30000")
        for number in range(1, count + 1)
    )


ASSETS: tuple[str, ...] = ("USDT", "USDC", "BTC", "ETH", "SOL", "DOGE", "BNB")
