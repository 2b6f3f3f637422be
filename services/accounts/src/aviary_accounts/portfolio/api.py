"""``/portfolio``."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from aviary_accounts.portfolio.schemas import State, StateFilter
from aviary_accounts.portfolio.service import Portfolio

router = APIRouter(prefix="/portfolio", tags=["Portfolio"])


def portfolio_of(request: Request) -> Portfolio:
    portfolio: Portfolio = request.app.state.portfolio
    return portfolio


@router.post("/state", operation_id="get_portfolio_state", response_model_exclude_unset=True)
async def get_state(portfolio: Annotated[Portfolio, Depends(portfolio_of)], wanted: StateFilter | None = None) -> State:
    """What every account holds now; `refresh` asks the venues first."""
    return await portfolio.state(wanted or StateFilter())
