"""Books that live from diffs: whole at every moment, exact to the last digit."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest

from aviary_exchange.catalogue import find
from aviary_exchange.ccxt_adapter.client import create_client
from aviary_exchange.ccxt_adapter.diff_book import DiffBook
from aviary_exchange.ccxt_adapter.symbols import Listing
from aviary_exchange.settings import ExchangeSettings
from aviary_exchange.types import Level

from .offline import market

SPOT = Listing("BTC-USDT", "BTC/USDT", "BTCUSDT", "BTC", "USDT", "USDT", Decimal(1))
CONTRACTS = Listing("BTC-USDT", "BTC/USDT:USDT", "BTCUSDT", "BTC", "USDT", "USDT", Decimal("0.01"))
EXACT = "0.12345678901234567891"


def snapshot(update_id: int, bids: Sequence[str], asks: Sequence[str]) -> dict[str, Any]:
    one = Decimal(1)
    return {
        "nonce": update_id,
        "bids": [[Decimal(price), one] for price in bids],
        "asks": [[Decimal(price), one] for price in asks],
    }


def diff(first: int, last: int, *, bids: Any = (), asks: Any = (), before: int | None = None) -> dict[str, Any]:
    return {"U": first, "u": last, "E": 1, "b": bids, "a": asks} | ({} if before is None else {"pu": before})


def prices(levels: Sequence[Level]) -> list[str]:
    return [str(level.price) for level in levels]


def test_diffs_change_add_and_remove_levels_in_order() -> None:
    book = DiffBook(SPOT, snapshot(10, ["9", "8", "7"], ["11", "12"]), 1000)
    changes = [["8.50", "2"], ["9.0", "3"], ["7", "0"], ["1", "0"]]
    assert book.follow(diff(8, 12, bids=changes, asks=[["10.5", "1"], ["12.00", "0"]]))
    top = book.top(10)
    assert prices(top.bids) == ["9.0", "8.50", "8"]
    assert [level.amount for level in top.bids] == [3, 2, 1]
    assert prices(top.asks) == ["10.5", "11"]
    assert top.update_id == 12
    assert prices(book.top(1).bids) == ["9.0"]


def test_what_is_in_the_snapshot_already_is_not_applied_again() -> None:
    book = DiffBook(SPOT, snapshot(10, ["9"], ["11"]), 1000)
    assert book.follow(diff(5, 10, bids=[["9", "0"]]))
    assert prices(book.top(5).bids) == ["9"]
    assert book.update_id == 10


@pytest.mark.parametrize(
    ("event", "follows"),
    [
        (diff(11, 12), True),
        (diff(9, 12), True),
        (diff(12, 13), False),
        (diff(40, 45, before=10), True),
        (diff(40, 45, before=11), False),
        (diff(10, 45, before=3), True),
    ],
)
def test_a_gap_is_seen_and_nothing_of_what_follows_it_is_applied(event: dict[str, Any], follows: bool) -> None:
    book = DiffBook(SPOT, snapshot(10, ["9"], ["11"]), 1000)
    event["b"] = [["10", "1"]]
    assert book.follow(event) is follows
    assert prices(book.top(5).bids) == (["10", "9"] if follows else ["9"])


def test_beyond_the_edge_of_a_cut_snapshot_nothing_is_known() -> None:
    """Only the levels below 7 that change would be seen, and the others be missing between them."""
    book = DiffBook(SPOT, snapshot(10, ["9", "8", "7"], ["11"]), 3)
    assert book.knows(3)
    assert book.follow(diff(11, 11, bids=[["6", "1"], ["9", "0"]], asks=[["13", "1"]]))
    assert prices(book.top(10).bids) == ["8", "7"]
    assert prices(book.top(10).asks) == ["11", "13"]
    assert not book.knows(3)
    assert book.knows(2)


def test_amounts_are_in_base_units_and_keep_every_digit() -> None:
    book = DiffBook(CONTRACTS, snapshot(1, ["9"], ["11"]), 1000)
    assert book.follow(diff(2, 2, bids=[[EXACT, "300"]], asks=[["11", EXACT]]))
    top = book.top(2)
    assert [level.amount for level in top.bids] == [Decimal("0.01"), Decimal("3.00")]
    assert top.bids[1].price == Decimal(EXACT)
    assert top.asks[0].amount == Decimal("0.0012345678901234567891")


SIDES = ("binance", "okx", "okx_perpetual", "bybit", "gate_io", "mexc", "kraken", "bitget", "htx", "bing_x")


@pytest.mark.parametrize("name", SIDES)
@pytest.mark.parametrize("make", ["order_book", "counted_order_book", "indexed_order_book"])
async def test_a_diff_finds_the_level_of_the_snapshot_whatever_its_number_is(name: str, make: str) -> None:
    exchange = create_client(find(name), ExchangeSettings(), {})
    book = getattr(exchange, make)({}, 100)
    book.reset({"bids": [[Decimal("0.1"), Decimal(5), "id"]], "asks": [[Decimal("0.3"), Decimal(5), "id"]]})
    for number in ("0.1", 0.1, exchange.safe_float(["0.10000000"], 0)):
        book["bids"].storeArray([number, 7.5, "id"])
        assert [row[:2] for row in book["bids"]] == [[Decimal("0.1"), Decimal("7.5")]]
        assert type(book["bids"][0][1]) is Decimal
    book["asks"].storeArray([0.3, 0, "id"])
    assert book["asks"] == []
    await exchange.close()


@pytest.mark.parametrize("name", ["binance", "okx", "bybit", "gate_io"])
async def test_a_venues_own_reading_of_a_diff_keeps_every_digit(name: str) -> None:
    """Many of ccxt's make floats of them."""
    exchange = create_client(find(name), ExchangeSettings(), {})
    book = exchange.order_book({})
    if hasattr(exchange, "handle_delta") and name != "gate_io":
        exchange.handle_delta(book["bids"], [EXACT, EXACT])
    else:
        exchange.handle_bid_asks(book["bids"], [{"p": EXACT, "s": EXACT}])
    assert [row[:2] for row in book["bids"]] == [[Decimal(EXACT), Decimal(EXACT)]]
    await exchange.close()


async def test_a_message_that_cannot_be_read_ends_the_connection() -> None:
    exchange = create_client(find("okx"), ExchangeSettings(), {})
    exchange.set_markets([market(swap=False)])
    ended: list[Exception] = []

    class Connection:
        url = "wss://venue"
        on_error = staticmethod(ended.append)

    arg = {"channel": "books", "instId": "BTC-USDT"}
    exchange.handle_message(Connection(), {"arg": arg, "action": "snapshot", "data": [{"bids": [1], "asks": []}]})
    assert [type(error).__name__ for error in ended] == ["BadResponse"]
    await exchange.close()
