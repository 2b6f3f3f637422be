"""How patient we are with bots."""

from pydantic import Field

from aviary_common.settings import AviarySettings


class LifecycleSettings(AviarySettings):
    bot_command_deadline_s: float = Field(default=30.0, gt=0)
    """A bot that cancels its orders first takes its time."""
    bot_start_deadline_s: float = Field(default=60.0, gt=0)
    """From the start of its container to the first word."""
    bot_settle_s: float = Field(default=15.0, ge=0)
    """How long a stopped bot may go on reporting before its container is stopped."""
