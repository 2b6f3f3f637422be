"""The running stack's stored candles, through its REST API."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, Self

import httpx

from aviary_local.errors import LaunchError
from aviary_local.home import Home
from aviary_local.running_api import Api, followed, not_reached, reason, running_api

DEADLINE_S: Final = 120.0
"""A large file may need this long."""
LATELY: Final = timedelta(days=30)
KINDS: Final = {".csv": ("csv", "text/csv"), ".parquet": ("parquet", "application/vnd.apache.parquet")}


@dataclass(frozen=True)
class Gap:
    start: str
    end: str
    reason: str


@dataclass(frozen=True)
class Job:
    id: int
    name: str
    state: str
    done: int
    total: int
    gaps: Sequence[Gap]
    error: str | None

    @classmethod
    def of(cls, answer: Mapping[str, Any]) -> Self:
        name = f"{answer['connector_name']} {answer['trading_pair']} {answer['interval']}"
        gaps = [Gap(gap["start"], gap["end"], gap["reason"]) for gap in answer["gaps"]]
        return cls(answer["id"], name, answer["state"], answer["done"], answer["total"], gaps, answer["error"])

    @property
    def has_ended(self) -> bool:
        return self.state not in ("queued", "running")


@dataclass(frozen=True)
class Entry:
    """One line of the catalogue; ``start`` and ``end`` of all its ranges."""

    connector_name: str
    trading_pair: str
    interval: str
    start: str
    end: str
    ranges: int
    rows: int
    bytes: int
    gaps: int


@dataclass(frozen=True)
class Taken:
    rows: int
    still_open: int


class StoredCandles:
    def __init__(self, api: Api) -> None:
        self._ask = api.ask
        self._client = api.client

    @classmethod
    @contextmanager
    def of_running_stack(cls, home: Home, environment: Mapping[str, str]) -> Iterator[Self]:
        """NotRunning when there is none."""
        with running_api(home, environment, deadline_s=DEADLINE_S) as api:
            yield cls(api)

    def download(self, connector: str, pair: str, interval: str, start: str | None, end: str | None) -> Job:
        body = {
            "connector_name": connector,
            "trading_pair": pair,
            "interval": interval,
            "start_time": start or (datetime.now(UTC) - LATELY).date().isoformat(),
            "end_time": end,
        }
        return Job.of(self._ask("POST", "/market-data/downloads", json=body).json())

    def follow(self, job: Job) -> Iterator[Job]:
        """As it goes on, until it has ended. A stack that is away for a while is waited for."""
        yield from followed(job, lambda: Job.of(self._ask("GET", f"/market-data/downloads/{job.id}").json()))

    def cancel(self, job: Job) -> None:
        self._ask("DELETE", f"/market-data/downloads/{job.id}")

    def catalogue(self, connector: str | None, pair: str | None) -> list[Entry]:
        wanted = {"connector_name": connector, "trading_pair": pair, "limit": 1000, "cursor": None}
        found: list[Entry] = []
        while True:
            query = {name: value for name, value in wanted.items() if value is not None}
            page = self._ask("GET", "/market-data/candles/catalogue", params=query).json()
            found += [_entry(series) for series in page["data"]]
            if page["next_cursor"] is None:
                return found
            wanted["cursor"] = page["next_cursor"]

    def export(
        self, connector: str, pair: str, interval: str, start: str | None, end: str | None, file: Path
    ) -> list[Gap]:
        """The gaps of what was written."""
        kind, _ = _kind(file)
        query = {
            "connector_name": connector,
            "trading_pair": pair,
            "interval": interval,
            "start_time": start or self._first(connector, pair),
            "format": kind,
        }
        if end is not None:
            query["end_time"] = end
        draft = file.with_name(f".{file.name}.part")
        try:
            with self._client.stream("GET", "/market-data/candles/export", params=query) as answer:
                if not answer.is_success:
                    answer.read()
                    raise LaunchError(reason(answer))
                with draft.open("wb") as target:
                    for chunk in answer.iter_bytes():
                        target.write(chunk)
                notes = answer.headers.get("X-Candle-Gaps", "[]")
        except httpx.HTTPError as error:
            raise not_reached(error) from None
        except OSError as error:
            raise LaunchError(f"{file} cannot be written: {error.strerror}.") from None
        else:
            draft.replace(file)
        finally:
            draft.unlink(missing_ok=True)
        return _gaps(notes)

    def take(self, connector: str, pair: str, interval: str, file: Path, *, overwrite: bool) -> Taken:
        _, content_type = _kind(file)
        query = {"connector_name": connector, "trading_pair": pair, "interval": interval, "overwrite": overwrite}
        with file.open("rb") as content:
            answer = self._ask(
                "POST",
                "/market-data/candles/import",
                params=query,
                content=content,
                headers={"Content-Type": content_type},
            ).json()
        return Taken(answer["rows"], answer["still_open"])

    def _first(self, connector: str, pair: str) -> str:
        starts = [entry.start for entry in self.catalogue(connector, pair) if entry.ranges]
        if not starts:
            raise LaunchError(f"No candles of {pair} at {connector} are stored: aviary candles download fetches them.")
        return min(starts)


def _kind(file: Path) -> tuple[str, str]:
    if (kind := KINDS.get(file.suffix.lower())) is None:
        raise LaunchError(f"{file} must end in {' or '.join(KINDS)}.")
    return kind


def _entry(series: Mapping[str, Any]) -> Entry:
    ranges = series["ranges"]
    return Entry(
        series["connector_name"],
        series["trading_pair"],
        series["interval"],
        ranges[0]["start"] if ranges else "",
        ranges[-1]["end"] if ranges else "",
        len(ranges),
        series["rows"],
        series["bytes"],
        len(series["gaps"]),
    )


def _gaps(header: str) -> list[Gap]:
    return [Gap(_time(note["start"]), _time(note["end"]), note["reason"]) for note in json.loads(header)]


def _time(at_s: int) -> str:
    return datetime.fromtimestamp(at_s, UTC).isoformat()
