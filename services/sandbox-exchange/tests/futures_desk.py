"""What the tests of the futures side have in common."""

from decimal import Decimal
from typing import Any

from .rig import Client

ORDER = "/fapi/v1/order"
SYMBOL = "BTCUSDT"


async def order(venue: Client, side: str, quantity: str, **more: str) -> Any:
    kind = {"type": "LIMIT", "timeInForce": "GTC"} if "price" in more else {"type": "MARKET"}
    sent = {"symbol": SYMBOL, "side": side, "quantity": quantity, "newOrderRespType": "RESULT", **kind, **more}
    return await venue.ok("POST", ORDER, **sent)


async def refusal(venue: Client, method: str, path: str, **params: object) -> tuple[int, str]:
    answer = await venue.call(method, path, **params)
    assert answer.status_code == 400, answer.text
    return answer.json()["code"], answer.json()["msg"]


async def hedge(venue: Client, hedges: str = "true") -> None:
    await venue.ok("POST", "/fapi/v1/positionSide/dual", dualSidePosition=hedges)


async def leverage(venue: Client, value: int, symbol: str = SYMBOL) -> Any:
    return await venue.ok("POST", "/fapi/v1/leverage", symbol=symbol, leverage=value)


async def account(venue: Client) -> dict[str, Decimal]:
    """The account's totals."""
    answer = await venue.ok("GET", "/fapi/v2/account")
    return {name: Decimal(value) for name, value in answer.items() if name.startswith(("total", "available"))}


async def legs(venue: Client) -> dict[str, dict[str, Any]]:
    """By side: what v2 tells of BTCUSDT."""
    rows = await venue.ok("GET", "/fapi/v2/positionRisk", symbol=SYMBOL)
    return {row["positionSide"]: row for row in rows}


async def incomes(venue: Client, **params: object) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = await venue.ok("GET", "/fapi/v1/income", **params)
    return found


async def nothing_is_missing(venue: Client) -> None:
    """Neither money nor contracts came from nowhere."""
    totals = (await venue.public("/sandbox/totals"))["futures"]
    assert totals["wallets_less_cost"] == "0.00000000"
    assert set(totals["positions"].values()) <= {"0.00000000"}
