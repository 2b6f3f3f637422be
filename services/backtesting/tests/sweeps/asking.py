"""How tests ask for sweeps."""

from io import BytesIO
from typing import Any

import httpx
import polars as pl

from aviary_testing.waiting import eventually

from ..asking import BOLLINGER, END, START

SWEEPS = "/backtesting/sweeps"
SPACE: dict[str, Any] = {
    "bb_length": [10, 20],
    "take_profit": {"low": 0.002, "high": 0.006, "step": 0.002},
    "cooldown_time": [60, 600],
}


def asked(**more: Any) -> dict[str, Any]:
    return {"config": BOLLINGER, "start_time": START, "end_time": END, "space": SPACE, **more}


async def begun(api: httpx.AsyncClient, **more: Any) -> str:
    answer = await api.post(SWEEPS, json=asked(**more))
    assert answer.status_code == 202, answer.text
    return str(answer.json()["sweep_id"])


async def look(api: httpx.AsyncClient, sweep_id: str) -> dict[str, Any]:
    found: dict[str, Any] = (await api.get(f"{SWEEPS}/{sweep_id}")).json()
    return found


async def ended(api: httpx.AsyncClient, sweep_id: str, within_s: float = 60.0) -> dict[str, Any]:
    """Once it is over, however."""
    found: dict[str, Any] = {}

    async def is_over() -> bool:
        found.update(await look(api, sweep_id))
        return found["status"] not in ("pending", "running")

    await eventually(is_over, within_s=within_s)
    return found


async def table(api: httpx.AsyncClient, sweep_id: str, **how: Any) -> pl.DataFrame:
    answer = await api.get(f"{SWEEPS}/{sweep_id}/table", params={"format": "parquet", **how})
    assert answer.status_code == 200, answer.text
    return pl.read_parquet(BytesIO(answer.content))
