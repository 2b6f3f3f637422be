"""From what a controller asks for to what comes of it."""

from collections.abc import Mapping

from aviary_strategies.actions import ArbitrageSpec, DcaSpec, GridSpec, OrderSpec, PositionSpec, Spec, XemmSpec
from aviary_strategies.backtest.dca import simulate_dca
from aviary_strategies.backtest.grid import simulate_grid
from aviary_strategies.backtest.model import MarketRules, Mode
from aviary_strategies.backtest.orders import simulate_order
from aviary_strategies.backtest.position import simulate_position
from aviary_strategies.backtest.simulation import Simulation
from aviary_strategies.backtest.two_markets import simulate_arbitrage, simulate_xemm
from aviary_strategies.backtest.venue import Venue
from aviary_strategies.errors import CannotRun
from aviary_strategies.types import Market


def simulate(spec: Spec, venue: Venue, created: int, rules: Mapping[Market, MarketRules]) -> Simulation:
    """Raises ``CannotRun`` for what ``compat`` has no proven numbers of."""
    match spec:
        case PositionSpec():
            return simulate_position(spec, venue, created)
        case OrderSpec():
            return simulate_order(spec, venue, created)
        case _ if venue.mode is Mode.COMPAT:
            raise CannotRun("the reference engine's results with this executor are wrong or unproven: use honest")
        case DcaSpec():
            return simulate_dca(spec, venue, created)
        case GridSpec():
            return simulate_grid(spec, venue, created, rules.get(spec.market, MarketRules()))
        case ArbitrageSpec():
            return simulate_arbitrage(spec, venue, created)
        case XemmSpec():
            return simulate_xemm(spec, venue, created)
