from typing import Annotated, Literal

from pydantic import BaseModel, Field

from aviary_common.models import Name, Tolerant, TradingPair, example


class FeedOut(BaseModel):
    """Times in epoch seconds. ``owner`` is the replica that follows it at the venue, null until one does; ``source`` is
    ``websocket``, or ``rest`` where the venue has no stream; ``age_s`` since its last news."""

    feed_type: str
    last_access_time: float
    seconds_since_access: float
    will_expire_in: float | None
    """Null: it stays until it is removed."""
    config: str
    owner: str | None
    source: str | None
    age_s: float | None
    updates: int
    restarts: int
    problem: str | None


class FeedSettingsOut(BaseModel):
    cleanup_interval: float
    feed_timeout: float
    description: str


class TradingPairRequest(Tolerant):
    """Books are public: ``account_name`` is accepted and changes nothing."""

    model_config = example({"connector_name": "sandbox", "trading_pair": "ETH-USDT"})

    connector_name: Name
    trading_pair: TradingPair
    account_name: str | None = None


class AddTradingPairRequest(TradingPairRequest):
    model_config = example({"connector_name": "sandbox", "trading_pair": "ETH-USDT", "timeout": 10.0})

    timeout: Annotated[float, Field(ge=1, le=120)] = 30.0


class TradingPairOut(BaseModel):
    success: bool
    connector_name: str
    trading_pair: str
    message: str


class TaskOut(BaseModel):
    exists: bool
    done: bool
    cancelled: bool
    exception: str | None


class BookHealth(BaseModel):
    best_bid: float | None
    best_ask: float | None
    bid_count: int
    ask_count: int
    snapshot_uid: int | None
    last_diff_uid: int | None
    owner: str | None
    source: str | None
    age_s: float | None
    restarts: int


class Diagnostics(BaseModel):
    connector_type: str
    connector_name: str
    has_order_book_tracker: bool
    tracker_ready: bool
    tasks: dict[str, TaskOut]
    trading_pairs: list[str]
    order_books: dict[str, BookHealth]
    metrics: dict[str, float]
    websocket_status: Literal["connected", "not_connected", "unknown"]


class Restarted(BaseModel):
    success: bool
    message: str
    trading_pairs: list[str]
