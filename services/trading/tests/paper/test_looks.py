import asyncio

import pytest

from aviary_exchange.errors import RateLimited, Unsupported, VenueUnavailable
from aviary_trading.paper.looks import Looks

from .fake_market import FakeMarket
from .values import PAIR

EVERY_S = 0.5


@pytest.fixture
def market() -> FakeMarket:
    return FakeMarket([PAIR])


@pytest.fixture
def looks(market: FakeMarket) -> Looks:
    return Looks(market, EVERY_S)


def now() -> float:
    return asyncio.get_running_loop().time()


async def test_whoever_comes_at_the_same_time_shares_a_look(market: FakeMarket, looks: Looks) -> None:
    wanted = now()
    seen = await asyncio.gather(*(looks.at(PAIR, not_before=wanted, trades=True) for _ in range(5)))
    assert len({id(look) for look in seen}) == 1
    assert market.calls == {f"book {PAIR}": 1, f"trades {PAIR}": 1}


async def test_a_look_that_began_too_early_is_not_good_enough(market: FakeMarket, looks: Looks) -> None:
    first = await looks.at(PAIR, not_before=now(), trades=False)
    second = await looks.at(PAIR, not_before=now(), trades=False)
    assert second.began - first.began >= EVERY_S / 10
    assert market.calls == {f"book {PAIR}": 2}


async def test_trades_are_read_when_somebody_wants_them(market: FakeMarket, looks: Looks) -> None:
    wanted = now()
    assert (await looks.at(PAIR, not_before=wanted, trades=False)).trades is None
    assert (await looks.at(PAIR, not_before=wanted, trades=True)).trades == []
    assert (await looks.at(PAIR, not_before=wanted, trades=False)).trades == []


async def test_a_venue_that_is_down_is_asked_once_by_all_who_wait(market: FakeMarket, looks: Looks) -> None:
    market.is_down = True
    wanted = now()
    waiting = (looks.at(PAIR, not_before=wanted, trades=False) for _ in range(5))
    ends = await asyncio.gather(*waiting, return_exceptions=True)
    assert all(isinstance(end, VenueUnavailable) for end in ends)
    assert market.calls == {f"book {PAIR}": 1}
    market.is_down = False
    assert (await looks.at(PAIR, not_before=now(), trades=False)).book.bids


async def test_a_venue_that_shows_no_trades_is_still_looked_at(market: FakeMarket, looks: Looks) -> None:
    market.without_trades = Unsupported("each user sees their own")
    assert not (await looks.at(PAIR, not_before=now(), trades=True)).trades
    market.without_trades = RateLimited("later")
    with pytest.raises(RateLimited):
        await looks.at(PAIR, not_before=now(), trades=True)
