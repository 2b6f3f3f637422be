"""How tests ask for backtests."""

from typing import Any

import httpx

from aviary_testing.waiting import eventually

START = 1_735_689_600
END = START + 86_400
RUNS = "/backtesting/runs"
BOLLINGER: dict[str, Any] = {
    "id": "one",
    "controller_name": "bollinger_v1",
    "controller_type": "directional_trading",
    "connector_name": "binance_perpetual",
    "trading_pair": "BTC-USDT",
    "interval": "3m",
    "bb_length": 20,
    "total_amount_quote": 1000,
}


def asked(**more: Any) -> dict[str, Any]:
    return {"config": BOLLINGER, "start_time": START, "end_time": END, **more}


async def begun(api: httpx.AsyncClient, **more: Any) -> str:
    answer = await api.post(RUNS, json=asked(**more))
    assert answer.status_code == 202, answer.text
    return str(answer.json()["run_id"])


async def done(api: httpx.AsyncClient, **more: Any) -> dict[str, Any]:
    """Waited for in one request."""
    answer = await api.post(RUNS, params={"wait": True}, json=asked(**more))
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def look(api: httpx.AsyncClient, run_id: str) -> dict[str, Any]:
    found: dict[str, Any] = (await api.get(f"{RUNS}/{run_id}")).json()
    return found


async def ended(api: httpx.AsyncClient, run_id: str) -> dict[str, Any]:
    """Once it is over, however."""
    found: dict[str, Any] = {}

    async def is_over() -> bool:
        found.update(await look(api, run_id))
        return found["status"] not in ("pending", "running")

    await eventually(is_over, within_s=60)
    return found
