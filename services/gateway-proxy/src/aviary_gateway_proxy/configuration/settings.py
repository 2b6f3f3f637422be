"""How long is believed what Gateway said."""

from pydantic import Field

from aviary_common.settings import AviarySettings


class ReadingSettings(AviarySettings):
    gateway_lists_max_age_s: float = Field(default=60.0, ge=0)
    """Of chains, networks, connectors and lists of tokens."""
    node_seen_for_s: float = Field(default=3.0, ge=0)
    """How long a chain's node is held for alive, or dead, after a look."""
    wallets_max_age_s: float = Field(default=60.0, ge=0)
    """Of wallets' balances in the portfolio; each costs Gateway seconds of CPU."""
