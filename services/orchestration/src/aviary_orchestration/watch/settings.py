"""How closely bots are watched, and how long what they said is kept."""

from pydantic import Field

from aviary_common.settings import AviarySettings


class WatchSettings(AviarySettings):
    bot_watch_every_s: float = Field(default=2.0, gt=0)
    """How often every replica looks at runs, containers and problems; one of them acts on what it sees."""
    bot_sample_every_s: float = Field(default=300.0, gt=0)
    """Between two samples of every controller's performance."""
    bot_log_keep_days: float = Field(default=30.0, gt=0)
