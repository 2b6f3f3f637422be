"""``/archived-bots``: what a bot left behind in its own SQLite file, read and never written."""
