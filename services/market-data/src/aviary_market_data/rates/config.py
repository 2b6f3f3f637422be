"""The source that rates come from: what was chosen, or the settings' default, read through in every replica."""

import time
from collections.abc import Callable
from typing import Final

from aviary_common import logs
from aviary_common.database import Database
from aviary_common.errors import Unavailable
from aviary_market_data.rates import store
from aviary_market_data.rates.sources import require_source
from aviary_market_data.rates.store import Choice, RateSource

log = logs.get(__name__)

MAX_AGE_S: Final = 1.0


class RateConfig:
    def __init__(
        self,
        database: Database,
        available: list[str],
        defaults: RateSource,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.available = available
        self._database = database
        self._defaults = defaults
        self._clock = clock
        self._known: RateSource | None = None
        self._read_at = float("-inf")

    async def current(self) -> RateSource:
        """At most a second old; while the database is away, what was known last."""
        started = self._clock()
        if self._known is not None and self._read_at >= started - MAX_AGE_S:
            return self._known
        try:
            async with self._database.single() as connection:
                found = await store.chosen(connection) or self._defaults
        except Unavailable as error:
            if self._known is None:
                raise
            log.warning("rate source not read again", error=error.detail)
            return self._known
        return self._keep(found, started)

    async def choose(self, choice: Choice) -> RateSource:
        """``BadRequest`` for a source that there is not."""
        if choice.source is not None:
            require_source(choice.source, self.available)
        async with self._database.single() as connection:
            chosen = await store.choose(connection, choice, self._defaults)
        return self._keep(chosen, self._clock())

    def _keep(self, found: RateSource, at: float) -> RateSource:
        """A reading that began before the last change does not undo it."""
        if at >= self._read_at or self._known is None:
            self._known, self._read_at = found, at
        return self._known
