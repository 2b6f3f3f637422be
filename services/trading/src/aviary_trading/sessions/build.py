"""Puts a session together from what all sessions share and what is its own."""

from dataclasses import dataclass
from datetime import timedelta

from aviary_common.bus import Bus
from aviary_common.database import Database
from aviary_common.database.outbox import Outbox
from aviary_common.timestamps import utc_now
from aviary_exchange import catalogue
from aviary_trading.balances.board import BalanceBoard
from aviary_trading.fills.fees import FeePricer
from aviary_trading.funding.keeper import FundingKeeper
from aviary_trading.orders.reconcile import Reconciler
from aviary_trading.orders.recorder import Recorder
from aviary_trading.pace import Pace
from aviary_trading.perpetuals.keeper import PerpetualKeeper
from aviary_trading.perpetuals.service import Perpetuals
from aviary_trading.positions.keeper import PositionKeeper
from aviary_trading.prices import Prices
from aviary_trading.safety.enforcer import HaltEnforcer
from aviary_trading.sessions.balance_keeper import BalanceKeeper
from aviary_trading.sessions.figures import Pulses
from aviary_trading.sessions.live import LiveSessions
from aviary_trading.sessions.session import Keepers, Session
from aviary_trading.venues import Key, Venues


@dataclass(frozen=True)
class SessionParts:
    """What all sessions of a process share."""

    venues: Venues
    recorder: Recorder
    reconciler: Reconciler
    perpetuals: Perpetuals
    halts: HaltEnforcer
    board: BalanceBoard
    live: LiveSessions
    pulses: Pulses
    prices: Prices
    database: Database
    outbox: Outbox
    bus: Bus
    pace: Pace

    def session(self, key: Key) -> Session:
        keepers = Keepers(
            balances=BalanceKeeper(*key, board=self.board, bus=self.bus, clock=utc_now),
            fees=FeePricer(*key, self.database, self.prices),
            halts=self.halts,
            perpetuals=self._perpetual_keeper(key),
        )
        return Session(
            key,
            venues=self.venues,
            recorder=self.recorder,
            reconciler=self.reconciler,
            keepers=keepers,
            live=self.live,
            pulses=self.pulses,
            pace=self.pace,
        )

    def _perpetual_keeper(self, key: Key) -> PerpetualKeeper | None:
        if not catalogue.find(key[1]).is_perpetual:
            return None
        funding = FundingKeeper(
            *key,
            database=self.database,
            outbox=self.outbox,
            every=timedelta(seconds=self.pace.funding_every_s),
            clock=utc_now,
        )
        positions = PositionKeeper(*key, self.bus)
        return PerpetualKeeper(key[0], self.perpetuals, positions, funding, self.pace.funding_every_s)
