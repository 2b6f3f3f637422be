"""The rules of a pair, in Binance's words: spot filters and their futures codes."""

from aviary_sandbox_exchange.engine.draft import Draft
from aviary_sandbox_exchange.engine.market import Market
from aviary_sandbox_exchange.errors import Reason, VenueError
from aviary_sandbox_exchange.units import SCALE, fixed, notional

MAX_OPEN_ORDERS = 200
MAX_SPOT_NOTIONAL = 9_000_000 * SCALE
"""For limit orders, in the quote asset, whichever it is."""
SPOT_MULTIPLIER_UP = 5
SPOT_MULTIPLIER_DOWN_DIVISOR = 5
FUTURES_BAND_PERCENT = 5


def check_spot(draft: Draft, market: Market, open_orders: int, now_ms: int) -> None:
    pair = draft.pair
    if draft.kind != "MARKET":
        if not pair.tick <= draft.price <= pair.max_price or draft.price % pair.tick:
            raise VenueError(Reason.FILTER, filter="PRICE_FILTER")
        _check_spot_band(draft, market, now_ms)
    if not draft.quote_quantity:
        if not pair.step <= draft.quantity <= pair.max_quantity or draft.quantity % pair.step:
            raise VenueError(Reason.FILTER, filter="LOT_SIZE")
        if draft.kind == "MARKET" and draft.quantity > pair.max_market_quantity:
            raise VenueError(Reason.FILTER, filter="MARKET_LOT_SIZE")
    worth = _worth(draft, market, now_ms)
    if worth < pair.min_notional or (draft.kind != "MARKET" and worth > MAX_SPOT_NOTIONAL):
        raise VenueError(Reason.FILTER, filter="NOTIONAL")
    if draft.kind != "MARKET" and open_orders >= MAX_OPEN_ORDERS:
        raise VenueError(Reason.FILTER, filter="MAX_NUM_ORDERS")


def check_futures(draft: Draft, market: Market, open_orders: int, mark: int) -> None:
    pair = draft.pair
    if draft.quantity <= 0:
        raise VenueError(Reason.FUTURES_QUANTITY_LOW)
    if draft.quantity % pair.step or draft.price % 10 ** (8 - pair.price_decimals):
        raise VenueError(Reason.FUTURES_PRECISION)
    if draft.quantity > (pair.max_market_quantity if draft.kind == "MARKET" else pair.max_quantity):
        raise VenueError(Reason.FUTURES_QUANTITY_HIGH)
    if draft.kind != "MARKET":
        _check_futures_price(draft, mark)
    price = draft.price or market.tape.last_price
    if not draft.reduces and notional(price, draft.quantity) < pair.min_notional:
        raise VenueError(Reason.FUTURES_NOTIONAL, minimum=fixed(pair.min_notional, 0))
    if draft.kind != "MARKET" and open_orders >= MAX_OPEN_ORDERS:
        raise VenueError(Reason.FUTURES_MAX_ORDERS)


def _check_spot_band(draft: Draft, market: Market, now_ms: int) -> None:
    average = market.candles.average_price(now_ms)
    if not average // SPOT_MULTIPLIER_DOWN_DIVISOR <= draft.price <= average * SPOT_MULTIPLIER_UP:
        raise VenueError(Reason.FILTER, filter="PERCENT_PRICE_BY_SIDE")


def _check_futures_price(draft: Draft, mark: int) -> None:
    pair = draft.pair
    if draft.price <= 0:
        raise VenueError(Reason.FUTURES_PRICE_LOW)
    if draft.price > pair.max_price:
        raise VenueError(Reason.FUTURES_PRICE_HIGH)
    if draft.price % pair.tick:
        raise VenueError(Reason.FUTURES_TICK)
    highest = mark * (100 + FUTURES_BAND_PERCENT) // 100
    lowest = mark * (100 - FUTURES_BAND_PERCENT) // 100
    if draft.side == "BUY" and draft.price > highest:
        raise VenueError(Reason.FUTURES_PRICE_ABOVE, limit=fixed(highest, pair.price_decimals))
    if draft.side == "SELL" and draft.price < lowest:
        raise VenueError(Reason.FUTURES_PRICE_BELOW, limit=fixed(lowest, pair.price_decimals))


def _worth(draft: Draft, market: Market, now_ms: int) -> int:
    if draft.quote_quantity:
        return draft.quote_quantity
    price = draft.price if draft.kind != "MARKET" else market.candles.average_price(now_ms)
    return notional(price, draft.quantity)
