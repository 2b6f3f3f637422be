"""Futures: a trade moves the position; only profit and commission touch the wallet."""

from aviary_sandbox_exchange.engine.market import Market
from aviary_sandbox_exchange.engine.orders import Order
from aviary_sandbox_exchange.engine.settlement import Cost
from aviary_sandbox_exchange.errors import Reason, VenueError
from aviary_sandbox_exchange.futures.brackets import max_notional
from aviary_sandbox_exchange.futures.incomes import IncomeKind, Incomes
from aviary_sandbox_exchange.futures.margin import Margins
from aviary_sandbox_exchange.futures.wallets import Wallets
from aviary_sandbox_exchange.history.tape import Trade
from aviary_sandbox_exchange.ledger import FEES
from aviary_sandbox_exchange.units import notional

MAKER_DIVISOR = 5_000
"""0.02 %."""
TAKER_DIVISOR = 2_000
"""0.05 %."""


class FuturesSettlement:
    """The house pays no commission; ``margins`` is set once the desk exists, whose open orders it counts."""

    margins: Margins

    def __init__(self, wallets: Wallets, incomes: Incomes) -> None:
        self._wallets = wallets
        self._incomes = incomes

    def require(self, order: Order, market: Market) -> None:
        if order.reduces:
            if self.allowed(order, order.quantity) <= 0:
                raise VenueError(Reason.REDUCE_ONLY_REJECTED)
            return
        before = self.margins.of(order.account)
        price = order.price or (market.best_ask if order.side == "BUY" else market.best_bid) or market.tape.last_price
        after = self.margins.of(order.account, [(order, price)])
        needed = after.order_initial - before.order_initial
        if needed > 0 and needed > before.available:
            raise VenueError(Reason.MARGIN_INSUFFICIENT)
        for leg in after.of_symbol(order.pair.symbol):
            if leg.side == order.position_side and leg.exposure > max(max_notional(leg.leverage), abs(leg.worth)):
                raise VenueError(Reason.POSITION_TOO_LARGE)

    def reserve(self, order: Order) -> None:
        """Margin is computed from the open orders themselves."""

    def allowed(self, order: Order, quantity: int) -> int:
        if not order.reduces:
            return quantity
        held = self._wallets.of(order.account).position(order.pair.symbol, order.position_side).quantity
        closable = -held if order.side == "BUY" else held
        return max(min(quantity, closable), 0)

    def settle(self, order: Order, trade: Trade, *, is_maker: bool) -> Cost:
        account, symbol = order.account, order.pair.symbol
        signed = trade.quantity if order.side == "BUY" else -trade.quantity
        realised = self._wallets.trade(account, (symbol, order.position_side), signed, trade.price, trade.time_ms)
        if order.house:
            return Cost(0, order.pair.quote, realised)
        commission = notional(trade.price, trade.quantity) // (MAKER_DIVISOR if is_maker else TAKER_DIVISOR)
        self._wallets.change(account, -commission)
        self._wallets.change(FEES, commission)
        self._incomes.note(account, symbol, IncomeKind.COMMISSION, -commission, trade.time_ms, trade.id)
        self._incomes.note(account, symbol, IncomeKind.REALIZED_PNL, realised, trade.time_ms, trade.id)
        return Cost(commission, order.pair.quote, realised)

    def release(self, order: Order) -> None:
        """Nothing was locked."""

    def balances_of(self, order: Order) -> tuple[str, ...]:
        return (order.pair.quote,)
