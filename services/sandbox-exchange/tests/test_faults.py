"""Faults do what they say: checked with a raw socket where no HTTP client would tell the truth."""

import asyncio
import time

import pytest

from .rig import Client, Server

ORDER = "/api/v3/order"
LIMIT = {
    "symbol": "BTCUSDT",
    "side": "BUY",
    "type": "LIMIT",
    "timeInForce": "GTC",
    "quantity": "0.001",
    "price": "30000",
}


async def raw_order(server: Server, venue: Client, client_id: str) -> bytes:
    """Everything the server sends until it closes."""
    body = venue.query({**LIMIT, "newClientOrderId": client_id})
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    head = f"POST {ORDER} HTTP/1.1\r\nHost: x\r\nX-MBX-APIKEY: {venue.key}\r\nContent-Length: {len(body)}\r\n\r\n"
    writer.write((head + body).encode())
    try:
        return await asyncio.wait_for(reader.read(), 5)
    except ConnectionResetError:
        return b""
    finally:
        writer.close()


async def open_ids(venue: Client) -> list[str]:
    return [order["clientOrderId"] for order in await venue.ok("GET", "/api/v3/openOrders", symbol="BTCUSDT")]


@pytest.mark.parametrize(("kind", "placed"), [("drop_before", []), ("drop_after", ["x"])])
async def test_a_dropped_request_gets_not_one_byte(server: Server, venue: Client, kind: str, placed: list[str]) -> None:
    await venue.control("faults", kind=kind, path=ORDER, method="POST", api_key=venue.key)
    assert await raw_order(server, venue, "x") == b""
    assert await open_ids(venue) == placed


@pytest.mark.parametrize(("kind", "placed"), [("status_before", []), ("status_after", ["x"])])
async def test_a_503_says_that_the_outcome_is_unknown(venue: Client, kind: str, placed: list[str]) -> None:
    await venue.control("faults", kind=kind, path=ORDER, method="POST", api_key=venue.key, status=503)
    answer = await venue.call("POST", ORDER, **LIMIT, newClientOrderId="x")
    assert (answer.status_code, answer.json()["code"]) == (503, -1007)
    assert await open_ids(venue) == placed


async def test_a_truncated_answer_is_no_json_but_the_order_exists(venue: Client) -> None:
    await venue.control("faults", kind="truncate_after", path=ORDER, api_key=venue.key)
    answer = await venue.call("POST", ORDER, **LIMIT, newClientOrderId="x")
    assert answer.status_code == 200
    with pytest.raises(ValueError, match=r".*"):
        answer.json()
    assert await open_ids(venue) == ["x"]


async def test_a_fault_strikes_as_often_as_said_and_only_whom_it_names(venue: Client) -> None:
    other = type(venue)(venue.http)
    fault = await venue.control(
        "faults", kind="status_before", path="/api/v3/a*", api_key=venue.key, count=2, status=500
    )
    assert (await other.call("GET", "/api/v3/account")).status_code == 200
    assert (await venue.call("GET", "/api/v3/openOrders")).status_code == 200
    statuses = [(await venue.call("GET", "/api/v3/account")).status_code for _ in range(3)]
    assert statuses == [500, 500, 200]
    (listed,) = [entry for entry in (await venue.http.get("/sandbox/faults")).json() if entry["id"] == fault["id"]]
    assert (listed["hits"], listed["remaining"]) == (2, 0)


async def test_a_fault_without_count_lasts_until_it_is_deleted(venue: Client) -> None:
    fault = await venue.control("faults", kind="status_before", api_key=venue.key, count=None)
    assert [(await venue.call("GET", "/api/v3/account")).status_code for _ in range(3)] == [503] * 3
    await venue.http.delete(f"/sandbox/faults/{fault['id']}")
    assert (await venue.call("GET", "/api/v3/account")).status_code == 200


async def test_a_delay_delays(venue: Client) -> None:
    await venue.control("faults", kind="delay", api_key=venue.key, delay_ms=300)
    started = time.monotonic()
    assert (await venue.call("GET", "/api/v3/account")).status_code == 200
    assert time.monotonic() - started >= 0.3


@pytest.mark.parametrize(("kind", "status"), [("rate_limit", 429), ("ban", 418)])
async def test_a_made_up_refusal_carries_retry_after(venue: Client, kind: str, status: int) -> None:
    await venue.control("faults", kind=kind, api_key=venue.key, retry_after_s=7)
    answer = await venue.call("GET", "/api/v3/account")
    assert (answer.status_code, answer.headers["retry-after"], answer.json()["code"]) == (status, "7", -1003)


async def test_a_fault_that_is_misspelt_is_refused(venue: Client) -> None:
    answer = await venue.http.post("/sandbox/faults", json={"kind": "explode"})
    assert answer.status_code == 422
