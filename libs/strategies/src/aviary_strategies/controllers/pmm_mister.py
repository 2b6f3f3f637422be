"""Market making that builds a held position out of fills, each level at a distance from its own in time and price."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import ClassVar, Final

from aviary_strategies.actions import Action, Barriers, Create, OrderSpec, Stop
from aviary_strategies.context import Context, ExecutorView, active
from aviary_strategies.controller import Controller, Kind
from aviary_strategies.controllers.inventory import Inventory, inventory
from aviary_strategies.controllers.levels import LevelShare
from aviary_strategies.controllers.limits import limit_position, rounded_down
from aviary_strategies.controllers.pmm_mister_config import PmmMisterConfig
from aviary_strategies.types import CloseType, Market, OrderType, Side

GLOBAL_EXIT: Final = "global_tp_sl"
MAX_TRIES: Final = 3


@dataclass(frozen=True, slots=True)
class _Now:
    context: Context
    reference: Decimal
    unit: Decimal
    own: Inventory
    active: list[ExecutorView]


class PmmMister(Controller[PmmMisterConfig]):
    name: ClassVar[str] = "pmm_mister"
    kind: ClassVar[Kind] = "generic"
    config_class: ClassVar[type[PmmMisterConfig]] = PmmMisterConfig

    @property
    def markets(self) -> tuple[Market, ...]:
        return (self.config.market,)

    def decide(self, context: Context) -> list[Action]:
        """Nothing in tick mode at a market whose price step is not known."""
        config = self.config
        reference = Decimal(context.price(config.market))
        step = Decimal(str(context.rules(config.market).price_step))
        if reference <= 0 or (config.tick_mode and not step):
            return []
        sign = config.position_side.sign
        now = _Now(
            context=context,
            reference=reference,
            unit=step / reference if config.tick_mode else Decimal(1),
            own=inventory(context, config.market, reference, config.total_amount_quote, sign),
            active=active(context),
        )
        if self._is_to_exit(now):
            return self._exit(now)
        return [*self._quote(now), *self._stops(now)]

    @cached_property
    def levels(self) -> tuple[LevelShare, ...]:
        return self.config.shares

    def _quote(self, now: _Now) -> Iterator[Create]:
        config = self.config
        sides = config.band.sides(now.own.share, config.position_side)
        for level in self.levels:
            price = self._price(now, level)
            if level.side not in sides or price <= 0 or not self._is_free(now, level, price):
                continue
            quote = level.share * config.total_amount_quote * config.portfolio_allocation
            skew = config.band.skew(now.own.share, level.side, config.min_skew, config.position_side)
            amount = rounded_down(quote / price * skew, now.context.rules(config.market).amount_step)
            if amount > 0:
                barriers = self._barriers(level)
                yield Create(
                    limit_position(config.market, level.side, price, amount, barriers, config.leverage, level.level_id)
                )

    def _price(self, now: _Now, level: LevelShare) -> Decimal:
        return now.reference * (1 - level.side.sign * Decimal(level.spread) * now.unit)

    def _barriers(self, level: LevelShare) -> Barriers:
        config = self.config
        return Barriers(
            take_profit=None if config.take_profit is None else float(config.take_profit * (level.place + 1)),
            open_order_type=config.open_order_type,
            take_profit_order_type=config.take_profit_order_type,
        )

    def _is_free(self, now: _Now, level: LevelShare, price: Decimal) -> bool:
        """No order of the level is open, its side has not just been filled, and no executor of the level is near."""
        config = self.config
        mine = [executor for executor in now.active if executor.level_id == level.level_id]
        if not all(executor.is_trading for executor in mine):
            return False
        if config.max_active_executors_by_level is not None and len(mine) >= config.max_active_executors_by_level:
            return False
        if self._has_just_filled(now, level.side):
            return False
        least = config.price_distance_tolerance * config.tolerance_scaling**level.place * now.unit
        return all(
            abs(price - Decimal(executor.entry_price)) / price >= least for executor in mine
        ) and self._is_protected(now, level, price)

    def _has_just_filled(self, now: _Now, side: Side) -> bool:
        """Within the cooldown; an executor that ended before it was filled before it, too."""
        since_s = now.context.now_s - self.config.cooldown_s(side)
        return any(
            (e.is_active or e.closed_s > since_s)
            and e.side == side
            and e.filled_quote > 0
            and e.last_update_s > since_s
            for e in now.context.executors
        )

    def _is_protected(self, now: _Now, level: LevelShare, price: Decimal) -> bool:
        """With profit protection nothing reduces the position at a worse price than it was built at."""
        side = self.config.position_side
        if not self.config.position_profit_protection or level.side is side or now.own.amount <= 0:
            return True
        return (price - Decimal(now.context.held(self.config.market).average_price)) * side.sign >= 0

    def _stops(self, now: _Now) -> Iterator[Stop]:
        levels = {level.level_id: level for level in self.levels}
        for executor in now.active:
            level = levels.get(executor.level_id or "")
            if executor.kind == "position_executor" and (level is None or self._is_over(now, executor, level)):
                yield Stop(executor.executor_id, keep_position=True)

    def _is_over(self, now: _Now, executor: ExecutorView, level: LevelShare) -> bool:
        """Filled long enough ago, or unfilled for too long or too far from where it would be placed now."""
        config = self.config
        if executor.is_trading:
            return now.context.now_s - executor.last_update_s > config.effective_s(level.side)
        if now.context.now_s - executor.created_s > config.executor_refresh_time:
            return True
        wanted = self._price(now, level)
        most = config.refresh_tolerance * config.tolerance_scaling**level.place * now.unit
        return abs(Decimal(executor.entry_price) - wanted) > most * wanted

    def _is_to_exit(self, now: _Now) -> bool:
        config, own = self.config, now.own
        gain = own.unrealized_pct
        if config.global_pnl_reference == "total":
            gain *= abs(own.share)
        takes = config.global_tp_enabled and own.share >= config.share_of(config.global_tp_activation_from)
        stops = config.global_sl_enabled and own.share >= config.share_of(config.global_sl_activation_from)
        beyond = (takes and gain > config.global_take_profit) or (stops and gain < -config.global_stop_loss)
        return own.amount > 0 and beyond

    def _exit(self, now: _Now) -> list[Action]:
        """First everything is stopped and kept, then what is held is sold; a market that refuses is asked thrice."""
        config = self.config
        quoting = [executor for executor in now.active if executor.level_id != GLOBAL_EXIT]
        if quoting:
            return [Stop(executor.executor_id, keep_position=True) for executor in quoting]
        tries = [executor for executor in now.context.executors if executor.level_id == GLOBAL_EXIT]
        failed = sum(executor.close_type == CloseType.FAILED for executor in tries)
        if any(executor.is_active for executor in tries) or failed >= MAX_TRIES:
            return []
        side = Side.SELL if config.position_side is Side.BUY else Side.BUY
        amount = float(now.own.amount)
        return [Create(OrderSpec(config.market, side, amount, OrderType.MARKET, None, config.leverage, GLOBAL_EXIT))]
