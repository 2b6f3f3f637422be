from pydantic import Field

from aviary_common.settings import AviarySettings


class FeedSettings(AviarySettings):
    """How long feeds live, and how old their news may be."""

    feed_timeout_s: float = Field(default=600.0, gt=0)
    """A feed that nobody has read for so long ends."""
    feed_look_s: float = Field(default=1.0, gt=0)
    """How often a replica looks which feeds are wanted and which have no owner."""
    feeds_max: int = Field(default=500, ge=0)
    """Feeds that there may be; what is beyond is asked of the venue each time. 0: this replica follows nothing, also
    not what others want."""
    feed_poll_s: float = Field(default=1.0, gt=0)
    """How often a venue is asked for what it cannot stream."""
    feed_retry_s: float = Field(default=0.5, gt=0)
    """The pause after a lost stream, doubled up to half a minute."""
    book_stale_s: float = Field(default=5.0, gt=0)
    """Older news are not served: the venue is asked instead."""
    candles_stale_s: float = Field(default=5.0, gt=0)
