"""Every spot route."""

from aviary_sandbox_exchange.market_data import SPOT_ROUTES
from aviary_sandbox_exchange.spot import account, rules, trading

ROUTES = {**SPOT_ROUTES, **rules.ROUTES, **trading.ROUTES, **account.ROUTES}
