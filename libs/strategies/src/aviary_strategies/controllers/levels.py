"""The levels of a maker: how far from the reference price, and which share of the amount for each."""

from decimal import Decimal
from typing import NamedTuple, Self

from pydantic import model_validator

from aviary_strategies.controllers.config import Strict, updatable
from aviary_strategies.controllers.spellings import Spreads, Weights
from aviary_strategies.types import Side


class LevelShare(NamedTuple):
    """``share`` is of all levels of both sides together; ``place`` counts from 0 on each side."""

    level_id: str
    side: Side
    place: int
    spread: float
    share: Decimal


class LevelFields(Strict):
    """Amounts are weights: one for each spread, null for equal ones."""

    buy_spreads: Spreads = updatable((0.01, 0.02))
    sell_spreads: Spreads = updatable((0.01, 0.02))
    buy_amounts_pct: Weights = updatable(None)
    sell_amounts_pct: Weights = updatable(None)

    @model_validator(mode="after")
    def _one_amount_for_each_spread(self) -> Self:
        for side in ("buy", "sell"):
            spreads, amounts = getattr(self, f"{side}_spreads"), getattr(self, f"{side}_amounts_pct")
            if amounts is not None and len(amounts) != len(spreads):
                raise ValueError(f"{side}_amounts_pct has {len(amounts)} amounts for {len(spreads)} {side}_spreads")
        if self.buy_spreads + self.sell_spreads and not sum(self._weights(Side.BUY) + self._weights(Side.SELL)):
            raise ValueError("buy_amounts_pct and sell_amounts_pct have a sum of 0")
        return self

    @property
    def shares(self) -> tuple[LevelShare, ...]:
        """``buy_0``, ``buy_1``, ... then ``sell_0``, ..."""
        weights = {side: self._weights(side) for side in Side}
        total = sum(weights[Side.BUY]) + sum(weights[Side.SELL])
        spreads = {Side.BUY: self.buy_spreads, Side.SELL: self.sell_spreads}
        return tuple(
            LevelShare(f"{side.name.lower()}_{place}", side, place, spread, weight / total)
            for side in Side
            for place, (spread, weight) in enumerate(zip(spreads[side], weights[side], strict=True))
        )

    def _weights(self, side: Side) -> tuple[Decimal, ...]:
        spreads = self.buy_spreads if side is Side.BUY else self.sell_spreads
        amounts = self.buy_amounts_pct if side is Side.BUY else self.sell_amounts_pct
        return amounts if amounts is not None else tuple(Decimal(1) for _ in spreads)
