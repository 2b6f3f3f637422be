"""What the feeds are doing, over all replicas."""

import time
from collections.abc import Mapping
from typing import Literal

from aviary_exchange.types import StreamKind
from aviary_market_data.feeds.health import Health
from aviary_market_data.feeds.key import FeedKey
from aviary_market_data.feeds.schemas import BookHealth, Diagnostics, FeedOut, TaskOut
from aviary_market_data.feeds.wanted import Want

Found = Mapping[FeedKey, tuple[Want, Health | None]]


def active_feeds(found: Found, timeout_s: float) -> dict[str, FeedOut]:
    now = time.time()
    in_order = sorted(found.items(), key=lambda entry: entry[0].name)
    return {key.name: _feed(key, want, health, now, timeout_s) for key, (want, health) in in_order}


def diagnostics(connector: str, found: Found) -> Diagnostics:
    """``tracker_ready`` when every book that is wanted has been heard of and none is interrupted."""
    now = time.time()
    books = {
        key.trading_pair: health
        for key, (_, health) in found.items()
        if key.connector == connector and key.kind is StreamKind.BOOK
    }
    known = [health for health in books.values() if health is not None]
    connected = [health for health in known if health.is_connected]
    return Diagnostics(
        connector_type="aviary",
        connector_name=connector,
        has_order_book_tracker=bool(books),
        tracker_ready=bool(books) and len(connected) == len(books),
        tasks={pair: _task(health) for pair, health in books.items()},
        trading_pairs=sorted(books),
        order_books={pair: _book(health, now) for pair, health in books.items() if health is not None},
        metrics={
            "updates": sum(health.updates for health in known),
            "restarts": sum(health.restarts for health in known),
            "replicas": len({health.owner for health in known}),
        },
        websocket_status=_status(known, connected),
    )


def _status(known: list[Health], connected: list[Health]) -> Literal["connected", "not_connected", "unknown"]:
    if not any(health.source == "websocket" for health in known):
        return "unknown"
    return "connected" if connected else "not_connected"


def _feed(key: FeedKey, want: Want, health: Health | None, now: float, timeout_s: float) -> FeedOut:
    idle_s = max(0.0, now - want.asked_at)
    return FeedOut(
        feed_type=key.kind,
        last_access_time=want.asked_at,
        seconds_since_access=round(idle_s, 1),
        will_expire_in=None if want.pinned else round(timeout_s - idle_s, 1),
        config=" ".join(filter(None, (key.connector, key.trading_pair, key.interval, f"size={want.size}"))),
        owner=health.owner if health else None,
        source=health.source if health else None,
        age_s=_age(health, now),
        updates=health.updates if health else 0,
        restarts=health.restarts if health else 0,
        problem=health.problem if health else None,
    )


def _book(health: Health, now: float) -> BookHealth:
    return BookHealth(
        best_bid=float(health.best_bid) if health.best_bid else None,
        best_ask=float(health.best_ask) if health.best_ask else None,
        bid_count=health.bid_count,
        ask_count=health.ask_count,
        snapshot_uid=health.snapshot_uid,
        last_diff_uid=health.last_diff_uid,
        owner=health.owner,
        source=health.source,
        age_s=_age(health, now),
        restarts=health.restarts,
    )


def _task(health: Health | None) -> TaskOut:
    return TaskOut(exists=health is not None, done=False, cancelled=False, exception=health.problem if health else None)


def _age(health: Health | None, now: float) -> float | None:
    return None if health is None or health.told_at is None else round(max(0.0, now - health.told_at), 3)
