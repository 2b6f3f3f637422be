"""What Gateway's wallets hold: each network is like a connector of the master account."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from aviary_accounts.accounts.service import MASTER
from aviary_accounts.portfolio.schemas import Among
from aviary_common import logs
from aviary_common.bus import Bus
from aviary_common.errors import DeadlineExceeded, Unavailable
from aviary_messages.questions import GetWalletBalances, WalletBalances

log = logs.get(__name__)

DEADLINE_S: Final = 15.0
AWAY_FOR_S: Final = 30.0
"""A gateway-proxy that let us wait in vain is not asked again before."""


@dataclass(frozen=True)
class OnNetwork:
    """The wallets of one network together. ``at`` is the oldest of theirs, None when one of them was never read."""

    connector_name: str
    units: dict[str, Decimal]
    prices: dict[str, Decimal]
    at: datetime | None
    unread: str | None
    unpriced: str | None


class Wallets:
    def __init__(self, bus: Bus, clock: Callable[[], float] = time.monotonic) -> None:
        self._bus = bus
        self._clock = clock
        self._away_until = float("-inf")

    async def read(self, wanted: Among, *, refresh: bool = False) -> list[OnNetwork]:
        """Nothing when Gateway does not run or nobody answers for it: then there are no wallets to hold anything."""
        if not wanted.account(MASTER) or not _may_be_network(wanted) or self._clock() < self._away_until:
            return []
        try:
            told = await self._bus.ask(GetWalletBalances(refresh=refresh), deadline_s=DEADLINE_S)
        except Unavailable:
            return []
        except DeadlineExceeded as error:
            log.warning("no wallets", error=error.detail)
            self._away_until = self._clock() + AWAY_FOR_S
            return []
        return [each for each in by_network(told.wallets) if wanted.connector(each.connector_name)]


def _may_be_network(wanted: Among) -> bool:
    return wanted.connectors is None or any("-" in name for name in wanted.connectors)


def by_network(wallets: Iterable[WalletBalances]) -> list[OnNetwork]:
    """Sums over the wallets of each network."""
    grouped: dict[str, list[WalletBalances]] = {}
    for each in wallets:
        grouped.setdefault(f"{each.chain}-{each.network}", []).append(each)
    return [_summed(name, own) for name, own in grouped.items()]


def _summed(connector_name: str, wallets: Sequence[WalletBalances]) -> OnNetwork:
    units: dict[str, Decimal] = {}
    prices: dict[str, Decimal] = {}
    for held in (token for each in wallets for token in each.tokens):
        units[held.token] = units.get(held.token, Decimal(0)) + held.units
        if held.price is not None:
            prices[held.token] = held.price
    times = [each.at for each in wallets]
    return OnNetwork(
        connector_name,
        units,
        prices,
        at=None if None in times else min(at for at in times if at is not None),
        unread="; ".join(sorted({each.problem for each in wallets if each.problem})) or None,
        unpriced=next((each.unpriced for each in wallets if each.unpriced), None),
    )
