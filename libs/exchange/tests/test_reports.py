from decimal import Decimal

import pytest

from aviary_exchange.catalogue import find
from aviary_exchange.ccxt_adapter import reports
from aviary_exchange.ccxt_adapter.binance_events import user_events
from aviary_exchange.ccxt_adapter.client_ids import ClientIds
from aviary_exchange.ccxt_adapter.orders import order_arguments
from aviary_exchange.ccxt_adapter.rules import is_tradable, trading_rule
from aviary_exchange.ccxt_adapter.symbols import Listing, Pairs, listing
from aviary_exchange.errors import UnknownPair
from aviary_exchange.types import (
    Fill,
    NewOrder,
    OrderReport,
    OrderType,
    PositionAction,
    PositionsChanged,
    PositionSide,
    TradeType,
    VenueOrderState,
)

OKX_SWAP = {
    "id": "BTC-USDT-SWAP",
    "symbol": "BTC/USDT:USDT",
    "base": "BTC",
    "quote": "USDT",
    "settle": "USDT",
    "swap": True,
    "contract": True,
    "linear": True,
    "active": True,
    "contractSize": "0.01",
    "precision": {"amount": "0.1", "price": "0.1"},
    "limits": {"amount": {"min": "0.1", "max": None}, "cost": {"min": None}},
}
SPOT = Listing("BTC-USDT", "BTC/USDT", "BTCUSDT", "BTC", "USDT", "USDT", Decimal(1))
IDS = ClientIds("binance")


def test_contracts_are_base_units_outside() -> None:
    swap = listing(OKX_SWAP, "okx")
    rule = trading_rule(OKX_SWAP, swap, find("okx_perpetual"), 4)
    assert (rule.trading_pair, rule.amount_step, rule.min_amount) == ("BTC-USDT", Decimal("0.001"), Decimal("0.001"))
    assert rule.max_amount is None
    assert rule.collateral == "USDT"
    order = NewOrder(
        "aviary1", "BTC-USDT", TradeType.SELL, OrderType.LIMIT, Decimal("0.123"), Decimal(50000), PositionAction.CLOSE
    )
    arguments = order_arguments(order, swap, ClientIds("okx"), ccxt_id="okx", is_perpetual=True)
    assert Decimal(arguments.amount) == Decimal("12.3")
    assert arguments.params == {"clientOrderId": "aviary1", "reduceOnly": True}
    raw = {"id": "9", "status": "open", "filled": "12.3", "cost": "6150", "clientOrderId": "aviary1"}
    assert reports.order_report(raw, swap, ClientIds("okx")).filled_amount == Decimal("0.123")


def test_a_market_order_goes_out_without_a_price_and_post_only_with_its_flag() -> None:
    order = NewOrder("a", "BTC-USDT", TradeType.BUY, OrderType.MARKET, Decimal("0.5"), Decimal(1))
    assert order_arguments(order, SPOT, IDS, ccxt_id="binance", is_perpetual=False).price is None
    maker = NewOrder("a", "BTC-USDT", TradeType.BUY, OrderType.LIMIT_MAKER, Decimal("1e-7"), Decimal("1E+3"))
    arguments = order_arguments(maker, SPOT, IDS, ccxt_id="binance", is_perpetual=False)
    assert (arguments.amount, arguments.price) == ("0.0000001", "1000")
    assert arguments.params["postOnly"] is True


def test_only_active_markets_of_the_kind_are_offered() -> None:
    assert is_tradable(OKX_SWAP, find("okx_perpetual"))
    assert not is_tradable(OKX_SWAP, find("okx"))
    assert not is_tradable({**OKX_SWAP, "active": False}, find("okx_perpetual"))
    assert not is_tradable({**OKX_SWAP, "linear": False}, find("okx_perpetual"))


@pytest.mark.parametrize(
    ("ccxt_id", "quote", "pair"),
    [("hyperliquid", "USDC", "BTC-USD"), ("okx", "USDC", "BTC-USDC"), ("kucoinfutures", "USDT", "XBT-USDT")],
)
def test_perpetuals_carry_hummingbots_names(ccxt_id: str, quote: str, pair: str) -> None:
    assert listing({**OKX_SWAP, "quote": quote, "settle": quote}, ccxt_id).trading_pair == pair


def test_an_unknown_pair_is_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownPair, match=r"sandbox does not list BTC-USDX\. Did you mean BTC-USDT\?"):
        Pairs("sandbox", [SPOT]).listing("BTC-USDX")


@pytest.mark.parametrize(
    ("status", "filled", "state"),
    [
        ("open", "0", VenueOrderState.OPEN),
        ("open", "0.1", VenueOrderState.PARTIALLY_FILLED),
        ("closed", "1", VenueOrderState.FILLED),
        ("canceled", "0.1", VenueOrderState.CANCELLED),
        ("expired", "0", VenueOrderState.CANCELLED),
        ("rejected", "0", VenueOrderState.REJECTED),
    ],
)
def test_states(status: str, filled: str, state: VenueOrderState) -> None:
    assert reports.order_report({"id": "1", "status": status, "filled": filled}, SPOT, IDS).state is state


def test_an_order_without_a_status_is_unreadable() -> None:
    with pytest.raises(ValueError, match="without id or status"):
        reports.order_report({"id": "1", "status": None}, SPOT, IDS)


def execution(**changed: object) -> dict[str, object]:
    return {
        "e": "executionReport", "E": 1700000000001, "T": 1700000000000, "s": "BTCUSDT", "c": "aviary-1", "C": "",
        "S": "BUY", "x": "TRADE", "X": "PARTIALLY_FILLED", "r": "NONE", "i": 77, "l": "0.10000000", "z": "0.30000000",
        "L": "50000.01000000", "n": "0.00010000", "N": "BTC", "t": 9, "m": True, "Z": "15000.00300000",
    } | changed  # fmt: skip


def test_an_execution_tells_the_fill_first_and_exactly() -> None:
    fill, report = user_events(execution(), Pairs("sandbox", [SPOT]), IDS)
    assert isinstance(fill, Fill)
    assert (fill.trade_id, fill.amount, fill.price, fill.fee, fill.fee_currency, fill.is_maker) == (
        "9", Decimal("0.1"), Decimal("50000.01"), Decimal("0.0001"), "BTC", True,
    )  # fmt: skip
    assert isinstance(report, OrderReport)
    assert report.filled_quote == Decimal("15000.003")


def test_a_cancellation_names_the_order_not_the_request() -> None:
    cancelled = execution(x="CANCELED", X="CANCELED", c="cancel-request", C="aviary-1")
    (report,) = user_events(cancelled, Pairs("sandbox", [SPOT]), IDS)
    assert isinstance(report, OrderReport)
    assert (report.client_order_id, report.state) == ("aviary-1", VenueOrderState.CANCELLED)


def test_events_of_other_pairs_and_kinds_are_passed_over() -> None:
    assert user_events(execution(s="DOGEUSDT"), Pairs("sandbox", [SPOT]), IDS) == []
    assert user_events({"e": "balanceUpdate"}, Pairs("sandbox", [SPOT]), IDS) == []


def test_a_position_is_long_or_short_and_its_amount_positive() -> None:
    pairs = Pairs("okx_perpetual", [listing(OKX_SWAP, "okx")])
    raw = {"symbol": "BTC/USDT:USDT", "contracts": "12", "entryPrice": "50000"}
    for side, hedged in (("short", True), ("short", False), ("long", None)):
        position = reports.position({**raw, "side": side, "hedged": hedged}, pairs)
        assert position is not None
        assert (position.side, position.amount) == (PositionSide(side.upper()), Decimal("0.12"))
    assert reports.position({**raw, "contracts": "0", "side": "long"}, pairs) is None


def test_an_account_update_names_the_pairs_whose_positions_moved() -> None:
    pairs = Pairs("sandbox", [SPOT])
    update = {"e": "ACCOUNT_UPDATE", "a": {"m": "ORDER", "P": [{"s": "BTCUSDT"}, {"s": "BTCUSDT"}, {"s": "XUSDT"}]}}
    assert user_events(update, pairs, IDS) == [PositionsChanged(["BTC-USDT"])]
    assert user_events({"e": "ACCOUNT_UPDATE", "a": {"m": "FUNDING_FEE", "B": []}}, pairs, IDS) == []


def test_a_liquidations_executions_are_fills_and_its_announcement_is_none() -> None:
    pairs = Pairs("sandbox", [SPOT])
    assert [type(event) for event in user_events(execution(x="CALCULATED"), pairs, IDS)] == [Fill, OrderReport]
    announced = execution(x="CALCULATED", X="NEW", l="0")
    assert [type(event) for event in user_events(announced, pairs, IDS)] == [OrderReport]
