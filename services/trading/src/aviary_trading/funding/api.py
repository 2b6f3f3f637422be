"""``/trading/funding-payments``."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from aviary_common.database import Database
from aviary_common.http.pages import json_page
from aviary_common.pagination import Page
from aviary_trading.funding import store
from aviary_trading.funding.schemas import FundingFilter, FundingPaymentOut

router = APIRouter(prefix="/trading", tags=["Trading"])


async def database_of(request: Request) -> Database:
    database: Database = request.app.state.database
    return database


@router.post("/funding-payments", operation_id="list_funding_payments", response_model=Page[FundingPaymentOut])
async def list_funding_payments(
    database: Annotated[Database, Depends(database_of)], wanted: FundingFilter | None = None
) -> Response:
    """What positions paid (negative) and received, newest first."""
    async with database.single() as connection:
        page = await store.page(connection, wanted or FundingFilter())
    return json_page(page, (row.item for row in page.rows))
