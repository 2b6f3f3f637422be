"""Legs, times in force and settings at venues that cannot be reached: what would go out, at the last step before it."""

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from aviary_exchange.ccxt_adapter.legs import position_params
from aviary_exchange.errors import Refused, Unsupported
from aviary_exchange.types import (
    NewOrder,
    OrderType,
    PositionAction,
    PositionMode,
    Rejected,
    TimeInForce,
    TradeType,
    Unknown,
)

from .test_other_venues import OUR_ID, Wiretapped

OPEN, CLOSE = PositionAction.OPEN, PositionAction.CLOSE
BUY, SELL = TradeType.BUY, TradeType.SELL
LEGS = [(BUY, OPEN), (SELL, CLOSE), (SELL, OPEN), (BUY, CLOSE)]
"""Long opened and closed, short opened and closed: the order of every list below."""

SENT: dict[str, list[dict[str, Any]]] = {
    "binance_perpetual": [
        {"side": "BUY", "positionSide": "LONG"},
        {"side": "SELL", "positionSide": "LONG"},
        {"side": "SELL", "positionSide": "SHORT"},
        {"side": "BUY", "positionSide": "SHORT"},
    ],
    "bitget_perpetual": [
        {"side": "buy", "posSide": "long"},
        {"side": "sell", "posSide": "long"},
        {"side": "sell", "posSide": "short"},
        {"side": "buy", "posSide": "short"},
    ],
    "bitget_perpetual classic": [
        {"side": "buy", "tradeSide": "Open"},
        {"side": "buy", "tradeSide": "Close"},
        {"side": "sell", "tradeSide": "Open"},
        {"side": "sell", "tradeSide": "Close"},
    ],
    "bybit_perpetual": [
        {"side": "Buy", "positionIdx": 1},
        {"side": "Sell", "positionIdx": 1},
        {"side": "Sell", "positionIdx": 2},
        {"side": "Buy", "positionIdx": 2},
    ],
    "gate_io_perpetual": [
        {"size": 12},
        {"size": -12, "reduce_only": True},
        {"size": -12},
        {"size": 12, "reduce_only": True},
    ],
    "okx_perpetual": [
        {"side": "buy", "posSide": "long"},
        {"side": "sell", "posSide": "long"},
        {"side": "sell", "posSide": "short"},
        {"side": "buy", "posSide": "short"},
    ],
}
NO_REDUCE_ONLY = ("reduceOnly", "reduce_only")


def wiretapped(name: str, monkeypatch: pytest.MonkeyPatch) -> Wiretapped:
    """Bitget has two kinds of account; ccxt asks which, and takes the empty answer for the unified one."""
    name, _, kind = name.partition(" ")
    venue = Wiretapped(name, monkeypatch)
    if kind == "classic":
        venue.exchange._exchange.options["uta"] = False
    return venue


def order(side: TradeType, action: PositionAction, mode: PositionMode | None = None) -> NewOrder:
    plain = NewOrder(OUR_ID, "BTC-USDT", side, OrderType.LIMIT, Decimal("0.12"), Decimal(50000), action)
    return replace(plain, position_mode=mode)


@pytest.mark.parametrize("name", SENT)
async def test_each_leg_goes_out_in_the_venues_words(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    venue = wiretapped(name, monkeypatch)
    for side, action in LEGS:
        outcome = await venue.exchange.place(order(side, action, PositionMode.HEDGE))
        assert isinstance(outcome, Unknown), outcome  # the empty answer tells nothing
    for sent, wanted in zip(venue.bodies, SENT[name], strict=True):
        assert {key: sent.get(key) for key in wanted} == wanted
        assert all(key in wanted or sent.get(key) in (None, "false", False) for key in NO_REDUCE_ONLY)
    await venue.exchange.close()


@pytest.mark.parametrize("name", SENT)
async def test_one_way_closing_is_reduce_only_and_names_no_leg(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    venue = wiretapped(name, monkeypatch)
    for mode in (None, PositionMode.ONEWAY):
        await venue.exchange.place(order(SELL, CLOSE, mode))
        sent = venue.bodies[-1]
        flag = next(sent[key] for key in ("reduceOnly", "reduce_only") if key in sent)
        assert str(flag).lower() in ("true", "yes")
        assert not {"positionSide", "posSide", "positionIdx", "tradeSide"} & sent.keys()
    await venue.exchange.close()


@pytest.mark.parametrize(
    ("ccxt_id", "params"),
    [
        ("mexc", [{"hedged": True}, {"hedged": True, "reduceOnly": True}] * 2),
        ("bingx", [{"hedged": True}, {"hedged": True, "reduceOnly": True}] * 2),
        ("kucoinfutures", [{"hedged": True}, {"hedged": True, "reduceOnly": True}] * 2),
        ("htx", [{"position_side": side} for side in ("long", "long", "short", "short")]),
    ],
)
def test_legs_of_venues_without_a_perpetual_connector(ccxt_id: str, params: list[dict[str, object]]) -> None:
    assert [position_params(order(*leg, PositionMode.HEDGE), ccxt_id) for leg in LEGS] == params


@pytest.mark.parametrize(("name", "pair"), [("backpack_perpetual", "BTC-USDT"), ("kucoin_perpetual", "XBT-USDT")])
async def test_a_mode_that_a_connector_does_not_have_is_never_sent(
    name: str, pair: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    venue = Wiretapped(name, monkeypatch)
    outcome = await venue.exchange.place(replace(order(BUY, OPEN, PositionMode.HEDGE), trading_pair=pair))
    assert outcome == Rejected(f"{name} has no position mode HEDGE; it has ONEWAY.")
    with pytest.raises(Unsupported, match=r"no position mode HEDGE; it has ONEWAY\."):
        await venue.exchange.set_position_mode(PositionMode.HEDGE)
    assert venue.requests == []
    await venue.exchange.close()


TIMES = {
    "binance_perpetual": ("timeInForce", "IOC"),
    "bitget_perpetual": ("timeInForce", "ioc"),
    "bitget_perpetual classic": ("force", "IOC"),
    "bybit_perpetual": ("timeInForce", "IOC"),
    "gate_io_perpetual": ("tif", "ioc"),
    "okx_perpetual": ("ordType", "ioc"),
}


@pytest.mark.parametrize("name", TIMES)
async def test_a_time_in_force_goes_out_in_the_venues_words(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    venue = wiretapped(name, monkeypatch)
    await venue.exchange.place(replace(order(BUY, OPEN), time_in_force=TimeInForce.IOC))
    key, value = TIMES[name]
    assert venue.bodies[0][key] == value
    await venue.exchange.close()


async def test_a_time_in_force_that_nobody_vouches_for_is_never_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    venue = Wiretapped("backpack_perpetual", monkeypatch)
    outcome = await venue.exchange.place(replace(order(BUY, OPEN), time_in_force=TimeInForce.FOK))
    assert outcome == Rejected("BTC-USDT takes no FOK orders; it takes GTC.")
    assert venue.requests == []
    await venue.exchange.close()


SETTINGS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "binance_perpetual": ({"leverage": "7"}, {"dualSidePosition": "true"}),
    "bitget_perpetual": ({"leverage": "7"}, {"holdMode": "hedge_mode"}),
    "bitget_perpetual classic": ({"leverage": "7"}, {"posMode": "hedge_mode", "productType": "USDT-FUTURES"}),
    "bybit_perpetual": ({"buyLeverage": "7", "sellLeverage": "7"}, {"mode": 3, "coin": "USDT", "category": "linear"}),
    "okx_perpetual": ({"lever": 7, "mgnMode": "cross"}, {"posMode": "long_short_mode"}),
}


@pytest.mark.parametrize("name", SETTINGS)
async def test_settings_go_out_in_the_venues_words(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    venue = wiretapped(name, monkeypatch)
    await venue.exchange.set_leverage("BTC-USDT", 7)
    await venue.exchange.set_position_mode(PositionMode.HEDGE)
    for sent, wanted in zip(venue.bodies, SETTINGS[name], strict=True):
        assert wanted.items() <= sent.items()
    await venue.exchange.close()


@pytest.mark.parametrize("hedged", [False, True])
async def test_gates_leverage_has_an_address_for_each_mode(hedged: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    venue = Wiretapped("gate_io_perpetual", monkeypatch)
    venue.answers["/futures/usdt/accounts"] = {"in_dual_mode": hedged}
    assert await venue.exchange.position_mode() is (PositionMode.HEDGE if hedged else PositionMode.ONEWAY)
    await venue.exchange.set_leverage("BTC-USDT", 7)
    await venue.exchange.set_position_mode(PositionMode.HEDGE)
    leverage, mode = venue.requests
    assert ("/dual_comp/positions/BTCUSDT/leverage" in leverage) is hedged
    assert "cross_leverage_limit=7" in leverage
    assert "leverage=0" in leverage
    assert "dual_mode=true" in mode.lower()
    await venue.exchange.close()


@pytest.mark.parametrize(
    ("name", "answer", "is_success"),
    [
        ("bybit_perpetual", {"retCode": 110025, "retMsg": "Position mode is not modified"}, True),
        ("bybit_perpetual", {"retCode": 110024, "retMsg": "You have an existing position"}, False),
        ("binance_perpetual", {"code": -4059, "msg": "No need to change position side."}, True),
        ("binance_perpetual", {"code": -4068, "msg": "Position side cannot be changed."}, False),
    ],
)
async def test_already_so_is_success_and_anything_else_is_not(
    name: str, answer: dict[str, object], is_success: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    venue = Wiretapped(name, monkeypatch)
    exchange = venue.exchange._exchange
    body = json.dumps(answer)

    async def refuse(url: str, method: str, headers: Any, _body: Any) -> Any:
        status = 400 if name.startswith("binance") else 200
        exchange.on_rest_response(status, "", url, method, {}, body, headers, _body)
        exchange.handle_errors(status, "", url, method, {}, body, answer, headers, _body)

    monkeypatch.setattr(type(exchange).__mro__[2], "fetch", lambda _self, *call: refuse(*call))
    setting = venue.exchange.set_position_mode(PositionMode.HEDGE)
    if is_success:
        await setting
    else:
        with pytest.raises(Refused, match=str(answer.get("msg") or answer.get("retMsg"))):
            await setting
    await venue.exchange.close()
