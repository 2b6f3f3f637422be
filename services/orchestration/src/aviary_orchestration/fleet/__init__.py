"""All bots at a glance."""
