"""Sweeps as they are asked for, cancelled and forgotten."""

import asyncio
import secrets
from dataclasses import replace
from typing import Final

from aviary_backtesting.queue import Doorbell
from aviary_backtesting.results.rendering import Format
from aviary_backtesting.runs.service import Runs
from aviary_backtesting.runs.states import Status
from aviary_backtesting.signals import CANCEL, call_out
from aviary_backtesting.sweeps import store
from aviary_backtesting.sweeps.asked import AskedSweep
from aviary_backtesting.sweeps.search import ranges_of, search_of
from aviary_backtesting.sweeps.settings import SweepSettings
from aviary_backtesting.sweeps.spec import Method, SweepSpec
from aviary_backtesting.sweeps.sweep import Sweep
from aviary_backtesting.sweeps.table import rendered
from aviary_common.bus import Bus
from aviary_common.database import Database
from aviary_common.errors import Conflict, NotFound, TooLarge, Unprocessable
from aviary_common.pagination import Slice

RINGS: Final = 16
"""For so many workers at once; those who come later look by themselves."""


class Sweeps:
    def __init__(self, settings: SweepSettings, database: Database, bus: Bus, bell: Doorbell, runs: Runs) -> None:
        self._settings = settings
        self._database = database
        self._bus = bus
        self._bell = bell
        self._runs = runs

    async def add(self, asked: AskedSweep) -> Sweep:
        """Checked first, written down, and only then told to the workers."""
        base = await self._runs.checked(asked, asked.config)
        if base.source is not None:
            raise Unprocessable(
                "A sweep takes a bundled controller: users' code runs once at a time.", code="user_code"
            )
        spec = await asyncio.to_thread(self._checked, asked.sweep(base, _smallest_is_best()))
        async with self._database.single() as connection:
            sweep = await store.add(connection, secrets.token_hex(4), spec)
        for _ in range(min(RINGS, spec.trials)):
            await self._bell.ring()
        return sweep

    async def get(self, sweep_id: str) -> Sweep:
        async with self._database.single() as connection:
            sweep = await store.find(connection, sweep_id)
        if sweep is None:
            raise _unknown(sweep_id)
        return sweep

    async def page(self, status: Status | None, limit: int, cursor: str | None) -> Slice[Sweep]:
        async with self._database.single() as connection:
            return await store.page(connection, status, limit, cursor)

    async def table(self, sweep_id: str, sort: str | None, limit: int | None, form: Format) -> bytes:
        """Of what is computed by now."""
        sweep = await self.get(sweep_id)
        async with self._database.single() as connection:
            blocks = await store.blocks(connection, sweep.id)
        if not blocks:
            raise Conflict(f"Sweep {sweep_id} is {sweep.status}: nothing of it is computed yet.", code="no_result")
        return await asyncio.to_thread(rendered, blocks, sort, limit, form)

    async def cancel(self, sweep_id: str) -> Sweep:
        """Raises ``Conflict`` when it has ended already. What was computed until then stays."""
        async with self._database.single() as connection:
            sweep = await store.cancel(connection, sweep_id)
        if sweep is None:
            ended = await self.get(sweep_id)
            raise Conflict(f"Sweep {sweep_id} is {ended.status} already.", code="ended")
        await call_out(self._bus, CANCEL, sweep_id)
        return sweep

    async def delete(self, sweep_id: str) -> None:
        """One under way is cancelled."""
        async with self._database.single() as connection:
            if not await store.remove(connection, sweep_id):
                raise _unknown(sweep_id)
        await call_out(self._bus, CANCEL, sweep_id)

    def _checked(self, spec: SweepSpec) -> SweepSpec:
        """With the number of its trials. Blocks."""
        settings, search = self._settings, search_of(spec)
        if spec.method is Method.GRID:
            spec = replace(spec, trials=search.space.size or 0)
        most = settings.backtest_sweep_asked if spec.method is Method.TPE else settings.backtest_sweep_configs
        if spec.trials > most:
            raise TooLarge(f"That is {spec.trials:,} configs; one sweep by {spec.method} may have at most {most:,}.")
        candles = spec.trials * search.candles
        if candles > settings.backtest_sweep_candles:
            raise TooLarge(
                f"That goes through {candles:,.0f} candles ({spec.trials:,} configs on {search.candles:,.0f} each); "
                f"one sweep may go through at most {settings.backtest_sweep_candles:,.0f}."
            )
        ranges_of(spec, search)
        return spec


def _smallest_is_best() -> frozenset[str]:
    from aviary_strategies.search.metrics import SMALLEST_IS_BEST

    return SMALLEST_IS_BEST


def _unknown(sweep_id: str) -> NotFound:
    return NotFound(f"There is no sweep {sweep_id}.", code="unknown_sweep")
