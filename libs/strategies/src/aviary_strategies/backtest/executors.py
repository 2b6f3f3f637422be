"""All executors of a backtest as columns."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from aviary_strategies.actions import ArbitrageSpec, DcaSpec, GridSpec, OrderSpec, PositionSpec, Spec, XemmSpec
from aviary_strategies.candles import Column
from aviary_strategies.types import Market, Side

Integers = NDArray[np.int64]

KINDS: Final[Mapping[type, str]] = {
    PositionSpec: "position_executor",
    OrderSpec: "order_executor",
    DcaSpec: "dca_executor",
    GridSpec: "grid_executor",
    ArbitrageSpec: "arbitrage_executor",
    XemmSpec: "xemm_executor",
}


@dataclass(frozen=True, slots=True)
class Executors:
    """Columns of equal length, in the order in which the executors ended; ``number`` counts them as they were created.

    ``side`` and ``close_type`` hold the enums' numbers (side 0: none), ``template`` the place in ``templates`` of a
    spec that is the executor's but for ``amount`` and ``entry_price`` of a position. ``fill_row`` is -1, ``fill_s`` and
    ``fill_price`` are 0 where nothing was filled.
    """

    number: Integers
    template: Integers
    side: Integers
    close_type: Integers
    created_row: Integers
    fill_row: Integers
    end_row: Integers
    created_s: Column
    closed_s: Column
    fill_s: Column
    amount: Column
    entry_price: Column
    entry_price_rest: Column
    fill_price: Column
    close_price: Column
    net_pnl_pct: Column
    net_pnl_quote: Column
    fees_quote: Column
    filled_quote: Column
    templates: tuple[Spec, ...]

    def __len__(self) -> int:
        return len(self.number)

    def spec(self, place: int) -> Spec:
        found: Spec = self.templates[int(self.template[place])]
        if not isinstance(found, PositionSpec):
            return found
        return replace(
            found,
            amount=float(self.amount[place]),
            entry_price=float(self.entry_price[place]),
            entry_price_rest=float(self.entry_price_rest[place]),
        )

    @property
    def kinds(self) -> list[str]:
        names = [KINDS[type(template)] for template in self.templates]
        return [names[place] for place in self.template.tolist()]

    @property
    def levels(self) -> list[str | None]:
        names = [template.level_id for template in self.templates]
        return [names[place] for place in self.template.tolist()]

    @property
    def columns(self) -> Mapping[str, Integers | Column]:
        """All that are numbers, by name."""
        return {each.name: getattr(self, each.name) for each in fields(self) if each.name != "templates"}


def market_of(spec: Spec) -> Market:
    """Where it trades; of two markets, where it buys."""
    return spec.buying if isinstance(spec, ArbitrageSpec | XemmSpec) else spec.market


def side_of(spec: Spec) -> Side | None:
    if isinstance(spec, ArbitrageSpec):
        return None
    return spec.maker_side if isinstance(spec, XemmSpec) else spec.side


def entry_of(spec: Spec) -> tuple[float, float, float]:
    """Amount in base, price, and what the price leaves over; 0 where the spec does not say."""
    match spec:
        case PositionSpec():
            return spec.amount, spec.entry_price, spec.entry_price_rest
        case OrderSpec():
            return spec.amount, spec.price or 0.0, 0.0
        case DcaSpec():
            return sum(q / p for q, p in zip(spec.amounts_quote, spec.prices, strict=True)), spec.prices[0], 0.0
        case GridSpec():
            return spec.total_amount_quote / spec.start_price, spec.start_price, 0.0
        case ArbitrageSpec() | XemmSpec():
            return spec.amount, 0.0, 0.0
