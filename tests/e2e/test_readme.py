"""The README's script for retrying, run as it stands there while the venue misbehaves."""

import asyncio
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.e2e.trader import CONNECTOR, FAR_BELOW, PAIR, Json, Trader
from tests.stack import Stack

pytestmark = pytest.mark.e2e

README = Path(__file__).parents[2] / "README.md"


@pytest.fixture(scope="module")
def place() -> Callable[[httpx.Client, Json], Json]:
    script = re.search(r"```python\n(.*?)```", README.read_text(), re.DOTALL)
    assert script is not None
    names: dict[str, Any] = {}
    exec(script[1], names)  # noqa: S102 - our own README
    found: Callable[[httpx.Client, Json], Json] = names["place"]
    return found


@pytest.mark.parametrize("kind", ["drop_after", "truncate_after", "status_after"])
async def test_the_script_places_one_order_however_the_answer_is_lost(
    stack: Stack, trader: Trader, place: Callable[[httpx.Client, Json], Json], kind: str
) -> None:
    fault = {"kind": kind, "path": "/api/v3/order", "method": "POST", "api_key": trader.key, "status": 503}
    (await trader.venue.post("/sandbox/faults", json=fault)).raise_for_status()
    order = {
        "account_name": trader.account,
        "connector_name": CONNECTOR,
        "trading_pair": PAIR,
        "trade_type": "BUY",
        "order_type": "LIMIT",
        "amount": "0.001",
        "price": FAR_BELOW,
    }
    with httpx.Client(base_url=stack.url, auth=stack.login, timeout=30) as client:
        placed = await asyncio.to_thread(place, client, order)
    (at_venue,) = (await trader.books())["orders"]
    assert placed["client_order_id"] == at_venue["clientOrderId"]
