"""Uniswap V3's formulas on decimals (whitepaper, section 6): prices are raw token1 per raw token0."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal, localcontext
from typing import Final

EXACT: Final = Context(prec=60)
TICK_BASE: Final = Decimal("1.0001")
SPACINGS: Final = {100: 1, 500: 10, 3000: 60, 10000: 200}
"""Tick spacing by fee, which is in millionths."""
MILLION: Final = 1_000_000


@dataclass(frozen=True)
class Range:
    """The square roots of a position's lower and upper price."""

    low: Decimal
    high: Decimal


def sqrt_at(tick: int) -> Decimal:
    with localcontext(EXACT):
        return (TICK_BASE**tick).sqrt()


def tick_at(price: Decimal) -> int:
    """The tick just below or at a raw price."""
    with localcontext(EXACT):
        ratio = price.ln() / TICK_BASE.ln()
        return int(ratio.quantize(Decimal("1e-20")).to_integral_value(ROUND_FLOOR))


def nearest_tick(price: Decimal, spacing: int) -> int:
    with localcontext(EXACT):
        ratio = price.ln() / TICK_BASE.ln()
        return int((ratio / spacing).to_integral_value()) * spacing


def range_of(lower_tick: int, upper_tick: int) -> Range:
    return Range(sqrt_at(lower_tick), sqrt_at(upper_tick))


def amounts_of(liquidity: int, sqrt: Decimal, span: Range, *, up: bool = False) -> tuple[int, int]:
    """Raw token0 and token1 in a position; rounded up for what goes in, down for what comes out."""
    with localcontext(EXACT):
        inside = min(max(sqrt, span.low), span.high)
        amount0 = liquidity * (span.high - inside) / (inside * span.high)
        amount1 = liquidity * (inside - span.low)
        rounding = ROUND_CEILING if up else ROUND_FLOOR
        return int(amount0.to_integral_value(rounding)), int(amount1.to_integral_value(rounding))


def liquidity_for(amount0: int, amount1: int, sqrt: Decimal, span: Range) -> int:
    """The most liquidity that two raw amounts can pay for."""
    with localcontext(EXACT):
        if sqrt <= span.low:
            return int(amount0 * span.low * span.high / (span.high - span.low))
        if sqrt >= span.high:
            return int(amount1 / (span.high - span.low))
        by0 = amount0 * sqrt * span.high / (span.high - sqrt)
        by1 = amount1 / (sqrt - span.low)
        return int(min(by0, by1))


@dataclass(frozen=True)
class Trade:
    """One swap within a pool: raw amounts, the fee inside ``amount_in``, and the pool's price afterwards."""

    amount_in: int
    amount_out: int
    fee: int
    sqrt_after: Decimal


def swap_in(amount_in: int, liquidity: int, sqrt: Decimal, fee: int, *, zero_for_one: bool) -> Trade:
    with localcontext(EXACT):
        paid = amount_in * fee // MILLION
        net = amount_in - paid
        if zero_for_one:
            after = liquidity * sqrt / (liquidity + net * sqrt)
            out = liquidity * (sqrt - after)
        else:
            after = sqrt + Decimal(net) / liquidity
            out = liquidity * (1 / sqrt - 1 / after)
        return Trade(amount_in, int(out), paid, after)


def swap_out(amount_out: int, liquidity: int, sqrt: Decimal, fee: int, *, zero_for_one: bool) -> Trade | None:
    """None when the pool does not hold so much."""
    with localcontext(EXACT):
        if zero_for_one:
            after = sqrt - Decimal(amount_out) / liquidity
            net = liquidity * (1 / after - 1 / sqrt) if after > 0 else None
        else:
            below = 1 / sqrt - Decimal(amount_out) / liquidity
            after = 1 / below if below > 0 else Decimal(0)
            net = liquidity * (after - sqrt) if below > 0 else None
        if net is None:
            return None
        gross = int((net * MILLION / (MILLION - fee)).to_integral_value(ROUND_CEILING))
        return Trade(gross, amount_out, gross - int(net), after)
