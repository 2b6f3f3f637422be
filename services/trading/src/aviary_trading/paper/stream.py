"""The one who matches: it follows the markets of a paper account's open orders, and tells what happened.

Only the owner of the account's session iterates it. Should two do so for a moment, nothing is counted twice: what is
remembered of a market, and which trades are counted, is read and written in the transaction that matches.
"""

import asyncio
import itertools
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from typing import Final

from aviary_common import logs
from aviary_exchange.catalogue import FeeRates
from aviary_exchange.errors import ExchangeError, UnknownPair
from aviary_exchange.port import PublicExchange
from aviary_exchange.types import Balance, BalancesChanged, StreamGap, UserEvent
from aviary_trading.paper import reports
from aviary_trading.paper.desk import Desk
from aviary_trading.paper.looks import Looks
from aviary_trading.paper.matching import Look, Terms
from aviary_trading.paper.records import Holding, PaperOrder, PaperState
from aviary_trading.paper.settle import Change

log = logs.get(__name__)

NO_VERSION: Final = -1
MARKETS_AT_ONCE: Final = 2
"""More are looked at in turn: a look costs half a percent of what Binance allows in a minute, and trades between two
looks are not lost."""


class PaperStream:
    def __init__(
        self, desk: Desk, exchange: PublicExchange, looks: Looks, rates: FeeRates, something_new: asyncio.Event
    ) -> None:
        self._desk = desk
        self._exchange = exchange
        self._looks = looks
        self._rates = rates
        self._something_new = something_new
        self._version = NO_VERSION
        self._held: Mapping[str, Holding] = {}
        self._looked: dict[str, float] = {}
        self._matched: dict[str, Look] = {}
        self._unseen: set[str] = set()

    async def events(self) -> AsyncIterator[UserEvent]:
        yield StreamGap("paper trading goes on")
        while True:
            self._something_new.clear()
            by_pair = _by_pair(await self._desk.open_orders())
            changes = await asyncio.gather(*(self._match(pair, by_pair[pair]) for pair in due(by_pair, self._looked)))
            for event in reports.events(itertools.chain(*changes)):
                yield event
            if balances := await self._moved_balances():
                yield BalancesChanged(balances)
            await self._pause()

    async def _match(self, trading_pair: str, orders: Sequence[PaperOrder]) -> Sequence[Change]:
        """Nothing while the venue does not answer: the orders wait until it does."""
        try:
            look, terms = await self._look(trading_pair, orders)
        except ExchangeError as error:
            if trading_pair not in self._unseen:
                log.warning(
                    "market not seen", connector=self._exchange.connector, pair=trading_pair, error=error.detail
                )
            self._unseen.add(trading_pair)
            return ()
        self._unseen.discard(trading_pair)
        if look is self._matched.get(trading_pair) and not _has_new(orders):
            return ()
        matched = await self._desk.match(trading_pair, look, terms, {order.id for order in orders})
        self._matched[trading_pair] = look
        if matched.missed:
            log.warning("trades went unseen", connector=self._exchange.connector, pair=trading_pair)
        return matched.changes

    async def _look(self, trading_pair: str, orders: Sequence[PaperOrder]) -> tuple[Look, Terms]:
        """One that began after the newest of the orders came; for those who rest, a recent one will do."""
        self._looked[trading_pair] = now = asyncio.get_running_loop().time()
        rule = (await self._exchange.rules()).get(trading_pair)
        if rule is None:
            raise UnknownPair(f"{self._exchange.connector} no longer lists {trading_pair}.")
        look = await self._looks.at(
            trading_pair,
            not_before=now if _has_new(orders) else now - self._looks.every_s,
            trades=any(order.may_rest for order in orders),
        )
        return look, Terms(self._rates, rule.amount_step)

    async def _moved_balances(self) -> list[Balance]:
        """Whoever moved them: this account's orders are placed and cancelled in every replica."""
        version = await self._desk.version()
        if version == self._version:
            return []
        held = await self._desk.holdings()
        moved = reports.moved(self._held, held)
        self._version, self._held = version, held
        return moved

    async def _pause(self) -> None:
        try:
            async with asyncio.timeout(self._looks.every_s):
                await self._something_new.wait()
        except TimeoutError:
            return


def due(by_pair: Mapping[str, Sequence[PaperOrder]], looked: Mapping[str, float]) -> list[str]:
    """Where something has arrived; and of the markets where orders only rest, those that have waited longest."""
    arrivals = [pair for pair, orders in by_pair.items() if _has_new(orders)]
    waiting = sorted(by_pair.keys() - arrivals, key=lambda pair: (looked.get(pair, 0.0), pair))
    return [*arrivals, *waiting[:MARKETS_AT_ONCE]]


def _has_new(orders: Iterable[PaperOrder]) -> bool:
    return any(order.state is PaperState.NEW for order in orders)


def _by_pair(orders: Iterable[PaperOrder]) -> Mapping[str, list[PaperOrder]]:
    pairs: dict[str, list[PaperOrder]] = defaultdict(list)
    for order in orders:
        pairs[order.trading_pair].append(order)
    return pairs
