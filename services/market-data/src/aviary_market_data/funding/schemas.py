from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import BaseModel, Field, model_validator

from aviary_common.models import DecimalNumber, Name, Tolerant, TradingPair, example
from aviary_exchange.types import FundingInfo, FundingRate


class FundingRequest(Tolerant):
    """``trading_pair`` for one pair, ``trading_pairs`` for several; the form of the answer follows."""

    model_config = example({"connector_name": "sandbox_perpetual", "trading_pair": "BTC-USDT"})

    connector_name: Name
    trading_pair: TradingPair | None = None
    trading_pairs: Annotated[list[TradingPair], Field(min_length=1)] | None = None

    @model_validator(mode="after")
    def one_form(self) -> Self:
        if self.trading_pair is None and self.trading_pairs is None:
            raise ValueError("trading_pair or trading_pairs is missing")
        return self

    @property
    def wanted(self) -> list[str]:
        """A list wins over a single pair beside it."""
        if self.trading_pairs is not None:
            return self.trading_pairs
        return [self.trading_pair] if self.trading_pair else []


class FundingOut(BaseModel):
    """``next_funding_time`` in seconds; null where the venue does not tell it."""

    trading_pair: str
    funding_rate: DecimalNumber
    next_funding_time: float | None
    mark_price: DecimalNumber
    index_price: DecimalNumber | None

    @classmethod
    def of(cls, info: FundingInfo) -> Self:
        return cls(
            trading_pair=info.trading_pair,
            funding_rate=info.rate,
            next_funding_time=None if info.next_funding_at is None else info.next_funding_at.timestamp(),
            mark_price=info.mark_price,
            index_price=info.index_price,
        )


class FundingList(BaseModel):
    funding_info: dict[str, FundingOut]


def in_form_of(question: FundingRequest, found: Mapping[str, FundingInfo]) -> FundingOut | FundingList:
    infos = {pair: FundingOut.of(found[pair]) for pair in question.wanted}
    return infos[question.wanted[0]] if question.trading_pairs is None else FundingList(funding_info=infos)


class SettledOut(BaseModel):
    """``timestamp`` in seconds; a positive rate is paid by long positions."""

    timestamp: float
    funding_rate: DecimalNumber

    @classmethod
    def of(cls, settled: FundingRate) -> Self:
        return cls(timestamp=settled.at.timestamp(), funding_rate=settled.rate)
