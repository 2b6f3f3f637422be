"""``/trading/panic`` and ``/trading/risk-limits``."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from aviary_common.access import is_allowed
from aviary_common.access.accounts import AllowedAccount
from aviary_common.errors import NotFound
from aviary_common.http.document import refusals
from aviary_trading.safety.panic import Panic
from aviary_trading.safety.schemas import (
    HaltOut,
    Halts,
    Limits,
    LimitsOut,
    PanicReport,
    PanicRequest,
    Release,
    Released,
)
from aviary_trading.safety.service import RiskSettings

router = APIRouter(prefix="/trading", tags=["Trading safety"])


async def panic_of(request: Request) -> Panic:
    panic: Panic = request.app.state.panic
    return panic


async def limits_of(request: Request) -> RiskSettings:
    limits: RiskSettings = request.app.state.risk_settings
    return limits


PanicDep = Annotated[Panic, Depends(panic_of)]
LimitsDep = Annotated[RiskSettings, Depends(limits_of)]


@router.post(
    "/panic",
    operation_id="start_panic",
    responses=refusals(NotFound)
    | {202: {"model": PanicReport, "description": "Halted; some orders are still being cancelled"}},
)
async def panic(panic: PanicDep, response: Response, wanted: PanicRequest | None = None) -> PanicReport:
    """Halt accounts: new orders are refused until the release, every open order is cancelled, also those that were
    not placed here, and with ``flatten`` the positions of perpetuals are closed at market."""
    wanted = wanted or PanicRequest()
    report = await panic.begin(wanted.account_names, flatten=wanted.flatten, reason=wanted.reason)
    if not all(item.is_clear for item in report.connectors):
        response.status_code = 202
    return report


@router.get("/panic", operation_id="list_halts")
async def list_halts(panic: PanicDep) -> Halts:
    """The halted accounts."""
    halts = await panic.halts()
    return Halts(
        halted=[
            HaltOut(account_name=item.account_name, reason=item.reason, at=item.at)
            for item in halts
            if is_allowed(item.account_name)
        ]
    )


@router.post("/panic/release", operation_id="release_panic", responses=refusals(NotFound))
async def release(panic: PanicDep, wanted: Release | None = None) -> Released:
    """Take orders of these accounts again."""
    return Released(released=await panic.release((wanted or Release()).account_names))


@router.get("/risk-limits/{account_name}", operation_id="get_risk_limits", responses=refusals(NotFound))
async def get_limits(account_name: AllowedAccount, limits: LimitsDep) -> LimitsOut:
    """The limits of one account."""
    return LimitsOut.of(account_name, await limits.get(account_name))


@router.put("/risk-limits/{account_name}", operation_id="set_risk_limits", responses=refusals(NotFound))
async def set_limits(account_name: AllowedAccount, wanted: Limits, limits: LimitsDep) -> LimitsOut:
    """Set the limits of one account as a whole; an order that would break one is answered 403."""
    return LimitsOut.of(account_name, await limits.set(account_name, wanted.to_limits()))


@router.delete("/risk-limits/{account_name}", operation_id="lift_risk_limits", responses=refusals(NotFound))
async def lift_limits(account_name: AllowedAccount, limits: LimitsDep) -> LimitsOut:
    """Lift all limits of one account."""
    return LimitsOut.of(account_name, await limits.lift(account_name))
