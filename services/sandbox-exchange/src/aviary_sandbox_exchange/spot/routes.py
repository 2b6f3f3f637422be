"""Every spot route."""

from aviary_sandbox_exchange.spot import account, market_data, trading

ROUTES = {**market_data.ROUTES, **trading.ROUTES, **account.ROUTES}
