"""Every futures route."""

from aviary_sandbox_exchange.futures import (
    account,
    configuration,
    market_data,
    positions,
    rules,
    statements,
    trading,
)
from aviary_sandbox_exchange.market_data import FUTURES_ROUTES

ROUTES = {
    **FUTURES_ROUTES,
    **rules.ROUTES,
    **market_data.ROUTES,
    **trading.ROUTES,
    **account.ROUTES,
    **positions.ROUTES,
    **configuration.ROUTES,
    **statements.ROUTES,
}
