"""`make release-data NAME=...`: the data that this release leaves behind, for the next one to be tested with.

A small session on a real stack, through the edge; then its database as plain SQL, the config password that opens its
credentials, and the schemas of its messages.
"""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Awaitable
from pathlib import Path

import httpx

from aviary_local import postgres_binaries, secrets
from aviary_local.topology import DATABASE, POSTGRES, SUPERUSER
from tests.e2e.trader import Trader, new_trader
from tests.stack import Stack, running_stack
from tests.upgrade.messages import schemas

ORDERS = {"filled": "FILLED", "open": "OPEN", "cancelled": "CANCELLED", "position": "FILLED"}
RELEASES = Path(__file__).with_name("releases")


async def session(stack: Stack) -> str:
    """The account that traded."""
    async with (
        httpx.AsyncClient(base_url=stack.url, auth=stack.login, timeout=60) as client,
        httpx.AsyncClient(base_url=stack.sandbox_url, timeout=10) as venue,
    ):
        trader = await new_trader(client, venue)
        assert (await trader.place(client_order_id="filled", order_type="MARKET", price=None)).status_code == 201
        assert (await trader.place(client_order_id="open")).status_code == 201
        assert (await trader.place(client_order_id="cancelled")).status_code == 201
        assert (await trader.cancel("cancelled")).is_success
        await perpetual_session(client, trader)
        limits = {"max_order_notional": 1000, "max_daily_loss": 200}
        await told(client.put(f"/trading/risk-limits/{trader.account}", json=limits))
        await told(client.post("/portfolio/state", json={"account_names": [trader.account]}))
        other_services(stack)
        async with asyncio.timeout(30):
            while {name: order["status"] for name, order in (await trader.orders()).items()} != ORDERS:
                await asyncio.sleep(0.1)
        return trader.account


async def perpetual_session(client: httpx.AsyncClient, trader: Trader) -> None:
    keys = {"api_key": trader.key, "api_secret": trader.secret}
    await told(client.post(f"/accounts/add-credential/{trader.account}/sandbox_perpetual", json=keys))
    leverage = {"trading_pair": "BTC-USDT", "leverage": 5}
    await told(client.post(f"/trading/{trader.account}/sandbox_perpetual/leverage", json=leverage))
    placed = await trader.place(
        client_order_id="position", connector_name="sandbox_perpetual", order_type="MARKET", price=None, amount="0.01",
        position_action="OPEN",
    )  # fmt: skip
    assert placed.status_code == 201, placed.text


def other_services(stack: Stack) -> None:
    """A backtest downloads its candles. A release without the command is left alone."""
    if "backtest" not in stack.run("--help").stdout:
        stack.run("candles", "download", "sandbox", "BTC-USDT", "--from", "2026-11-20")
        return
    config = stack.home / "bands.yml"
    config.write_text(
        "controller_name: bollinger_v1\nconnector_name: sandbox_perpetual\ntrading_pair: BTC-USDT\n"
        "interval: 3m\ntotal_amount_quote: 1000\n"
    )
    stack.run("backtest", str(config), "--start", "1h")


async def told(question: Awaitable[httpx.Response]) -> httpx.Response:
    answer = await question
    assert answer.is_success, f"{answer.request.url}: {answer.text}"
    return answer


def dumped(stack: Stack) -> str:
    made = secrets.load(stack.data / "secrets.env", {})
    program = postgres_binaries.find().program("pg_dump")
    server = ("--host=127.0.0.1", f"--port={stack.port_base + POSTGRES.ports['postgres']}", f"--username={SUPERUSER}")
    options = ("--no-comments", "--restrict-key=aviary", "--exclude-table-data=*.outbox", DATABASE)
    environment = {"PATH": os.defpath, "PGPASSWORD": made.postgres_password}
    done = subprocess.run([program, *server, *options], env=environment, capture_output=True, text=True, check=True)
    kept = (line for line in done.stdout.splitlines() if line and not line.startswith("--"))
    return "\n".join(kept) + "\n"


def main(name: str) -> None:
    folder = RELEASES / name
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="aviary-release-") as place, running_stack(Path(place)) as stack:
        account = asyncio.run(session(stack))
        (folder / "database.sql").write_text(dumped(stack))
        about = {"account": account, "config_password": stack.secrets["AVIARY_CONFIG_PASSWORD"]}
        (folder / "messages.json").write_text(json.dumps(schemas(), separators=(",", ":"), sort_keys=True) + "\n")
        (folder / "about.json").write_text(json.dumps(about, indent=1) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
