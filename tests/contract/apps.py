"""All services' apps, made but not started: what they route and document needs no server."""

import importlib
import os
from collections.abc import Mapping
from unittest.mock import patch

from fastapi import FastAPI

from aviary_local.nkey import new_account_key
from aviary_local.topology import SANDBOX, SERVICES, Service

VARIABLES: Mapping[str, str] = {
    "AVIARY_USERNAME": "trader",
    "AVIARY_PASSWORD": "long enough, 1 and 2",
    "AVIARY_CONFIG_PASSWORD": "another one, 3 and 4",
    "AVIARY_DATABASE_URL": "postgresql+psycopg://nobody@127.0.0.1:1/nothing",
    "AVIARY_VALKEY_URL": "redis://127.0.0.1:1",
    "AVIARY_NATS_SERVERS": "nats://127.0.0.1:1",
    "AVIARY_NATS_USER": "nobody",
    "AVIARY_NATS_PASSWORD": "nothing",
    "AVIARY_NATS_AUTH_PASSWORD": "nothing",
    "AVIARY_NATS_OPS_PASSWORD": "nothing",
    "AVIARY_NATS_CALLOUT_SEED": new_account_key().seed,
    "AVIARY_NATS_MQTT": "127.0.0.1:1",
    "AVIARY_CANDLES_DIR": "/nowhere",
    "AVIARY_BOTS_DIR": "/nowhere",
    "AVIARY_GATEWAY_DIR": "/nowhere",
    "AVIARY_GATEWAY_PASSPHRASE": "a third one, 5 and 6",
    "AVIARY_MARKET_DATA_URL": "http://127.0.0.1:1",
    "AVIARY_BACKTEST_CACHE_DIR": "/nowhere",
}


def make(service: Service) -> FastAPI:
    with patch.dict(os.environ, {**VARIABLES, "AVIARY_SERVICE": service.name}):
        app: FastAPI = importlib.import_module(f"{service.package}.app").create()
    return app


def make_all() -> dict[str, FastAPI]:
    """By the service's name."""
    return {service.name: make(service) for service in SERVICES if service is not SANDBOX}
