"""The one replica that holds the lease takes the snapshots, hears of fills and thins what is old."""

from typing import Final

from aviary_accounts.snapshots.take import Snapshots
from aviary_accounts.snapshots.thinning import Thinning
from aviary_common.bus import Bus
from aviary_common.cancelling import together
from aviary_common.leases import Lease, Leases
from aviary_messages.events import OrderFilled

LEASE: Final = "portfolio-snapshots"


class SnapshotKeeper:
    def __init__(self, leases: Leases, bus: Bus, snapshots: Snapshots, thinning: Thinning) -> None:
        self._leases = leases
        self._bus = bus
        self._snapshots = snapshots
        self._thinning = thinning

    async def keep(self) -> None:
        """Give it to ``Tasks.supervise``."""
        await self._leases.hold(LEASE, self._work)

    async def _work(self, _lease: Lease) -> None:
        await together(
            self._snapshots.take_forever(),
            self._bus.consume(OrderFilled, self._snapshots.filled, name="portfolio-fills"),
            self._thinning.thin_forever(),
        )
