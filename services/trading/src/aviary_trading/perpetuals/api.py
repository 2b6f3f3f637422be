"""``/trading/{account}/{connector}/position-mode`` and ``/leverage``."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from aviary_common.access.accounts import AllowedAccount
from aviary_common.errors import BadRequest, NotFound
from aviary_common.http.document import refusals
from aviary_common.models import Name
from aviary_exchange import catalogue
from aviary_trading.perpetuals.schemas import Done, PositionModeOut, SetLeverage, SetPositionMode
from aviary_trading.perpetuals.service import Perpetuals

router = APIRouter(prefix="/trading/{account_name}/{connector_name}", tags=["Trading"])


async def perpetuals_of(request: Request) -> Perpetuals:
    perpetuals: Perpetuals = request.app.state.perpetuals
    return perpetuals


PerpetualsDep = Annotated[Perpetuals, Depends(perpetuals_of)]


@router.get("/position-mode", operation_id="get_position_mode", responses=refusals(BadRequest, NotFound))
async def get_position_mode(
    account_name: AllowedAccount, connector_name: Name, perpetuals: PerpetualsDep
) -> PositionModeOut:
    """One position per pair, or a long and a short leg beside each other."""
    mode = await perpetuals.position_mode(account_name, connector_name)
    return PositionModeOut(
        position_mode=mode.value if mode else "UNKNOWN",
        connector=catalogue.find(connector_name).name,
        account=account_name,
    )


@router.post("/position-mode", operation_id="set_position_mode", responses=refusals(NotFound))
async def set_position_mode(
    account_name: AllowedAccount, connector_name: Name, wanted: SetPositionMode, perpetuals: PerpetualsDep
) -> Done:
    """Switch the whole account; venues refuse it while positions or orders are open."""
    mode = await perpetuals.set_position_mode(account_name, connector_name, wanted.position_mode)
    return Done(message=f"Position mode of {account_name} at {connector_name} is {mode.value}.")


@router.post("/leverage", operation_id="set_leverage", responses=refusals(NotFound))
async def set_leverage(
    account_name: AllowedAccount, connector_name: Name, wanted: SetLeverage, perpetuals: PerpetualsDep
) -> Done:
    """Set the leverage of one pair."""
    await perpetuals.set_leverage(account_name, connector_name, wanted.trading_pair, wanted.leverage)
    return Done(
        message=f"Leverage of {wanted.trading_pair} for {account_name} at {connector_name} is {wanted.leverage}."
    )
