"""Every futures route."""

from aviary_sandbox_exchange.futures import account, market_data, rules, trading
from aviary_sandbox_exchange.market_data import FUTURES_ROUTES

ROUTES = {**FUTURES_ROUTES, **rules.ROUTES, **market_data.ROUTES, **trading.ROUTES, **account.ROUTES}
