"""WebSocket: market streams, user streams and the WebSocket API."""
