"""``/trading/.../paper``."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from aviary_common.access.accounts import AllowedAccount
from aviary_common.errors import NotFound
from aviary_common.http.document import refusals
from aviary_common.models import Name
from aviary_trading.paper.reset import PaperReset
from aviary_trading.paper.schemas import PaperAccountOut, ResetPaper

router = APIRouter(prefix="/trading", tags=["Paper trading"])


async def reset_of(request: Request) -> PaperReset:
    reset: PaperReset = request.app.state.paper_reset
    return reset


@router.post(
    "/{account_name}/{connector_name}/paper/reset", operation_id="reset_paper_account", responses=refusals(NotFound)
)
async def reset_paper_account(
    account_name: AllowedAccount,
    connector_name: Name,
    resets: Annotated[PaperReset, Depends(reset_of)],
    wanted: ResetPaper | None = None,
) -> PaperAccountOut:
    """Begin a paper account anew: its open orders are cancelled and its balances replaced."""
    return PaperAccountOut.of(await resets.reset(account_name, connector_name, (wanted or ResetPaper()).balances))
