"""What happens at each /sandbox route."""

from dataclasses import asdict
from decimal import Decimal

from aviary_sandbox_exchange.control.requests import (
    AddFault,
    DropSockets,
    FlowSwitch,
    FundNow,
    MakeGap,
    MakeTrade,
    MoveClock,
    SetFundingRate,
    SetLimits,
    SetMark,
    SetPrice,
    Transfer,
)
from aviary_sandbox_exchange.engine.market import Market
from aviary_sandbox_exchange.errors import Reason, VenueError
from aviary_sandbox_exchange.faults import Fault
from aviary_sandbox_exchange.futures.incomes import IncomeKind
from aviary_sandbox_exchange.pairs import ASSETS, Side
from aviary_sandbox_exchange.units import SCALE, fixed
from aviary_sandbox_exchange.venue import Venue
from aviary_sandbox_exchange.ws.hub import user_topic

Json = dict[str, object]


def set_price(venue: Venue, request: SetPrice) -> Json:
    """The maker quotes around the new price, resting orders beyond it fill; it becomes best bid and last price."""
    chosen = _markets(venue, request.symbol, request.side)
    for market in chosen:
        venue.shifts.move(market.pair, float(request.price), venue.clock.now_ms())
        market.tape.forget_generated(since_ms=venue.clock.now_ms())
        maker = venue.flow.makers[market.pair.key][1]
        maker.quote(float(request.price))
        maker.take_exactly("SELL", market.pair.step)
    venue.watch.look()
    return {"prices": {market.pair.key: fixed(market.tape.last_price) for market in chosen}}


def make_trade(venue: Venue, request: MakeTrade) -> Json:
    """A market order of the house for exactly that quantity."""
    (market,) = _markets(venue, request.symbol, request.side)
    quantity = _units(request.quantity)
    if quantity % market.pair.step:
        raise VenueError(Reason.FILTER, filter="LOT_SIZE")
    venue.flow.makers[market.pair.key][1].take_exactly(request.taker, quantity)
    return {"last_price": fixed(market.tape.last_price)}


def freeze(venue: Venue, request: FlowSwitch) -> Json:
    venue.flow.frozen |= _keys(venue, request)
    return {"frozen": sorted(venue.flow.frozen)}


def resume(venue: Venue, request: FlowSwitch) -> Json:
    venue.flow.frozen -= _keys(venue, request)
    return {"frozen": sorted(venue.flow.frozen)}


def move_clock(venue: Venue, request: MoveClock) -> Json:
    venue.clock.offset_ms = request.offset_ms
    venue.journal.remember("clock_offset_ms", str(request.offset_ms))
    for market, _ in venue.flow.makers.values():
        market.tape.forget_generated()
    venue.watch.look()
    return {"now_ms": venue.clock.now_ms()}


def transfer(venue: Venue, request: Transfer) -> Json:
    account, amount = venue.accounts.open(request.api_key), _units(request.amount)
    if request.wallet == "futures":
        if request.asset != "USDT":
            raise VenueError(Reason.BAD_PARAMETER, name="asset")
        if venue.margins.of(account).available + amount < 0:
            raise VenueError(Reason.MARGIN_INSUFFICIENT)
        venue.wallets.deposit(account, amount)
        venue.incomes.note(account, "", IncomeKind.TRANSFER, amount, venue.clock.now_ms())
        venue.futures_news.wallet_changed(account, "DEPOSIT" if amount > 0 else "WITHDRAW", amount)
        return {"wallet": fixed(venue.wallets.of(account).amount)}
    if request.asset not in ASSETS:
        raise VenueError(Reason.BAD_PARAMETER, name="asset")
    balance = venue.ledger.of(account, request.asset)
    if balance.free + amount < 0:
        raise VenueError(Reason.INSUFFICIENT_BALANCE)
    venue.ledger.deposit(account, request.asset, amount)
    venue.spot_news.deposited(account, request.asset, amount)
    return {"free": fixed(balance.free), "locked": fixed(balance.locked)}


def set_mark(venue: Venue, request: SetMark) -> Json:
    """Whoever is short of margin at that mark price has been liquidated when this answers."""
    market = venue.futures.market(request.symbol)
    venue.marks.put(market, None if request.price is None else _units(request.price))
    venue.watch.look()
    return {"mark_price": fixed(venue.marks.of(market))}


def set_funding_rate(venue: Venue, request: SetFundingRate) -> Json:
    chosen = _markets(venue, request.symbol, "futures")
    for market in chosen:
        venue.funding.rates.put(market.pair.symbol, _units(request.rate))
    return {"rates": {market.pair.symbol: fixed(venue.funding.rates.of(market.pair.symbol)) for market in chosen}}


def fund_now(venue: Venue, request: FundNow) -> Json:
    """As if a funding hour had come, beside those that come anyway."""
    markets = venue.futures.markets.values() if request.symbol is None else [venue.futures.market(request.symbol)]
    funded = [venue.funding.fund(market, venue.clock.now_ms()) for market in markets]
    return {
        "funded": [
            {"symbol": f.symbol, "time_ms": f.time_ms, "rate": fixed(f.rate), "mark_price": fixed(f.mark)}
            for f in funded
        ]
    }


def set_limits(venue: Venue, request: SetLimits) -> Json:
    """Also forgets what has been counted, and lifts bans."""
    limit = venue.limits.limits[request.side]
    limit.weight = request.weight or limit.weight
    for interval, allowed in (request.orders or {}).items():
        limit.orders[interval] = allowed
    limit.ban_after = limit.ban_after if request.ban_after is None else request.ban_after
    limit.ban_s = request.ban_s or limit.ban_s
    venue.limits.reset()
    return asdict(limit)


def drop_sockets(venue: Venue, request: DropSockets) -> Json:
    return {"dropped": venue.connections.drop(kind=request.kind, account=request.api_key)}


def make_gap(venue: Venue, request: MakeGap) -> Json:
    if (request.stream is None) == (request.api_key is None):
        raise VenueError(Reason.BAD_COMBINATION)
    topic = user_topic(request.side, request.api_key) if request.api_key else f"{request.side}:{request.stream}"
    venue.hub.skip(topic, request.count)
    return {"topic": topic, "skips": request.count}


def add_fault(venue: Venue, request: AddFault) -> Json:
    fault = Fault(
        kind=request.kind,
        path=request.path,
        method=request.method,
        api_key=request.api_key,
        remaining=request.count,
        delay_ms=request.delay_ms,
        status=request.status,
        retry_after_s=request.retry_after_s,
    )
    return asdict(venue.faults.add(fault))


def _markets(venue: Venue, symbol: str, side: Side | None) -> list[Market]:
    sides: tuple[Side, ...] = (side,) if side else ("spot", "futures")
    chosen = [venue.desk(each).markets[symbol] for each in sides if symbol in venue.desk(each).markets]
    if not chosen:
        raise VenueError(Reason.BAD_SYMBOL)
    return chosen


def _keys(venue: Venue, request: FlowSwitch) -> set[str]:
    if request.symbol is None:
        return {key for key in venue.flow.makers if request.side in (None, key.partition(":")[0])}
    return {market.pair.key for market in _markets(venue, request.symbol, request.side)}


def _units(amount: Decimal) -> int:
    return int(amount * SCALE)
