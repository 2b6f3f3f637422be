"""What a feed is a feed of."""

from dataclasses import dataclass
from typing import Self

from aviary_exchange.types import StreamKind


@dataclass(frozen=True, slots=True)
class FeedKey:
    """``interval`` is that of candles, and of nothing else."""

    kind: StreamKind
    connector: str
    trading_pair: str
    interval: str = ""

    @property
    def id(self) -> str:
        return "|".join((self.kind, self.connector, self.trading_pair, self.interval))

    @classmethod
    def from_id(cls, text: str) -> Self:
        kind, connector, trading_pair, interval = text.split("|")
        return cls(StreamKind(kind), connector, trading_pair, interval)

    @property
    def name(self) -> str:
        """As ``active-feeds`` and the WebSocket's subscriptions spell it: ``candles_binance_BTC-USDT_1m``."""
        return "_".join(filter(None, (self.kind, self.connector, self.trading_pair, self.interval)))

    @property
    def state(self) -> str:
        """Where Valkey keeps what the feed knows."""
        return f"feed:{self.id}"

    @property
    def channel(self) -> str:
        """Where changes are told. Of candles only the last ones change, so they have a key of their own."""
        return f"{self.state}:last" if self.kind is StreamKind.CANDLES else self.state
