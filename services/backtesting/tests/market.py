"""market-data as its neighbours hear it: a store of minutes, and a venue that downloads come from."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import blake2b
from io import BytesIO
from typing import Annotated, Any

import numpy as np
import orjson
import polars as pl
import uvicorn
from fastapi import FastAPI, Header, HTTPException, Query, Response

from aviary_backtesting.candles.columns import candles_of, from_frame, longer, to_frame
from aviary_strategies.intervals import seconds_of
from aviary_testing.waiting import eventually

MINUTE_S = 60
COLUMNS = ["open_time", "open", "high", "low", "close", "volume"]


def walk(start_s: int, count: int, seed: int = 1) -> pl.DataFrame:
    """Minutes of a price that wanders."""
    random = np.random.default_rng(seed)
    close = 100 * np.exp(np.cumsum(random.normal(0, 0.001, count)))
    opened = np.concatenate(([100.0], close))[:count]
    return pl.DataFrame(
        {
            "open_time": start_s + MINUTE_S * np.arange(count),
            "open": opened,
            "high": np.maximum(opened, close) * 1.0005,
            "low": np.minimum(opened, close) * 0.9995,
            "close": close,
            "volume": random.uniform(1, 5, count),
        }
    )


@dataclass
class Market:
    """By trading pair, whatever the connector. ``sent`` counts the answers that had candles in them."""

    stored: dict[str, pl.DataFrame] = field(default_factory=dict)
    venue: dict[str, pl.DataFrame] = field(default_factory=dict)
    downloads: list[dict[str, Any]] = field(default_factory=list)
    sent: int = 0
    is_away: bool = False
    funding: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    rules: dict[str, dict[str, float]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    """What was asked about funding and rules."""
    url: str = ""

    def app(self) -> FastAPI:
        app = FastAPI()
        app.get("/internal/candles", response_model=None)(self._arrow)
        app.post("/market-data/downloads")(self._download)
        app.get("/market-data/downloads/{number}")(self._look)
        app.get("/market-data/candles/catalogue")(self._catalogue)
        app.get("/market-data/funding-rates")(self._settled)
        app.get("/connectors/{connector_name}/trading-rules")(self._rules)
        return app

    async def _arrow(
        self,
        connector_name: str,  # noqa: ARG002 - all of them are the same venue
        trading_pair: str,
        interval: str,
        start_time: float,
        end_time: float,
        column: Annotated[list[str], Query()],
        if_none_match: Annotated[str | None, Header()] = None,
    ) -> Response:
        if self.is_away:
            return Response('{"detail": "away", "code": "unavailable"}', 503)
        if trading_pair not in self.stored:
            raise HTTPException(404, "No candles are stored.")
        minutes = candles_of(from_frame(self.stored[trading_pair]), MINUTE_S)
        frame = to_frame(np.array(longer(minutes, seconds_of(interval)).columns))
        frame = frame.filter(pl.col("open_time").is_between(start_time, end_time))
        content = BytesIO()
        frame.select(column).write_ipc_stream(content)
        digest = blake2b(content.getvalue() + repr((start_time, end_time)).encode(), digest_size=16).hexdigest()
        if digest == if_none_match:
            return Response(status_code=304, headers={"X-Candle-Digest": digest})
        self.sent += 1
        gaps = self._gaps(trading_pair, start_time, end_time)
        headers = {"X-Candle-Digest": digest, "X-Candle-Gaps": orjson.dumps(gaps).decode()}
        return Response(content.getvalue(), headers=headers)

    def _gaps(self, pair: str, start: float, end: float) -> list[dict[str, Any]]:
        """What the venue would have and the store has not."""
        there = set(self.stored[pair]["open_time"].to_list())
        asked = self.venue.get(pair, self.stored[pair]).filter(pl.col("open_time").is_between(start, end))
        missing = [each for each in asked["open_time"].to_list() if each not in there]
        return [{"start": each, "end": each + MINUTE_S, "reason": "not fetched"} for each in missing[:20]]

    async def _download(self, body: dict[str, Any]) -> dict[str, Any]:
        pair = body["trading_pair"]
        if pair not in self.venue:
            raise HTTPException(404, f"The venue does not list {pair}.")
        span = {"pair": pair, "start": body["start_time"], "end": body["end_time"]}
        download = {"id": len(self.downloads), "state": "running", "done": 1, "total": 2, "error": None, **span}
        self.downloads.append(download)
        return download

    async def _look(self, number: int) -> dict[str, Any]:
        download = self.downloads[number]
        pair, opened = download["pair"], pl.col("open_time")
        fetched = self.venue[pair].filter((opened >= download["start"]) & (opened < download["end"]))
        stored = [fetched, *([self.stored[pair]] if pair in self.stored else [])]
        self.stored[pair] = pl.concat(stored).unique("open_time").sort("open_time")
        return download | {"state": "done", "done": 2}

    async def _catalogue(self, trading_pair: str) -> dict[str, Any]:
        frame = self.stored.get(trading_pair)
        ranges = [] if frame is None or not frame.height else [_range(frame)]
        return {"data": [{"ranges": ranges}]}

    async def _settled(self, trading_pair: str, start_time: float, end_time: float) -> list[dict[str, float]]:
        self.asked.append(f"funding {trading_pair}")
        if trading_pair not in self.funding:
            raise HTTPException(400, "No history.")
        told = self.funding[trading_pair]
        return [{"timestamp": at, "funding_rate": rate} for at, rate in told if start_time <= at <= end_time]

    async def _rules(self, connector_name: str, trading_pairs: str) -> dict[str, dict[str, float]]:
        self.asked.append(f"rules {trading_pairs}")
        if trading_pairs not in self.rules:
            raise HTTPException(404, f"{connector_name} does not list {trading_pairs}.")
        return {trading_pairs: self.rules[trading_pairs]}


def rule(**told: float) -> dict[str, float]:
    """As ``/connectors`` names them; 0 where nothing is said."""
    names = ("min_base_amount_increment", "min_price_increment", "min_order_size", "min_notional_size")
    return dict.fromkeys(names, 0.0) | told


def _range(frame: pl.DataFrame) -> dict[str, str]:
    opens = frame["open_time"].to_list()
    return {name: datetime.fromtimestamp(at, UTC).isoformat() for name, at in (("start", opens[0]), ("end", opens[-1]))}


@asynccontextmanager
async def serving(market: Market) -> AsyncIterator[None]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        market.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        server = uvicorn.Server(uvicorn.Config(market.app(), log_level="warning", lifespan="off"))
        running = asyncio.create_task(server.serve([listening]))
        await eventually(lambda: server.started)
        try:
            yield
        finally:
            server.should_exit = True
            await running
