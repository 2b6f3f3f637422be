"""Market data as it happens: a WebSocket in the official client's words, and server-sent events."""
