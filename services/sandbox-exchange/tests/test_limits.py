import httpx

from .rig import Client, Launch


async def test_weight_is_counted_refused_with_429_and_banned_with_418(venue: Client) -> None:
    try:
        await venue.control("limits", side="spot", weight=10, ban_after=2, ban_s=30)
        headers = [(await venue.http.get("/api/v3/avgPrice?symbol=BTCUSDT")).headers for _ in range(2)]
        used = [int(each["x-mbx-used-weight-1m"]) for each in headers]
        assert used[1] - used[0] in (2, 2 - used[0])
        answers = [await venue.http.get("/api/v3/trades?symbol=BTCUSDT") for _ in range(4)]
        assert [answer.status_code for answer in answers] == [429, 429, 418, 418]
        assert all(answer.json()["code"] == -1003 for answer in answers)
        assert 0 < int(answers[0].headers["retry-after"]) <= 60
        assert 28 <= int(answers[3].headers["retry-after"]) <= 30
        assert "IP banned until" in answers[3].json()["msg"]
        assert (await venue.http.get("/fapi/v1/ping")).status_code == 200
    finally:
        await venue.control("limits", side="spot", weight=10**9, ban_after=20)
    assert (await venue.http.get("/api/v3/ping")).status_code == 200


async def test_orders_are_counted_per_account(venue: Client) -> None:
    order = {"symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "quantity": "0.001"}
    try:
        await venue.control("limits", side="spot", orders={"1D": 3})
        answers = [await venue.call("POST", "/api/v3/order", **order, price="30000") for _ in range(4)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        assert answers[2].headers["x-mbx-order-count-1d"] == "3"
        assert answers[3].json() == {"code": -1015, "msg": "Too many new orders; current limit is 3 orders per 1 DAY."}
        other = type(venue)(venue.http)
        assert (await other.call("POST", "/api/v3/order", **order, price="30000")).status_code == 200
        rates = await venue.ok("GET", "/api/v3/rateLimit/order")
        assert {rate["interval"]: rate["count"] for rate in rates}["DAY"] == 3
    finally:
        await venue.control("limits", side="spot", orders={"1D": 10**9})


def test_the_limits_are_binances_at_first(launch: Launch) -> None:
    base = launch(flow="false").base
    limits = httpx.get(f"{base}/sandbox/limits").json()
    assert limits["spot"]["weight"] == 6000
    assert limits["spot"]["orders"] == {"10S": 100, "1D": 200000}
    assert limits["futures"]["weight"] == 2400
    assert limits["futures"]["orders"]["10S"] == 300
