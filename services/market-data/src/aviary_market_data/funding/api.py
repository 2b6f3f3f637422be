"""``/market-data/funding-info``."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from aviary_market_data.funding.schemas import FundingList, FundingOut, FundingRequest, in_form_of
from aviary_market_data.funding.service import Funding

router = APIRouter(prefix="/market-data", tags=["Market data"])


async def funding_of(request: Request) -> Funding:
    funding: Funding = request.app.state.funding
    return funding


@router.post("/funding-info", operation_id="get_funding_info")
async def get_funding_info(
    question: FundingRequest, funding: Annotated[Funding, Depends(funding_of)]
) -> FundingOut | FundingList:
    """What holders of a perpetual will pay next: of one pair, or of a list of pairs."""
    return in_form_of(question, await funding.of(question.connector_name, question.wanted))
