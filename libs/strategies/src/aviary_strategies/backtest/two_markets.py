"""The executors that trade at two markets at once: arbitrage and cross-exchange market making."""

from aviary_strategies.actions import ArbitrageSpec, XemmSpec
from aviary_strategies.backtest.filled import FilledSimulation
from aviary_strategies.backtest.venue import Venue
from aviary_strategies.types import CloseType, Side


def simulate_arbitrage(spec: ArbitrageSpec, venue: Venue, created: int) -> FilledSimulation:
    """Both orders go out at the close of the first row whose closes earn enough after fees and slippage; what they get
    is another matter. Never enough: EXPIRED at the last row."""
    bought, sold = venue.rows[spec.buying].close, venue.rows[spec.selling].close
    costs = venue.costs
    paid, got = (1 + costs.slippage) * (1 + costs.taker_fee), (1 - costs.slippage) * (1 - costs.taker_fee)
    last = len(bought) - 1
    for row in range(created, last):
        if sold[row] * got / (bought[row] * paid) - 1 >= spec.min_profitability:
            buy = venue.market_fill(row, spec.buying, spec.amount, is_exit=False)
            sell = venue.market_fill(row, spec.selling, -spec.amount)
            end = max(buy.row, sell.row)
            return FilledSimulation(venue, created, (buy, sell), end, CloseType.COMPLETED, valued_at=spec.buying)
    return FilledSimulation(venue, created, (), last, CloseType.EXPIRED)


def simulate_xemm(spec: XemmSpec, venue: Venue, created: int) -> FilledSimulation:
    """A maker order is priced at each close for the next row, against the taker market's close; filled when the row
    trades through it, and hedged at the worse of the taker's open and close in that row."""
    maker, taker = (spec.buying, spec.selling) if spec.maker_side is Side.BUY else (spec.selling, spec.buying)
    making, taking, sign = venue.rows[maker], venue.rows[taker], spec.maker_side.sign
    last = len(making.ts) - 1
    price = 0.0
    for row in range(created + 1, last + 1):
        fair = _hedged_at(venue, float(taking.close[row - 1]), sign)
        earned = sign * (fair / price - 1) if price else spec.min_profitability - 1
        if not spec.min_profitability <= earned <= spec.max_profitability:
            price = fair / (1 + sign * spec.target_profitability)
            reached = float(making.close[row - 1])
            price = sign * min(sign * price, sign * reached)
        extreme = making.low[row] if sign > 0 else making.high[row]
        if sign * (extreme - price) < 0:
            made = venue.maker_fill(row, maker, sign * spec.amount, price)
            worst = sign * min(sign * float(taking.open[row]), sign * float(taking.close[row]))
            hedge = venue.taker_fill(row, taker, -sign * spec.amount, worst)
            return FilledSimulation(venue, created, (made, hedge), row, CloseType.COMPLETED, valued_at=maker)
    return FilledSimulation(venue, created, (), last, CloseType.EXPIRED)


def _hedged_at(venue: Venue, price: float, sign: int) -> float:
    """What a hedge at ``price`` comes to after slippage and both orders' fees."""
    costs = venue.costs
    return price * (1 - sign * (costs.slippage + costs.taker_fee + costs.maker_fee))
