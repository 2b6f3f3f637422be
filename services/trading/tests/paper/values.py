"""Plain values for the tests of the rules."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from aviary_exchange.catalogue import FeeRates
from aviary_exchange.types import Level, OrderBook, OrderType, PublicTrade, TimeInForce, TradeType
from aviary_trading.paper.matching import Look, Terms
from aviary_trading.paper.money import locked_for
from aviary_trading.paper.records import ZERO, PaperOrder, PaperState

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PAIR = "BTC-USDT"
BUY, SELL = TradeType.BUY, TradeType.SELL
STEP = Decimal("0.001")
TERMS = Terms(FeeRates(maker=Decimal("0.001"), taker=Decimal("0.002")), STEP)
Pairs = list[tuple[str, str]]


def levels(*pairs: tuple[str, str]) -> list[Level]:
    return [Level(Decimal(price), Decimal(amount)) for price, amount in pairs]


def trade(price: str, amount: str, taker: TradeType = SELL, *, at: float = 0, trade_id: str = "") -> PublicTrade:
    """``at`` is in seconds."""
    when = NOW + timedelta(seconds=at)
    return PublicTrade(trade_id or f"{at}", Decimal(price), Decimal(amount), taker, when)


def look(bids: Pairs, asks: Pairs, trades: list[PublicTrade] | None = None, depth: int = 100) -> Look:
    book = OrderBook(PAIR, levels(*bids), levels(*asks), NOW)
    return Look(book, depth, trades, 0.0)


def order(
    amount: str,
    price: str | None,
    side: TradeType = BUY,
    *,
    number: int = 1,
    kind: OrderType | None = None,
    time_in_force: TimeInForce | None = None,
    state: PaperState = PaperState.NEW,
    ahead: str | None = None,
    budget: str | None = None,
) -> PaperOrder:
    """``budget`` is what a market buy has locked."""
    wanted, limit = Decimal(amount), None if price is None else Decimal(price)
    reserved = wanted if side is SELL else Decimal(budget or 0) if limit is None else locked_for(wanted, limit)
    return PaperOrder(
        id=number,
        client_order_id=f"c{number}",
        trading_pair=PAIR,
        trade_type=side,
        order_type=kind or (OrderType.MARKET if limit is None else OrderType.LIMIT),
        time_in_force=time_in_force,
        amount=wanted,
        price=limit,
        state=state,
        reserved=reserved,
        filled_amount=ZERO,
        filled_quote=ZERO,
        fills=0,
        queue_ahead=None if ahead is None else Decimal(ahead),
        reason=None,
        created_at=NOW,
        updated_at=NOW,
    )


def resting(amount: str, price: str, side: TradeType = BUY, *, ahead: str | None = "0", number: int = 1) -> PaperOrder:
    return order(amount, price, side, number=number, state=PaperState.RESTING, ahead=ahead)
