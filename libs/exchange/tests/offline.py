"""Venues without a network: a market table that is simply there."""

from typing import Any

import pytest

from aviary_exchange.catalogue import find
from aviary_exchange.ccxt_adapter.client import create_client
from aviary_exchange.ccxt_adapter.markets import Markets
from aviary_exchange.ccxt_adapter.private import CcxtPrivateExchange
from aviary_exchange.credentials import resolve
from aviary_exchange.settings import ExchangeSettings

SECRET = "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2U="


def market(*, swap: bool) -> dict[str, Any]:
    return {
        "id": "BTCUSDT", "symbol": "BTC/USDT:USDT" if swap else "BTC/USDT", "active": True,
        "base": "BTC", "baseId": "BTC", "quote": "USDT", "quoteId": "USDT",
        "settle": "USDT" if swap else None, "settleId": "USDT" if swap else None,
        "type": "swap" if swap else "spot", "spot": not swap, "swap": swap, "contract": swap,
        "future": False, "option": False, "margin": False, "linear": swap or None, "inverse": False if swap else None,
        "contractSize": "0.01" if swap else None, "taker": "0.001", "maker": "0.001",
        "precision": {"amount": "0.1" if swap else "0.00001", "price": "0.1"},
        "limits": {"amount": {"min": "0.00001", "max": None}, "price": {}, "cost": {"min": "1"}, "leverage": {}},
        "info": {"orderTypes": ["LIMIT", "MARKET", "LIMIT_MAKER"]},
    }  # fmt: skip


def open_offline(name: str, settings: ExchangeSettings, monkeypatch: pytest.MonkeyPatch) -> CcxtPrivateExchange:
    """An account that has BTC-USDT and the venue's clock already, so its first request is the one under test."""
    connector = find(name)
    source = create_client(connector, settings, {})
    source.set_markets([market(swap=connector.is_perpetual)])
    table = Markets(connector, settings)._index(source, source.markets)

    async def known_table(_: Markets) -> object:
        return table

    monkeypatch.setattr(Markets, "table", known_table)
    given = {field.name: SECRET for field in connector.fields if field.required}
    exchange = CcxtPrivateExchange(connector, resolve(connector, given), settings)
    exchange._session._clock_is_off = False
    return exchange
