"""Replicas that share a Valkey ask a venue once; without it each asks for itself."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from decimal import Decimal

import httpx
import pytest
from pydantic import SecretStr

from aviary_common.cache import Cache, open_cache
from aviary_exchange.errors import VenueUnavailable
from aviary_market_data import board as boards
from aviary_market_data.board import Board
from aviary_market_data.prices.service import Prices
from aviary_market_data.venues import Venues
from aviary_testing.waiting import eventually

from .test_prices import SPOT_PRICES, Clock, ask
from .venue import Venue

KEY = "market-data:prices:sandbox"
TURN = f"{KEY}:turn"
Replicas = tuple[httpx.AsyncClient, httpx.AsyncClient]


async def test_two_replicas_at_once_ask_the_venue_once(replicas: Replicas, venue: Venue) -> None:
    counter = await venue.count(SPOT_PRICES, delay_ms=100)
    answers = await asyncio.gather(*(ask(replica, ["BTC-USDT"]) for replica in replicas * 20))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["prices"]["BTC-USDT"] for answer in answers}) == 1
    assert await venue.counted(counter) == 1


async def test_a_replica_takes_what_another_one_has_read(replicas: Replicas, venue: Venue, empty_board: Cache) -> None:
    counter = await venue.count(SPOT_PRICES)
    pairs = ["BTC-USDT", "ETH-USDT"]
    one = (await ask(replicas[0], pairs)).json()["prices"]
    await eventually(lambda: empty_board.get(KEY))
    other = (await ask(replicas[1], pairs)).json()["prices"]
    assert one == other == {pair: float(await venue.price(pair.replace("-", ""))) for pair in one}
    assert await venue.counted(counter) == 1 + len(one)  # the last line asked by itself


async def test_pairs_of_several_replicas_are_refreshed_together(
    replicas: Replicas, venue: Venue, empty_board: Cache
) -> None:
    async def both_are_told() -> bool:
        return {"BTC-USDT", "ETH-USDT"} <= json.loads(await empty_board.get(KEY) or "{}").keys()

    one, other = replicas
    counter = await venue.count(SPOT_PRICES)
    await ask(one, ["BTC-USDT"])
    await eventually(lambda: empty_board.get(KEY))
    await ask(other, ["ETH-USDT"])
    await eventually(both_are_told)
    assert (await ask(one, ["ETH-USDT"])).status_code == 200
    assert await venue.counted(counter) == 2


async def test_a_pair_that_has_never_traded_is_known_to_the_others_as_that(
    venues: Venues, empty_board: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    exchange = venues.get("sandbox")
    calls = 0

    async def none(_pairs: object = None) -> dict[str, object]:
        nonlocal calls
        calls += 1
        return {}

    monkeypatch.setattr(exchange, "tickers", none)
    for board in (Board(empty_board), Board(empty_board)):
        prices = Prices(venues, 60.0, board=board)
        assert await prices._known(exchange, ["BTC-USDT"]) == {}
        await board.close()
    assert calls == 1


async def test_a_price_too_old_for_one_replica_is_not_taken_from_another(
    venues: Venues, venue: Venue, empty_board: Cache
) -> None:
    document = {"SOL-USDT": ["1.5", time.time() - 1.5, time.time()]}
    await empty_board.set(KEY, json.dumps(document))
    board = Board(empty_board)
    found = await Prices(venues, 1.0, board=board).last("sandbox", ["SOL-USDT"])
    await board.close()
    assert found == {"SOL-USDT": Decimal(await venue.price("SOLUSDT"))}
    taken = await Prices(venues, 60.0, board=Board(empty_board)).last("sandbox", ["SOL-USDT"])
    assert taken == found


async def test_a_clock_that_is_ahead_makes_nothing_fresh(venues: Venues, venue: Venue, empty_board: Cache) -> None:
    ahead = time.time() + 3600
    await empty_board.set(KEY, json.dumps({"SOL-USDT": ["1.5", ahead, ahead]}))
    found = await Prices(venues, 60.0, board=Board(empty_board)).last("sandbox", ["SOL-USDT"])
    assert found == {"SOL-USDT": Decimal(await venue.price("SOLUSDT"))}


async def test_a_replica_that_dies_while_it_has_the_turn_delays_the_others_only_briefly(
    venues: Venues, venue: Venue, empty_board: Cache
) -> None:
    await venues.get("sandbox").rules()
    await empty_board.set(TURN, "taken", px=60_000)
    started = time.monotonic()
    board = Board(empty_board)
    assert await Prices(venues, 1.0, board=board).last("sandbox", ["BTC-USDT"])
    assert boards.WAIT_S <= time.monotonic() - started < 20
    await board.close()
    assert await empty_board.get(KEY)
    assert await empty_board.get(TURN) == "taken"


async def test_who_gives_up_the_turn_lets_the_next_one_ask_at_once(
    venues: Venues, empty_board: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(boards, "WAIT_S", 3600.0)
    await empty_board.set(TURN, "taken", px=3_600_000)
    asked = asyncio.create_task(Prices(venues, 1.0, board=Board(empty_board)).last("sandbox", ["BTC-USDT"]))
    await venues.get("sandbox").rules()
    assert not asked.done()
    await empty_board.delete(TURN)
    await eventually(asked.done)
    assert (await asked).keys() == {"BTC-USDT"}


async def test_a_failing_venue_leaves_no_turn_behind(venues: Venues, venue: Venue, empty_board: Cache) -> None:
    await venues.get("sandbox").rules()
    await venue.count(SPOT_PRICES, kind="status_before", status=503)
    board = Board(empty_board)
    with pytest.raises(VenueUnavailable):
        await Prices(venues, 1.0, board=board).last("sandbox", ["BTC-USDT"])
    await board.close()
    assert await empty_board.get(TURN) is None


@pytest.fixture
async def silent_port() -> AsyncIterator[int]:
    """A server that takes connections and never says a word."""
    over = asyncio.Event()

    async def say_nothing(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await over.wait()
        writer.close()

    server = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    over.set()
    server.close()


async def test_without_valkey_a_replica_asks_for_itself(venues: Venues) -> None:
    cache = open_cache(SecretStr("redis://127.0.0.1:1"))
    prices = Prices(venues, 1.0, board=Board(cache))
    assert (await prices.last("sandbox", ["BTC-USDT"])).keys() == {"BTC-USDT"}
    await cache.aclose()


async def test_a_silent_valkey_is_waited_for_once_and_then_left_alone(venues: Venues, silent_port: int) -> None:
    cache = open_cache(SecretStr(f"redis://127.0.0.1:{silent_port}"))
    clock = Clock()
    board = Board(cache, clock)
    commands = 0

    async def answer() -> tuple[str, str]:
        return "asked", "document"

    original = cache.execute_command

    async def counted(*args: object, **options: object) -> object:
        nonlocal commands
        commands += 1
        return await original(*args, **options)

    cache.execute_command = counted  # type: ignore[method-assign]
    for _ in range(5):
        assert await board.newest("key", lambda _: None, answer) == "asked"
    assert commands == 1
    clock.now += boards.LEFT_ALONE_FOR_S
    assert await board.newest("key", lambda _: None, answer) == "asked"
    assert commands == 2
    await cache.aclose()


async def test_a_venue_that_is_away_is_named_with_the_age_of_what_was_known(venues: Venues, venue: Venue) -> None:
    clock = Clock()
    prices = Prices(venues, 1.0, clock)
    await prices.last("sandbox", ["BTC-USDT"])
    clock.now += 12
    await venue.count(SPOT_PRICES, kind="status_before", status=503)
    with pytest.raises(VenueUnavailable, match=r"^sandbox is not reachable; its last price of BTC-USDT is 12 s old\."):
        await prices.last("sandbox", ["BTC-USDT"])
    with pytest.raises(VenueUnavailable, match=r"^sandbox is not reachable; no price of ETH-USDT is known\."):
        await prices.last("sandbox", ["BTC-USDT", "ETH-USDT"])


async def test_what_another_replica_knew_last_is_told_as_well(venues: Venues, venue: Venue, empty_board: Cache) -> None:
    await empty_board.set(KEY, json.dumps({"BTC-USDT": ["1.5", time.time() - 3600, time.time() - 3600]}))
    await venues.get("sandbox").rules()
    await venue.count(SPOT_PRICES, kind="status_before", status=503)
    with pytest.raises(VenueUnavailable, match=r"last price of BTC-USDT is 36\d\d s old"):
        await Prices(venues, 1.0, board=Board(empty_board)).last("sandbox", ["BTC-USDT"])


async def test_an_outage_reaches_people_as_503(cold_api: httpx.AsyncClient, venue: Venue) -> None:
    await venue.count(SPOT_PRICES, kind="status_before", status=503)
    answer = await ask(cold_api, ["BTC-USDT"])
    assert (answer.status_code, answer.json()["code"]) == (503, "venue_unavailable")
    assert "sandbox is not reachable" in answer.json()["detail"]


@pytest.mark.parametrize(("wrong", "right"), [("BTC-USDTT", "BTC-USDT"), ("DOGEE-USDT", "DOGE-USDT")])
async def test_the_nearest_pair_is_named(api: httpx.AsyncClient, wrong: str, right: str) -> None:
    answer = await ask(api, [wrong])
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_pair")
    assert answer.json()["detail"] == f"sandbox does not list {wrong}. Did you mean {right}?"
