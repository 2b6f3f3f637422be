"""Bots as they are heard: their reports, logs and events, and the commands they take."""
