"""A stand-in for Hummingbot Gateway 2.13.0: its HTTP protocol, its shapes and its traps, on a chain in memory."""
