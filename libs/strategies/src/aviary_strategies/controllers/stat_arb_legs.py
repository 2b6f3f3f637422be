"""The two legs of a statistical arbitrage, as they stand now."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Final, NamedTuple

from aviary_strategies.actions import Action, Barriers, Create, OrderSpec, PositionSpec, Stop
from aviary_strategies.context import Context, ExecutorView, active
from aviary_strategies.controllers.limits import limit_position
from aviary_strategies.types import Market, OrderType, Side

UNWIND: Final = "unwind"


@dataclass(frozen=True)
class Leg:
    """``side`` is the one that the signal wants, ``target_quote`` the value it is to reach."""

    context: Context
    market: Market
    side: Side
    target_quote: Decimal
    leverage: int

    @property
    def price(self) -> Decimal:
        return Decimal(self.context.price(self.market))

    @cached_property
    def executors(self) -> list[ExecutorView]:
        return [
            executor
            for executor in active(self.context)
            if executor.market == self.market and executor.kind == "position_executor"
        ]

    @property
    def placed(self) -> list[ExecutorView]:
        return [executor for executor in self.executors if executor.side == self.side and not executor.is_trading]

    @property
    def filled(self) -> list[ExecutorView]:
        return [executor for executor in self.executors if executor.side == self.side and executor.is_trading]

    @property
    def held(self) -> Decimal:
        """The base amount held the wanted way; below 0 it is held the other way."""
        return self.side.sign * Decimal(self.context.held(self.market).net_amount)

    @property
    def value_quote(self) -> Decimal:
        """What is held the wanted way, in the held position and in executors."""
        executing = sum((Decimal(executor.filled_quote) for executor in self.filled), Decimal())
        return max(self.held, Decimal()) * self.price + executing

    def quote(self, spread: Decimal, amount_quote: Decimal, take_profit: Decimal) -> PositionSpec:
        own = [Decimal(executor.entry_price) for executor in self.placed] or [self.price]
        extreme = min(own) if self.side is Side.BUY else max(own)
        barriers = Barriers(
            take_profit=float(take_profit),
            open_order_type=OrderType.LIMIT_MAKER,
            take_profit_order_type=OrderType.LIMIT_MAKER,
        )
        price = extreme * (1 - self.side.sign * spread)
        return limit_position(self.market, self.side, price, amount_quote / self.price, barriers, self.leverage, None)

    def unwind(self) -> Iterator[Action]:
        """Ends what points the other way."""
        yield from (Stop(executor.executor_id) for executor in self.executors if executor.side != self.side)
        if self.held < 0:
            yield from self._reduce()

    def close(self) -> Iterator[Action]:
        """Ends everything."""
        yield from (Stop(executor.executor_id) for executor in self.executors)
        if self.held:
            yield from self._reduce()

    def tidy(self, cooldown_s: int, refresh_s: int) -> Iterator[Stop]:
        """What was filled some time ago becomes part of the held position; what was not is placed anew."""
        now_s = self.context.now_s
        for executor in self.executors:
            if executor.is_trading and now_s - executor.last_update_s >= cooldown_s:
                yield Stop(executor.executor_id, keep_position=True)
            elif not executor.is_trading and now_s - executor.created_s >= refresh_s:
                yield Stop(executor.executor_id)

    def _reduce(self) -> Iterator[Create]:
        if any(e.market == self.market and e.level_id == UNWIND for e in active(self.context)):
            return
        amount = self.context.held(self.market).net_amount
        side = Side.SELL if amount > 0 else Side.BUY
        yield Create(OrderSpec(self.market, side, abs(amount), OrderType.MARKET, None, self.leverage, UNWIND))


class Pair(NamedTuple):
    dominant: Leg
    hedge: Leg

    @property
    def pnl_pct(self) -> Decimal:
        """Of both held positions, as a fraction of their value."""
        pnl = sum(Decimal(leg.context.held(leg.market).unrealized_pnl_quote) for leg in self)
        value = sum(abs(leg.held) * leg.price for leg in self)
        return Decimal(pnl) / value if value else Decimal()

    def leads(self, leg: Leg, tolerance: Decimal) -> bool:
        """It is further on its way to its target than the other leg, by more than ``tolerance`` of what it has."""
        other = self.hedge if leg is self.dominant else self.dominant
        done, others = leg.value_quote / leg.target_quote, other.value_quote / other.target_quote
        return done - others > tolerance * done
