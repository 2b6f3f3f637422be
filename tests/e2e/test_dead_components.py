"""A dead component is 503 and named, in our form, from the first request on; what does not need it goes on."""

import httpx
import pytest

from aviary_local.topology import SANDBOX, SERVICES, Service
from aviary_testing.waiting import eventually
from tests.e2e.refusals import refused
from tests.e2e.trader import CONNECTOR, PAIR, Json, Trader
from tests.stack import Stack

pytestmark = pytest.mark.e2e

BEHIND_THE_EDGE = [each for each in SERVICES if each.prefixes and each.name != "portal"]
PRICES: Json = {"connector_name": CONNECTOR, "trading_pairs": [PAIR]}


@pytest.mark.parametrize("service", BEHIND_THE_EDGE, ids=lambda service: service.name)
async def test_a_dead_service_is_503_at_each_of_its_prefixes(
    stack: Stack, client: httpx.AsyncClient, service: Service
) -> None:
    name, prefixes = service.name, [each for each in service.prefixes if not each.startswith("/ws")]
    with stack.held_down(name):
        answers = [await client.request(method, each) for each in prefixes for method in ("GET", "POST")]
    assert {refused(answer, 503, name) for answer in answers} == {"unavailable"}


async def test_without_the_database_everything_that_needs_it_is_503(stack: Stack, trader: Trader) -> None:
    client = trader.client
    with stack.held_down("postgres"):
        answers = [
            await client.get("/accounts"),
            await client.post("/accounts/add-account", json={"account_name": "late"}),
            await client.post("/portfolio/state", json={}),
            await client.post("/trading/orders/search", json={}),
            await trader.place(),
            await trader.place(account_name="nobody"),
            await trader.add_credential(),
        ]
        assert (await client.post("/market-data/prices", json=PRICES)).status_code == 200
    assert {refused(answer, 503, "database") for answer in answers} == {"unavailable"}
    assert (await trader.place()).status_code == 201


async def test_without_nats_what_crosses_services_is_503_and_soon(stack: Stack, trader: Trader) -> None:
    client = trader.client
    with stack.held_down("nats"):
        state = await client.post("/portfolio/state", json={"account_names": [trader.account]})
        other = await trader.place(account_name="nobody")
        assert (await client.get("/accounts")).status_code == 200
    for answer in (state, other):
        assert refused(answer, 503, "nats") == "unavailable"
        assert answer.elapsed.total_seconds() < 4


async def test_without_the_cache_orders_go_on_and_balances_are_503(stack: Stack, trader: Trader) -> None:
    with stack.held_down("valkey"):
        assert (await trader.place()).status_code == 201
        assert (await trader.client.get("/accounts")).status_code == 200
        state = await trader.client.post("/portfolio/state", json={"account_names": [trader.account]})
    assert refused(state, 503, "valkey") == "unavailable"
    assert (await trader.holdings())["BTC"]["units"] == 1


async def test_a_dead_venue_is_503_and_an_order_for_it_has_failed(stack: Stack, trader: Trader) -> None:
    assert (await trader.place()).status_code == 201
    with stack.held_down(SANDBOX.name):

        async def prices_are_too_old() -> bool:
            return (await trader.client.post("/market-data/prices", json=PRICES)).status_code != 200

        await eventually(prices_are_too_old)
        answers = [
            await trader.place(client_order_id="nobody-there"),
            await trader.client.post("/market-data/prices", json=PRICES),
            await trader.add_credential(),
        ]
    assert {refused(answer, 503, CONNECTOR) for answer in answers} == {"venue_unavailable"}
    assert await trader.status("nobody-there") == "FAILED"
