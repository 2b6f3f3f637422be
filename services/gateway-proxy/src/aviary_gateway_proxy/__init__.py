"""DEX access through Hummingbot Gateway."""
