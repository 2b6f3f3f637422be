"""The whole venue: what is in it, how it starts, and the one way in which a change becomes public."""

from collections.abc import Iterable

from aviary_sandbox_exchange.accounts import Accounts
from aviary_sandbox_exchange.clock import Clock
from aviary_sandbox_exchange.engine.book import Book
from aviary_sandbox_exchange.engine.desk import Desk
from aviary_sandbox_exchange.engine.market import Market
from aviary_sandbox_exchange.engine.order_store import OrderStore
from aviary_sandbox_exchange.faults import Faults
from aviary_sandbox_exchange.flow import Flow
from aviary_sandbox_exchange.futures.funding import Funding, Fundings, Rates
from aviary_sandbox_exchange.futures.incomes import Incomes
from aviary_sandbox_exchange.futures.liquidation import Liquidation
from aviary_sandbox_exchange.futures.margin import Margins
from aviary_sandbox_exchange.futures.marks import Marks
from aviary_sandbox_exchange.futures.news import FuturesNews
from aviary_sandbox_exchange.futures.preferences import Preferences
from aviary_sandbox_exchange.futures.settlement import FuturesSettlement
from aviary_sandbox_exchange.futures.wallets import Wallets
from aviary_sandbox_exchange.futures.watch import Watch
from aviary_sandbox_exchange.history.candles import Candles
from aviary_sandbox_exchange.history.path import Prices
from aviary_sandbox_exchange.history.shift_store import ShiftStore
from aviary_sandbox_exchange.history.tape import Tape
from aviary_sandbox_exchange.journal import Journal
from aviary_sandbox_exchange.ledger import Ledger
from aviary_sandbox_exchange.limits import Limits
from aviary_sandbox_exchange.pairs import ASSETS, FUTURES, SPOT, Pair, Side, extra_pairs
from aviary_sandbox_exchange.settings import SandboxSettings
from aviary_sandbox_exchange.spot.news import SpotNews
from aviary_sandbox_exchange.spot.settlement import SpotSettlement
from aviary_sandbox_exchange.ws.connection import Connections
from aviary_sandbox_exchange.ws.hub import Hub
from aviary_sandbox_exchange.ws.listen_keys import ListenKeys

TRADE_ID_EPOCH_MS = 1_700_000_000_000
"""Trade ids start at the time since then in steps of 20 ms, so that they grow across restarts without being stored."""


class Venue:
    def __init__(self, settings: SandboxSettings) -> None:
        self.settings = settings
        self.journal = Journal(settings.data_dir / "venue.sqlite3")
        self.clock = Clock(int(self.journal.recall("clock_offset_ms") or 0))
        self.opened_ms = self._opening()
        self.prices = Prices(settings.seed)
        self.shifts = ShiftStore(self.journal.connection, self.prices)
        self.hub = Hub()
        self.connections = Connections()
        self.limits = Limits(self.clock)
        self.faults = Faults()
        self.listen_keys = ListenKeys(self.clock)
        self.ledger = Ledger()
        self.wallets = Wallets()
        self.accounts = Accounts(self.ledger, self.wallets)
        self.preferences = Preferences()
        self.incomes = Incomes(self.journal.connection)
        for store in (self.ledger, self.wallets, self.preferences):
            store.load(self.journal.connection)
            self.journal.carry(store)
        self.journal.carry(self.incomes)
        extra = extra_pairs(settings.extra_pairs)
        self.accounts.open_house([*ASSETS, *(pair.base for pair in extra)])

        spot_pairs = (*SPOT, *extra)
        spot_store = self._order_store("spot", spot_pairs)
        spot_markets = self._markets(spot_pairs, spot_store)
        self.spot_news = SpotNews(self.hub, self.ledger, self.clock)
        self.spot = Desk(spot_markets, SpotSettlement(self.ledger), spot_store, self.clock, self.spot_news)

        futures_store = self._order_store("futures", FUTURES)
        futures_markets = self._markets(FUTURES, futures_store)
        self.marks = Marks(self.journal, futures_markets, indexes=spot_markets)
        settlement = FuturesSettlement(self.wallets, self.incomes)
        self.futures_news = FuturesNews(self.hub, self.wallets, futures_markets, self.marks, self.clock)
        self.futures = Desk(futures_markets, settlement, futures_store, self.clock, self.futures_news)
        self.margins = Margins(self.wallets, self.preferences, self.marks, futures_markets, self.futures.open_orders)
        settlement.margins = self.margins
        fundings = Fundings(self.journal.connection, self.opened_ms)
        self.journal.carry(fundings)
        self.funding = Funding(self.wallets, self.incomes, self.marks, Rates(self.journal), fundings, self.futures_news)
        liquidation = Liquidation(
            self.futures, self.wallets, self.margins, self.incomes, self.futures_news, self.clock.now_ms
        )
        self.watch = Watch(futures_markets, self.funding, liquidation, self.clock)

        self.spot.restore(spot_store.open_orders())
        self.futures.restore(futures_store.open_orders())
        self.flow = Flow((self.spot, self.futures), self.prices, self.clock, seed=settings.seed)
        if settings.flow:
            self.flow.open_books()
        self.commit()

    def desk(self, side: Side) -> Desk:
        return self.spot if side == "spot" else self.futures

    def commit(self) -> None:
        """Make every change so far durable, then tell those who listen."""
        self.journal.commit()
        self.hub.flush()

    def close(self) -> None:
        for desk in (self.spot, self.futures):
            for market in desk.markets.values():
                market.tape.pause()
        self.journal.close()

    def _opening(self) -> int:
        recalled = self.journal.recall("opened_ms")
        if recalled is not None:
            return int(recalled)
        now_ms = self.clock.now_ms()
        self.journal.remember("opened_ms", str(now_ms))
        return now_ms

    def _order_store(self, side: Side, pairs: Iterable[Pair]) -> OrderStore:
        store = OrderStore(self.journal.connection, side, pairs)
        self.journal.carry(store)
        return store

    def _markets(self, pairs: Iterable[Pair], store: OrderStore) -> dict[str, Market]:
        now_ms = self.clock.now_ms()
        next_trade_id = max(store.last_ids()[1] + 1, (now_ms - TRADE_ID_EPOCH_MS) // 20)
        markets = {}
        for pair in pairs:
            tape = Tape(
                pair,
                self.prices,
                self.journal.connection,
                seed=self.settings.seed,
                now_ms=now_ms,
                next_id=next_trade_id,
            )
            self.journal.carry(tape)
            book = Book(update_id=now_ms - TRADE_ID_EPOCH_MS)
            markets[pair.symbol] = Market(pair, book, tape, Candles(tape, self.opened_ms, self.settings.history_days))
        return markets
