"""Every line of "what bad input gets", through the edge."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.e2e.refusals import field_refused, refused
from tests.e2e.trader import CONNECTOR, PAIR, Json, Trader
from tests.stack import Stack

pytestmark = pytest.mark.e2e

PRICES: Json = {"connector_name": CONNECTOR, "trading_pairs": [PAIR]}


def from_address(stack: Stack, address: str, **headers: str) -> httpx.AsyncClient:
    """Somebody else on this machine, so that their wrong logins do not lock the other tests out."""
    transport = httpx.AsyncHTTPTransport(local_address=address)
    return httpx.AsyncClient(base_url=stack.url, transport=transport, headers=headers, timeout=10)


@pytest.fixture
async def intruder(stack: Stack) -> AsyncIterator[httpx.AsyncClient]:
    async with from_address(stack, "127.0.0.2") as client:
        yield client


@pytest.mark.parametrize("path", ["/accounts", "/docker/running", "/gateway/status", "/no/such/thing"])
async def test_no_login_is_401(stranger: httpx.AsyncClient, path: str) -> None:
    answer = await stranger.get(path)
    assert refused(answer, 401) == "unauthorized"
    assert answer.headers["www-authenticate"] == "Basic"


async def test_a_wrong_login_is_401_and_says_not_which_part_is_wrong(stack: Stack, intruder: httpx.AsyncClient) -> None:
    name, password = stack.login
    answers = [await intruder.get("/accounts", auth=login) for login in ((name, "guess"), ("root", password))]
    assert {refused(answer, 401) for answer in answers} == {"unauthorized"}
    assert answers[0].json() == answers[1].json()


async def test_too_many_wrong_logins_are_429_for_that_address_at_every_service(stack: Stack) -> None:
    paths = ["/accounts", "/trading/orders/search", "/connectors", "/docker/running", "/"]
    async with from_address(stack, "127.0.0.3") as guesser:
        statuses = [
            (await guesser.get(paths[number % 4], auth=("aviary", f"guess-{number}"))).status_code
            for number in range(12)
        ]
        assert statuses == [401] * 10 + [429] * 2
        locked_out = await guesser.get("/connectors", auth=stack.login)
        assert refused(locked_out, 429) == "too_many_requests"
        assert int(locked_out.headers["retry-after"]) > 0
    async with from_address(stack, "127.0.0.3", **{"X-Real-Ip": "10.1.2.3", "X-Forwarded-For": "10.1.2.3"}) as liar:
        refused(await liar.get("/accounts", auth=("aviary", "guess")), 429)
    async with from_address(stack, "127.0.0.4") as somebody_else:
        assert (await somebody_else.get("/accounts", auth=stack.login)).status_code == 200


async def test_an_unknown_account_is_404(trader: Trader) -> None:
    nobody = Trader(trader.client, trader.venue, "nobody", trader.key)
    answers = [
        await nobody.place(),
        await nobody.cancel("any"),
        await nobody.add_credential(),
        await nobody.client.get("/accounts/nobody/credentials"),
        await nobody.client.post("/accounts/delete-account", json={"account_name": "nobody"}),
    ]
    assert {refused(answer, 404, "nobody") for answer in answers} == {"unknown_account"}


async def test_an_unknown_connector_is_404(trader: Trader) -> None:
    keys = {"api_key": "k", "api_secret": "s"}
    answers = [
        await trader.place(connector_name="nowhere"),
        await trader.client.post(f"/accounts/add-credential/{trader.account}/nowhere", json=keys),
        await trader.client.post("/market-data/prices", json=PRICES | {"connector_name": "nowhere"}),
        *[await trader.client.get(f"/connectors/nowhere/{what}") for what in ("config-map", "trading-rules")],
    ]
    assert {refused(answer, 404, "nowhere") for answer in answers} == {"unknown_connector"}


async def test_an_unknown_pair_is_404_also_as_one_of_many(trader: Trader) -> None:
    book = {"connector_name": CONNECTOR, "trading_pair": "NONE-USDT"}
    answers = [
        await trader.place(trading_pair="NONE-USDT"),
        await trader.client.post("/market-data/prices", json=PRICES | {"trading_pairs": [PAIR, "NONE-USDT"]}),
        await trader.client.post("/market-data/order-book", json=book),
        await trader.client.post("/market-data/candles", json=book | {"interval": "1m"}),
        await trader.client.get(f"/connectors/{CONNECTOR}/trading-rules", params={"trading_pairs": "NONE-USDT"}),
    ]
    assert {refused(answer, 404, "NONE-USDT") for answer in answers} == {"unknown_pair"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("amount", "much"),
        ("amount", "-1"),
        ("amount", "NaN"),
        ("amount", None),
        ("trade_type", "HOLD"),
        ("order_type", "GUESS"),
        ("trading_pair", "BTCUSDT"),
        ("account_name", "../etc"),
        ("price", "cheap"),
    ],
)
async def test_a_wrong_field_is_422_naming_it(trader: Trader, field: str, value: str | None) -> None:
    field_refused(await trader.place(**{field: value}), "body", field)
    assert await trader.orders() == {}


async def test_a_limit_order_without_a_price_is_422_naming_it(trader: Trader) -> None:
    answer = await trader.place(price=None)
    assert answer.status_code == 422
    assert "price is required" in answer.text


async def test_what_is_no_json_is_422(client: httpx.AsyncClient) -> None:
    answer = await client.post("/trading/orders", content=b"{", headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["type"] == "json_invalid"


@pytest.mark.parametrize(
    ("order", "minimum"),
    [
        ({"amount": "0.000001"}, "0.00001 BTC"),
        ({"amount": "0.00002"}, "5 USDT"),
        ({"order_type": "MARKET", "price": None, "amount": "0.00001"}, "5 USDT"),
    ],
)
async def test_an_order_below_the_minimum_is_400_saying_the_minimum(trader: Trader, order: Json, minimum: str) -> None:
    assert refused(await trader.place(**order), 400, "minimum", minimum) == "order_refused"
    assert (await trader.books())["orders"] == []


async def test_refused_credentials_are_400_with_the_venues_words_and_nothing_is_stored(trader: Trader) -> None:
    other = Trader(trader.client, trader.venue, f"{trader.account}-other", trader.key)
    await trader.client.post("/accounts/add-account", json={"account_name": other.account})
    answer = await other.add_credential(api_secret="wrong")
    assert refused(answer, 400, "Signature for this request is not valid.") == "credentials_refused"
    assert (await other.client.get(f"/accounts/{other.account}/credentials")).json() == []
    refused(await other.place(), 404, CONNECTOR)


async def test_refused_credentials_leave_the_good_ones_in_use(trader: Trader) -> None:
    refused(await trader.add_credential(api_secret="wrong"), 400)
    assert (await trader.place()).status_code == 201


async def test_an_incomplete_credential_is_422_naming_the_field(trader: Trader) -> None:
    path = f"/accounts/add-credential/{trader.account}/{CONNECTOR}"
    refused(await trader.client.post(path, json={"api_key": "k"}), 422, "api_secret")


async def test_what_the_account_cannot_pay_is_400_in_the_venues_words(trader: Trader) -> None:
    assert refused(await trader.place(amount="100"), 400, "insufficient balance") == "order_rejected"
