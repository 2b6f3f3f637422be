"""``/portfolio`` as it is now."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from aviary_accounts.portfolio.schemas import (
    AccountDistribution,
    PortfolioFilter,
    State,
    StateFilter,
    TokenDistribution,
)
from aviary_accounts.portfolio.service import Portfolio

router = APIRouter(prefix="/portfolio", tags=["Portfolio"])


async def portfolio_of(request: Request) -> Portfolio:
    portfolio: Portfolio = request.app.state.portfolio
    return portfolio


PortfolioDep = Annotated[Portfolio, Depends(portfolio_of)]
Names = Annotated[list[str] | None, Query(description="Repeated, or separated by commas")]


async def filter_in_query(
    account_names: Names = None, connector_names: Names = None, connectors: Names = None
) -> PortfolioFilter:
    return PortfolioFilter(
        account_names=_split(account_names),
        connector_names=_split(connector_names if connector_names is not None else connectors),
    )


@router.post("/state", operation_id="get_portfolio_state", response_model_exclude_unset=True)
async def get_state(portfolio: PortfolioDep, wanted: StateFilter | None = None) -> State:
    """What every account holds now; `refresh` asks the venues first."""
    return await portfolio.state(wanted or StateFilter())


@router.post("/distribution", operation_id="get_portfolio_distribution", response_model_exclude_unset=True)
async def get_distribution(portfolio: PortfolioDep, wanted: PortfolioFilter | None = None) -> TokenDistribution:
    """How the value spreads over tokens; tokens without a price are listed, not counted."""
    return await portfolio.distribution(wanted or PortfolioFilter())


@router.post("/accounts-distribution", operation_id="find_portfolio_accounts_distribution")
async def find_accounts_distribution(
    portfolio: PortfolioDep, wanted: PortfolioFilter | None = None
) -> AccountDistribution:
    """How the value spreads over accounts, of some of them."""
    return await portfolio.accounts_distribution(wanted or PortfolioFilter())


@router.get("/accounts-distribution", operation_id="get_portfolio_accounts_distribution")
async def get_accounts_distribution(
    portfolio: PortfolioDep, wanted: Annotated[PortfolioFilter, Depends(filter_in_query)]
) -> AccountDistribution:
    """How the value spreads over accounts."""
    return await portfolio.accounts_distribution(wanted)


def _split(names: list[str] | None) -> list[str] | None:
    return None if names is None else [name.strip() for given in names for name in given.split(",") if name.strip()]
