"""Runs as they are asked for, waited for, cancelled and forgotten."""

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Final

import orjson
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from aviary_backtesting.engine.port import Engine
from aviary_backtesting.queue import Doorbell
from aviary_backtesting.runs import events, store
from aviary_backtesting.runs.asked import Asked
from aviary_backtesting.runs.endings import Endings, until
from aviary_backtesting.runs.run import Kind, Run
from aviary_backtesting.runs.spec import Json, RunSpec
from aviary_backtesting.runs.store import Filter
from aviary_backtesting.settings import BacktestingSettings
from aviary_backtesting.signals import CANCEL, ENDED, call_out
from aviary_backtesting.user_controllers.lookup import source_of
from aviary_common.bus import Bus
from aviary_common.database import Database
from aviary_common.database.outbox import Outbox
from aviary_common.errors import Conflict, DeadlineExceeded, NotFound, TooLarge, Unprocessable
from aviary_common.pagination import Slice
from aviary_messages.questions import GetControllerConfig

TASKS_LISTED: Final = 50
MAX_CONFIG_BYTES: Final = 256 * 1024


class Runs:
    def __init__(
        self,
        settings: BacktestingSettings,
        database: Database,
        bus: Bus,
        bell: Doorbell,
        outgoing: Outbox,
        engine: Engine,
        endings: Endings,
    ) -> None:
        self._settings = settings
        self._database = database
        self._bus = bus
        self._bell = bell
        self._outgoing = outgoing
        self._engine = engine
        self._endings = endings

    async def add(self, asked: Asked, config: Json | str, kind: Kind) -> Run:
        """Checked first, written down, and only then told to the workers."""
        return await self._add(await self.checked(asked, config), kind, new_id())

    async def do(self, asked: Asked, config: Json | str, kind: Kind) -> Run:
        """The run once it has completed. Raises what it failed with, and ``DeadlineExceeded`` when it takes longer
        than an answer may: then it goes on all the same."""
        spec, run_id = await self.checked(asked, config), new_id()
        with self._endings.expected(run_id) as news:
            run = await self._add(spec, kind, run_id)
            run = await until(_has_ended, run, lambda: self._find(run_id), news, self._settings.backtest_wait_s)
        if run.failure is not None:
            raise run.failure
        if not run.status.has_ended:
            raise DeadlineExceeded(f"Backtest {run_id} is still {run.status}; ask for it again later.")
        if run.digest is None:
            raise Conflict(f"Backtest {run_id} was cancelled.", code="cancelled")
        return run

    async def checked(self, asked: Asked, config: Json | str) -> RunSpec:
        """Raises what is wrong with it before anything is begun."""
        spec = asked.spec(_storable(await self._resolved(config)), self._settings.backtest_min_coverage)
        spec = replace(spec, source=await source_of(self._bus, spec.config))
        try:
            needs = await asyncio.to_thread(self._engine.needs, spec)
        except ValidationError as error:
            raise RequestValidationError(_in_config(error)) from error
        most = self._settings.backtest_max_candles
        if needs.candles > most:
            raise TooLarge(f"That takes {needs.candles:,} candles; one backtest may take at most {most:,}.")
        markets = {(each.connector_name, each.trading_pair) for each in needs.ranges}
        if spec.candles is not None and len(markets) > 1:
            raise Unprocessable("Uploaded candles are of one market, and this controller needs several.")
        return spec

    async def get(self, run_id: str) -> Run:
        run = await self._find(run_id)
        if run is None:
            raise _unknown(run_id)
        return run

    async def page(self, wanted: Filter, limit: int, cursor: str | None) -> Slice[Run]:
        async with self._database.single() as connection:
            return await store.page(connection, wanted, limit, cursor)

    async def tasks(self) -> Sequence[Run]:
        """The newest that were asked for on the old routes."""
        async with self._database.single() as connection:
            return await store.newest(connection, Filter(kind=Kind.TASK), TASKS_LISTED)

    async def cancel(self, run_id: str) -> Run:
        """Raises ``Conflict`` when it has ended already."""
        async with self._database.transaction() as connection:
            run = await store.cancel(connection, run_id)
            if run is not None:
                await self._outgoing.add(connection, events.cancelled(run))
        if run is None:
            ended = await self.get(run_id)
            raise Conflict(f"Backtest {run_id} is {ended.status} already.", code="ended")
        await call_out(self._bus, CANCEL, run_id)
        await call_out(self._bus, ENDED, run_id)
        return run

    async def delete(self, run_id: str) -> None:
        """With its result; one under way is cancelled."""
        async with self._database.transaction() as connection:
            cancelled = await store.cancel(connection, run_id)
            if cancelled is not None:
                await self._outgoing.add(connection, events.cancelled(cancelled))
            if not await store.remove(connection, run_id):
                raise _unknown(run_id)
        await call_out(self._bus, CANCEL, run_id)
        await call_out(self._bus, ENDED, run_id)

    async def _add(self, spec: RunSpec, kind: Kind, run_id: str) -> Run:
        queued = events.queued(run_id, spec)
        async with self._database.single() as connection:
            run = await store.add(connection, run_id, kind, spec, partial(self._outgoing.beside, event=queued))
        self._outgoing.wake()
        await self._bell.ring()
        return run

    async def _find(self, run_id: str) -> Run | None:
        async with self._database.single() as connection:
            return await store.find(connection, run_id)

    async def _resolved(self, config: Json | str) -> Json:
        if isinstance(config, str):
            config = (await self._bus.ask(GetControllerConfig(name=config))).config
        return config


def new_id() -> str:
    return secrets.token_hex(4)


def _has_ended(run: Run) -> bool:
    return run.status.has_ended


def _unknown(run_id: str) -> NotFound:
    return NotFound(f"There is no backtest {run_id}.", code="unknown_run")


def _storable(config: Json) -> Json:
    """Raises ``Unprocessable`` for what cannot be kept as JSON; the controller may still be named ``type.name``."""
    try:
        text = orjson.dumps(config)
    except TypeError as error:
        raise Unprocessable(f"The config cannot be kept: {error}.", code="bad_config") from error
    if len(text) > MAX_CONFIG_BYTES or b"\\u0000" in text:
        raise Unprocessable(
            f"The config must have at most {MAX_CONFIG_BYTES:,} bytes, and no zero byte.", code="bad_config"
        )
    kept: Json = orjson.loads(text)
    kind, _, name = str(kept.get("controller_name", "")).rpartition(".")
    if not kind:
        return kept
    return {"controller_type": kind, **kept, "controller_name": name}


def _in_config(error: ValidationError) -> list[dict[str, object]]:
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return [{**each, "loc": ("body", "config", *each["loc"])} for each in found]
