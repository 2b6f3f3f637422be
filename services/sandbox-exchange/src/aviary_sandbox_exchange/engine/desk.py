"""Takes orders for one side of the venue, matches them, and keeps those that rest."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from aviary_sandbox_exchange.clock import Clock
from aviary_sandbox_exchange.engine.draft import Draft
from aviary_sandbox_exchange.engine.market import Market
from aviary_sandbox_exchange.engine.matching import match, wanted
from aviary_sandbox_exchange.engine.news import News
from aviary_sandbox_exchange.engine.order_store import OrderStore
from aviary_sandbox_exchange.engine.orders import Fill, Order, Status
from aviary_sandbox_exchange.engine.settlement import Settlement
from aviary_sandbox_exchange.errors import Reason, VenueError
from aviary_sandbox_exchange.history.tape import Trade
from aviary_sandbox_exchange.units import notional


@dataclass(slots=True)
class Placed:
    order: Order
    fills: list[Fill] = field(default_factory=list)


class Desk:
    """Checks come first and change nothing; once ``place`` begins to change things, it cannot fail."""

    def __init__(
        self, markets: dict[str, Market], settlement: Settlement, store: OrderStore, clock: Clock, news: News
    ) -> None:
        self.markets = markets
        self.settlement = settlement
        self.store = store
        self.news = news
        self._clock = clock
        self._open: dict[str, dict[int, Order]] = {}
        self._by_client_id: dict[tuple[str, str, str], Order] = {}
        self._next_order_id = store.last_ids()[0] + 1
        self._taker: Placed | None = None

    def market(self, symbol: str) -> Market:
        market = self.markets.get(symbol)
        if market is None:
            raise VenueError(Reason.BAD_SYMBOL)
        return market

    def restore(self, orders: Iterable[Order]) -> None:
        """Put orders back on the book, oldest first, as they lay before the process ended."""
        for order in orders:
            self._keep(order)
            self.markets[order.pair.symbol].book.add(order)

    def open_orders(self, account: str, symbol: str | None = None) -> list[Order]:
        orders = self._open.get(account, {}).values()
        return [order for order in orders if symbol is None or order.pair.symbol == symbol]

    def find_open(self, account: str, symbol: str, *, order_id: int | None, client_id: str | None) -> Order | None:
        if order_id is not None:
            order = self._open.get(account, {}).get(order_id)
            return order if order and order.pair.symbol == symbol else None
        return self._by_client_id.get((account, symbol, client_id or ""))

    def find(self, account: str, symbol: str, *, order_id: int | None, client_id: str | None) -> Order | None:
        """Open or ended; of several with that client id, the newest."""
        open_order = self.find_open(account, symbol, order_id=order_id, client_id=client_id)
        if open_order is not None:
            return open_order
        if order_id is not None:
            return self.store.by_id(account, symbol, order_id)
        return self.store.by_client_id(account, symbol, client_id or "")

    def check(self, draft: Draft, duplicate: Reason = Reason.DUPLICATE_ORDER) -> Order:
        """The order that ``place`` would take, or VenueError; changes nothing."""
        market = self.markets[draft.pair.symbol]
        if (draft.account, draft.pair.symbol, draft.client_id) in self._by_client_id:
            raise VenueError(duplicate)
        order = self._order(draft)
        self.settlement.require(order, market)
        if draft.post_only:
            best = market.book.opposite(draft.side).best()
            if best is not None and order.reaches(best.price):
                raise VenueError(Reason.WOULD_TAKE if draft.kind == "LIMIT_MAKER" else Reason.POST_ONLY_REJECTED)
        return order

    def place(self, order: Order) -> Placed:
        market = self.markets[order.pair.symbol]
        self._next_order_id = max(self._next_order_id, order.id) + 1
        placed = Placed(order)
        self.settlement.reserve(order)
        if not order.house:
            self.news.order_changed(order, "NEW")
        if order.time_in_force != "FOK" or market.book.available_to(order) >= order.quantity:
            self._taker = placed
            match(market.book, order, self)
            self._taker = None
        self._rest_or_end(order, market)
        if not order.house:
            self._note(order)
        return placed

    def force(self, draft: Draft) -> Order:
        """Place without a check: what the venue itself does for an account."""
        return self.place(self._order(draft)).order

    def place_house(self, draft: Draft) -> Order:
        return self.force(draft)

    def cancel(self, order: Order, request_id: str = "") -> None:
        self._leave(order, Status.CANCELED)
        if not order.house:
            self.news.order_changed(order, "CANCELED", request_id=request_id)
            self._note(order)

    # What ``match`` calls.

    def allowed(self, order: Order, quantity: int) -> int:
        return self.settlement.allowed(order, quantity) if order.reduces else quantity

    def stranded(self, maker: Order) -> None:
        self._leave(maker, Status.EXPIRED)
        self.news.order_changed(maker, "EXPIRED")
        self._note(maker)

    def traded(self, maker: Order, taker: Order, price: int, quantity: int) -> None:
        market = self.markets[taker.pair.symbol]
        tape = market.tape
        now_ms = self._clock.now_ms()
        buyer, seller = (taker, maker) if taker.side == "BUY" else (maker, taker)
        trade = Trade(
            tape.next_trade_id, price, quantity, notional(price, quantity), now_ms, buyer is maker, buyer.id, seller.id
        )
        tape.next_trade_id += 1
        if maker.house and taker.house:
            self._advance(maker, trade)
            self._advance(taker, trade)
        else:
            self._settle(maker, trade, is_maker=True)
            self._settle(taker, trade, is_maker=False)
        completed = tape.record(trade, taker.id)
        self.news.traded(market, trade)
        if completed is not None:
            self.news.aggregated(market, completed)

    def _settle(self, order: Order, trade: Trade, *, is_maker: bool) -> None:
        cost = self.settlement.settle(order, trade, is_maker=is_maker)
        self._advance(order, trade)
        if order.house:
            return
        fill = Fill(
            trade_id=trade.id,
            order_id=order.id,
            account=order.account,
            pair=order.pair,
            side=order.side,
            price=trade.price,
            quantity=trade.quantity,
            quote=trade.quote,
            commission=cost.commission,
            commission_asset=cost.asset,
            is_maker=is_maker,
            time_ms=trade.time_ms,
            realised=cost.realised,
            position_side=order.position_side,
        )
        self.store.save_fill(fill)
        if is_maker:
            if not order.is_open:
                self._forget(order)
        elif self._taker is not None:
            self._taker.fills.append(fill)
        self.news.order_changed(order, "TRADE", fill)
        if is_maker:
            self._note(order)

    def _advance(self, order: Order, trade: Trade) -> None:
        """A market order by quote amount is done when what is left buys no further step; then its quantity is known."""
        if order.quote_quantity and wanted(order, trade.price) == 0:
            order.quantity = order.filled
        full = order.quantity and not order.remaining
        order.become(Status.FILLED if full else Status.PARTIALLY_FILLED, trade.time_ms)

    def _rest_or_end(self, order: Order, market: Market) -> None:
        if market.tape.aggregates and market.tape.aggregates[-1].taker_order_id == order.id:
            self.news.aggregated(market, market.tape.aggregates[-1])
        if not order.is_open:
            self.settlement.release(order)
        elif order.kind != "MARKET" and order.time_in_force in ("GTC", "GTX"):
            market.book.add(order)
            if not order.house:
                self._keep(order)
        else:
            order.quantity = order.quantity or order.filled
            self._expire(order)

    def _expire(self, order: Order) -> None:
        self.settlement.release(order)
        order.become(Status.EXPIRED, self._clock.now_ms())
        if not order.house:
            self.news.order_changed(order, "EXPIRED")

    def _leave(self, order: Order, status: Status) -> None:
        self.markets[order.pair.symbol].book.remove(order)
        order.become(status, self._clock.now_ms())
        self.settlement.release(order)
        if not order.house:
            self._forget(order)

    def _note(self, order: Order) -> None:
        self.store.save(order)
        self.news.account_changed(order.account, self.settlement.balances_of(order), order.pair.symbol)

    def _keep(self, order: Order) -> None:
        self._open.setdefault(order.account, {})[order.id] = order
        self._by_client_id[order.account, order.pair.symbol, order.client_id] = order

    def _forget(self, order: Order) -> None:
        self._open.get(order.account, {}).pop(order.id, None)
        self._by_client_id.pop((order.account, order.pair.symbol, order.client_id), None)

    def _order(self, draft: Draft) -> Order:
        now_ms = self._clock.now_ms()
        return Order(
            id=self._next_order_id,
            account=draft.account,
            pair=draft.pair,
            client_id=draft.client_id,
            side=draft.side,
            kind=draft.kind,
            time_in_force=draft.time_in_force,
            price=draft.price,
            quantity=draft.quantity,
            created_ms=now_ms,
            quote_quantity=draft.quote_quantity,
            reduce_only=draft.reduce_only,
            position_side=draft.position_side,
            house=draft.house,
            updated_ms=now_ms,
        )
