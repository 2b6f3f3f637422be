"""Makes ccxt instances: the one place where their defaults are decided."""

import ssl
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from aviary_common.rates.budget import RateBudget, SharedWindow, budget_of
from aviary_exchange.catalogue import Connector
from aviary_exchange.ccxt_adapter.addresses import move
from aviary_exchange.ccxt_adapter.hooks import hooked_class, without_referrals
from aviary_exchange.ccxt_adapter.intervals import usable
from aviary_exchange.ccxt_import import errors
from aviary_exchange.errors import RateLimited, UnknownConnector
from aviary_exchange.settings import ExchangeSettings

BINANCE_FAMILY: Mapping[str, float] = {"binance": 0.2, "binanceusdm": 1.0}
"""Classes that speak Binance's protocol, and what one unit of the venue's request weight costs in ccxt's units."""

WINDOW_S = 10.0
BINANCE_WINDOW_S = 60.0
PING_MS = 10_000
"""ccxt notices after three of them that nothing comes any more; its own are up to half an hour."""
STREAMS_PER_CONNECTION = 1000
"""Binance takes 1024. ccxt would open a connection for every book."""

_ccxt = errors()


def create_client(connector: Connector, settings: ExchangeSettings, credentials: Mapping[str, str]) -> Any:
    """A ccxt instance that has not touched the network yet."""
    exchange = hooked_class(_class_of(connector, credentials))(
        {
            "number": str,
            "timeout": round(settings.timeout_s * 1000),
            "enableRateLimit": True,
            "options": {
                **connector.ccxt_options,
                "adjustForTimeDifference": True,
                "recvWindow": round(settings.signed_for_s * 1000),
                "builderFee": False,
                "maxRetriesOnFailure": 0,
                "warnOnFetchOpenOrdersWithoutSymbol": False,
            },
        }
    )
    exchange.timeframes = usable(exchange.id, exchange.timeframes)
    _drop_referrals(exchange)
    _set_credentials(exchange, connector, credentials)
    _route(exchange, connector, settings)
    exchange.streaming = {**exchange.streaming, "keepAlive": min(exchange.streaming.get("keepAlive", PING_MS), PING_MS)}
    if exchange.id in BINANCE_FAMILY:
        exchange.options["streamLimits"] = {"spot": 1, "linear": 1}
        exchange.options["subscriptionLimitByStream"] = dict.fromkeys(("spot", "linear"), STREAMS_PER_CONNECTION)
    return exchange


def create_budget(
    exchange: Any, connector: Connector, settings: ExchangeSettings, window: SharedWindow | None = None
) -> RateBudget:
    """The budget of the instance's key, shared with every other instance that uses the same; with ``window`` also with
    other processes."""
    window_s = BINANCE_WINDOW_S if exchange.id in BINANCE_FAMILY else WINDOW_S
    return budget_of(
        connector.name,
        str(exchange.apiKey or exchange.walletAddress or ""),
        lambda: RateBudget(
            capacity=window_s * 1000 / float(exchange.rateLimit),
            window_s=window_s,
            patience_s=settings.timeout_s,
            refusal=RateLimited,
        ),
        window,
    )


def _class_of(connector: Connector, credentials: Mapping[str, str]) -> str:
    for field in connector.fields:
        if field.ccxt == "class" and field.name in credentials:
            return connector.ccxt_classes[credentials[field.name]]
    if connector.ccxt_id is None:
        raise UnknownConnector(f"{connector.name} cannot be used yet.")
    return connector.ccxt_id


def _drop_referrals(exchange: Any) -> None:
    """ccxt marks orders with its own broker ids unless these are empty."""
    exchange.headers = without_referrals(exchange.headers or {})
    for name in ("broker", "brokerId", "partner"):
        value = exchange.options.get(name)
        if isinstance(value, dict):
            exchange.options[name] = {key: {} if isinstance(entry, dict) else "" for key, entry in value.items()}
        elif value is not None:
            exchange.options[name] = None


def _set_credentials(exchange: Any, connector: Connector, credentials: Mapping[str, str]) -> None:
    for field in connector.fields:
        value = credentials.get(field.name)
        if value is None or field.ccxt is None or field.ccxt == "class":
            continue
        if field.ccxt.startswith("options."):
            exchange.options[field.ccxt.removeprefix("options.")] = value
        else:
            setattr(exchange, field.ccxt, value)
    if credentials and not exchange.check_required_credentials(False):
        raise UnknownConnector(f"{connector.name} cannot be traded on yet: its credentials do not fit ccxt's.")


def _route(exchange: Any, connector: Connector, settings: ExchangeSettings) -> None:
    base_url = settings.base_urls.get(connector.name)
    if base_url:
        move(exchange, base_url, binance_like=exchange.id in BINANCE_FAMILY)
    elif connector.testnet:
        _use_testnet(exchange, connector)
    if base_url is None or base_url.startswith("https"):
        exchange.httpsProxy = settings.https_proxy
        exchange.wssProxy = settings.wss_proxy
    exchange.ssl_context = _trusting(exchange.cafile, settings.ca_file)


@cache
def _trusting(usual: str, also: Path | None) -> ssl.SSLContext:
    """One for all accounts: reading the authorities takes 20 ms and more."""
    context = ssl.create_default_context(cafile=usual)
    if also is not None:
        context.load_verify_locations(cafile=also)
        # Since Python 3.13 strict is the default, and refuses the certificates of many a company's proxy.
        context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    return context


def _use_testnet(exchange: Any, connector: Connector) -> None:
    """Binance's futures testnet is gone; its demo environment takes the same keys' role."""
    try:
        if exchange.id == "binanceusdm":
            exchange.enable_demo_trading(True)
        else:
            exchange.set_sandbox_mode(True)
    except _ccxt.NotSupported:
        raise UnknownConnector(f"{connector.name} cannot be used yet: ccxt knows no test network for it.") from None
