from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, Field, StringConstraints

from aviary_common.models import DecimalNumber, Name, Tolerant, TradingPair, example
from aviary_market_data.rates.market import Kind, Rate
from aviary_market_data.rates.service import Rates
from aviary_market_data.rates.store import Choice, RateSource

Token = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.:_]+$", max_length=32, to_upper=True)]
Symbol = Annotated[str, StringConstraints(min_length=1, max_length=16)]


def _one_or_many(value: object) -> object:
    return [value] if isinstance(value, str) else value


Pairs = Annotated[list[TradingPair], BeforeValidator(_one_or_many), Field(min_length=1)]


class RatesRequest(Tolerant):
    model_config = example({"trading_pairs": ["BTC-USDT"]})

    trading_pairs: Pairs


class ConnectorRatesRequest(RatesRequest):
    """``connector``: whose prices to take instead of the chosen source's."""

    model_config = example({"trading_pairs": ["BTC-USDT"], "connector": "sandbox"})

    connector: Name | None = None


class SourceConfig(Tolerant):
    name: Name = "gate_io"


class GlobalToken(Tolerant):
    global_token_name: Token = "USDT"
    global_token_symbol: Symbol = "$"


class ConfigChange(Tolerant):
    """What is absent or null stays as it is."""

    model_config = example({"rate_oracle_source": {"name": "sandbox"}})

    rate_oracle_source: SourceConfig | None = None
    global_token: GlobalToken | None = None

    def to_choice(self) -> Choice:
        token = self.global_token
        return Choice(
            source=None if self.rate_oracle_source is None else self.rate_oracle_source.name.lower(),
            quote_token=None if token is None else token.global_token_name,
            quote_symbol=None if token is None else token.global_token_symbol,
        )


class Config(BaseModel):
    rate_oracle_source: SourceConfig
    global_token: GlobalToken

    @classmethod
    def of(cls, chosen: RateSource) -> Self:
        return cls(
            rate_oracle_source=SourceConfig(name=chosen.source),
            global_token=GlobalToken(global_token_name=chosen.quote_token, global_token_symbol=chosen.quote_symbol),
        )


class ConfigOut(Config):
    available_sources: list[str]


class ConfigChanged(BaseModel):
    success: Literal[True] = True
    message: str
    config: Config

    @classmethod
    def of(cls, chosen: RateSource) -> Self:
        message = f"Rates come from {chosen.source} and are told in {chosen.quote_token}."
        return cls(message=message, config=Config.of(chosen))


class PathOut(BaseModel):
    """Which pairs lead from base to quote: ``["BTC-USDT", "EUR-USDT inverse"]``; none from a token to itself."""

    path: list[str]
    kind: Kind

    @classmethod
    def of(cls, rate: Rate) -> Self:
        return cls(path=[str(step) for step in rate.steps], kind=rate.kind)


class RatesOut(BaseModel):
    """A rate is null where the source knows no way; ``reasons`` says why. ``age_s``: of the prices, in seconds."""

    source: str
    quote_token: str
    rates: dict[str, DecimalNumber | None]
    paths: dict[str, PathOut]
    reasons: dict[str, str]
    age_s: float

    @classmethod
    def of(cls, rates: Rates) -> Self:
        return cls(
            source=rates.source,
            quote_token=rates.quote_token,
            rates={pair: None if rate is None else rate.value for pair, rate in rates.found.items()},
            paths={pair: PathOut.of(rate) for pair, rate in rates.found.items() if rate is not None},
            reasons=dict(rates.reasons),
            age_s=rates.age_s,
        )


class RateOut(BaseModel):
    trading_pair: str
    rate: DecimalNumber | None
    source: str
    quote_token: str
    path: PathOut | None
    reason: str | None
    age_s: float

    @classmethod
    def of(cls, trading_pair: str, rates: Rates) -> Self:
        rate = rates.found[trading_pair]
        return cls(
            trading_pair=trading_pair,
            rate=None if rate is None else rate.value,
            source=rates.source,
            quote_token=rates.quote_token,
            path=None if rate is None else PathOut.of(rate),
            reason=rates.reasons.get(trading_pair),
            age_s=rates.age_s,
        )


class RatePrices(BaseModel):
    """Of every token of the source in the quote token."""

    source: str
    quote_token: str
    prices_count: int
    prices: dict[str, DecimalNumber]
    age_s: float

    @classmethod
    def of(cls, rates: Rates) -> Self:
        prices = {pair: rate.value for pair, rate in rates.found.items() if rate is not None}
        return cls(
            source=rates.source,
            quote_token=rates.quote_token,
            prices_count=len(prices),
            prices=prices,
            age_s=rates.age_s,
        )
