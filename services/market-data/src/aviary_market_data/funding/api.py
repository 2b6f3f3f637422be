"""``/market-data/funding-info`` and ``funding-rates``: what will be paid, and what has been."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from aviary_common.errors import BadRequest, NotFound
from aviary_common.http.document import refusals
from aviary_common.models import Name, TradingPair
from aviary_common.timestamps import UtcTime, utc_now
from aviary_market_data.funding.schemas import FundingList, FundingOut, FundingRequest, SettledOut, in_form_of
from aviary_market_data.funding.service import Funding

router = APIRouter(prefix="/market-data", tags=["Market data"])


async def funding_of(request: Request) -> Funding:
    funding: Funding = request.app.state.funding
    return funding


@router.post("/funding-info", operation_id="get_funding_info", responses=refusals(NotFound))
async def get_funding_info(
    question: FundingRequest, funding: Annotated[Funding, Depends(funding_of)]
) -> FundingOut | FundingList:
    """What holders of a perpetual will pay next: of one pair, or of a list of pairs."""
    return in_form_of(question, await funding.of(question.connector_name, question.wanted))


@router.get("/funding-rates", operation_id="list_funding_rates", responses=refusals(BadRequest, NotFound))
async def get_funding_rates(
    connector_name: Name,
    trading_pair: TradingPair,
    start_time: UtcTime,
    funding: Annotated[Funding, Depends(funding_of)],
    end_time: UtcTime | None = None,
) -> list[SettledOut]:
    """The rates of a perpetual that were settled within a range, oldest first."""
    settled = await funding.settled(connector_name, trading_pair, start_time, end_time or utc_now())
    return [SettledOut.of(rate) for rate in settled]
