"""market-data by HTTP: candles as Arrow in bulk, downloads of what it has not got yet, funding and trading rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

import httpx
import orjson

from aviary_backtesting.engine.port import CandleRange
from aviary_common.errors import AviaryError, Unavailable, from_wire
from aviary_strategies.intervals import seconds_of

COLUMNS: Final = ("open_time", "open", "high", "low", "close", "volume")
DIGEST: Final = "X-Candle-Digest"
GAPS: Final = "X-Candle-Gaps"
NOT_FETCHED: Final = "not fetched"
NOTES_MAX: Final = 20
"""The header names no more gaps than these."""
READ_S: Final = 60.0
NAME: Final = "market-data"


@dataclass(frozen=True, slots=True)
class Arrow:
    """``whole`` when the venue has been asked for all that is missing."""

    content: bytes
    digest: str
    whole: bool


@dataclass(frozen=True, slots=True)
class Download:
    id: int
    state: str
    done: int
    total: int
    error: str | None

    @property
    def is_under_way(self) -> bool:
        return self.state in ("queued", "running")


class Unchanged(Exception):
    """The candles are those of the digest that was named."""


class MarketData:
    """Raises market-data's own errors, and ``Unavailable`` while it is away."""

    def __init__(self, url: str, username: str, password: str) -> None:
        timeout = httpx.Timeout(READ_S, connect=2.0)
        self._http = httpx.AsyncClient(base_url=url, auth=(username, password), timeout=timeout, trust_env=False)

    async def close(self) -> None:
        await self._http.aclose()

    async def arrow(self, wanted: CandleRange, known: str | None) -> Arrow | None:
        """What is stored of a range; None when nothing is."""
        headers = {} if known is None else {"If-None-Match": known}
        query = {**_series(wanted), "start_time": wanted.start_s, "end_time": wanted.end_s, "column": list(COLUMNS)}
        answer = await self._send("GET", "/internal/candles", params=query, headers=headers)
        if answer.status_code == httpx.codes.NOT_MODIFIED:
            raise Unchanged
        if answer.status_code == httpx.codes.NOT_FOUND:
            return None
        _refuse_failure(answer)
        gaps = orjson.loads(answer.headers.get(GAPS, "[]"))
        whole = len(gaps) < NOTES_MAX and all(gap["reason"] != NOT_FETCHED for gap in gaps)
        return Arrow(answer.content, answer.headers[DIGEST], whole)

    async def download(self, wanted: CandleRange) -> Download:
        """Asking again returns the one that is under way. A download ends where its last candle closes."""
        end_s = wanted.end_s + seconds_of(wanted.interval)
        body = {**_series(wanted), "start_time": wanted.start_s, "end_time": end_s}
        return _download(await self._send("POST", "/market-data/downloads", json=body))

    async def look_at(self, download: Download) -> Download:
        return _download(await self._send("GET", f"/market-data/downloads/{download.id}"))

    async def stored(self, wanted: CandleRange) -> list[tuple[str, str]]:
        """From when to when there are candles of that market, as text."""
        market = {"connector_name": wanted.connector_name, "trading_pair": wanted.trading_pair}
        answer = await self._send("GET", "/market-data/candles/catalogue", params=market)
        _refuse_failure(answer)
        series = answer.json()["data"]
        return [(each["start"], each["end"]) for found in series for each in found["ranges"]]

    async def funding_rates(
        self, connector_name: str, trading_pair: str, start_s: float, end_s: float
    ) -> Sequence[tuple[float, float]]:
        """When (seconds) which rate was settled within both bounds, oldest first."""
        market = {"connector_name": connector_name, "trading_pair": trading_pair}
        query = {**market, "start_time": start_s, "end_time": end_s}
        answer = await self._send("GET", "/market-data/funding-rates", params=query)
        _refuse_failure(answer)
        return [(each["timestamp"], each["funding_rate"]) for each in orjson.loads(answer.content)]

    async def trading_rule(self, connector_name: str, trading_pair: str) -> Mapping[str, Any]:
        """By the names of ``/connectors``."""
        path = f"/connectors/{quote(connector_name, safe='')}/trading-rules"
        answer = await self._send("GET", path, params={"trading_pairs": trading_pair})
        _refuse_failure(answer)
        (rule,) = orjson.loads(answer.content).values()
        return dict(rule)

    async def _send(self, method: str, path: str, **how: Any) -> httpx.Response:
        try:
            return await self._http.request(method, path, **how)
        except httpx.HTTPError as error:
            raise Unavailable(NAME) from error


def _series(wanted: CandleRange) -> dict[str, str]:
    return {
        "connector_name": wanted.connector_name,
        "trading_pair": wanted.trading_pair,
        "interval": wanted.interval,
    }


def _download(answer: httpx.Response) -> Download:
    _refuse_failure(answer)
    body = answer.json()
    return Download(body["id"], body["state"], body["done"], body["total"], body["error"])


def _refuse_failure(answer: httpx.Response) -> None:
    """Its refusals are ours; its mistakes are not."""
    if answer.status_code < 400:
        return
    try:
        body = answer.json()
        detail, code = str(body["detail"]), str(body.get("code") or "refused")
    except (ValueError, KeyError, TypeError):
        detail, code = f"market-data answered {answer.status_code}", "unavailable"
    if answer.status_code >= 500 and answer.status_code not in (503, 504):
        raise Unavailable(NAME, detail)
    error: AviaryError = from_wire(answer.status_code, detail, code)
    raise error
