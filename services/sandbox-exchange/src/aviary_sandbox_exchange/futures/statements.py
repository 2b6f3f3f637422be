"""What an account can look up about its past: income, and the orders by which it was liquidated."""

from aviary_sandbox_exchange.engine.orders import Order
from aviary_sandbox_exchange.errors import Reason, VenueError
from aviary_sandbox_exchange.futures.incomes import Income, IncomeKind
from aviary_sandbox_exchange.futures.views import order_view
from aviary_sandbox_exchange.http.endpoints import Call, Endpoint, Routes, Security
from aviary_sandbox_exchange.http.params import Params
from aviary_sandbox_exchange.units import fixed

Json = dict[str, object]
WEEK_MS = 7 * 86_400_000


def income(call: Call) -> list[Json]:
    """Oldest first; of the last seven days, unless a time is given."""
    params, now_ms = call.params, call.venue.clock.now_ms()
    kind = params.find("incomeType")
    if kind is not None and kind not in IncomeKind.__members__:
        raise VenueError(Reason.BAD_PARAMETER, name="incomeType")
    start_ms, end_ms = params.find_integer("startTime"), params.find_integer("endTime")
    found = call.venue.incomes.find(
        call.account,
        symbol=call.market().pair.symbol if "symbol" in params else None,
        kind=kind,
        start_ms=start_ms,
        end_ms=now_ms if end_ms is None else end_ms,
        limit=params.limit(100, 1_000),
        page=max(params.find_integer("page") or 1, 1),
    )
    earliest_ms = now_ms - WEEK_MS if start_ms is None and end_ms is None else 0
    return [_income_view(entry) for entry in found if entry.time_ms >= earliest_ms]


def force_orders(call: Call) -> list[Json]:
    """Newest first."""
    params = call.params
    symbol = call.market().pair.symbol if "symbol" in params else None
    start_ms, end_ms = params.find_integer("startTime"), params.find_integer("endTime")
    if params.find("autoCloseType") == "ADL":
        return []

    def asked_for(order: Order) -> bool:
        return (
            order.kind == "LIQUIDATION"
            and symbol in (None, order.pair.symbol)
            and (start_ms is None or order.created_ms >= start_ms)
            and (end_ms is None or order.created_ms <= end_ms)
        )

    forced = [order for order in call.desk.store.all_orders(call.account) if asked_for(order)]
    return [order_view(order) for order in forced[::-1]][: params.limit(50, 100)]


def _income_view(entry: Income) -> Json:
    return {
        "symbol": entry.symbol,
        "incomeType": entry.kind.value,
        "income": fixed(entry.amount),
        "asset": "USDT",
        "info": entry.info,
        "time": entry.time_ms,
        "tranId": entry.id,
        "tradeId": "" if entry.trade_id is None else str(entry.trade_id),
    }


def _force_weight(params: Params) -> int:
    return 20 if "symbol" in params else 50


ROUTES: Routes = {
    ("GET", "/fapi/v1/income"): Endpoint(income, "futures", 30, Security.SIGNED),
    ("GET", "/fapi/v1/forceOrders"): Endpoint(force_orders, "futures", _force_weight, Security.SIGNED),
}
