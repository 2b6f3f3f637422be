"""The funding and the trading rules of a run's markets: a part of what its result depends on."""

from typing import Final

from pydantic import BaseModel, ConfigDict

from aviary_backtesting.runs.spec import Json


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Rules(Frozen):
    """Steps and smallest amounts by the engine's names; 0 where the venue has none."""

    amount_step: float
    price_step: float
    min_amount: float
    min_notional: float


class MarketTerms(Frozen):
    """``funding`` is when (seconds) which rate was settled, oldest first. None is what nobody knows, or what the market
    does not have."""

    connector_name: str
    trading_pair: str
    rules: Rules | None = None
    funding: tuple[tuple[float, float], ...] | None = None


class VenueTerms(Frozen):
    """``warnings`` say what is missing, and what that does to the result."""

    markets: tuple[MarketTerms, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def told(self) -> list[Json]:
        """For answers: without the single rates."""
        return [
            {
                **market.model_dump(exclude={"funding"}),
                "settlements": None if market.funding is None else len(market.funding),
                "funding_rate_sum": None if market.funding is None else sum(rate for _, rate in market.funding),
            }
            for market in self.markets
        ]


NO_TERMS: Final = VenueTerms()
