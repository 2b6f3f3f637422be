"""A stream connection: /ws (plain events) or /stream (events with their stream's name)."""

from urllib.parse import parse_qs

import orjson

from aviary_sandbox_exchange.pairs import Side
from aviary_sandbox_exchange.venue import Venue
from aviary_sandbox_exchange.ws.connection import Connection
from aviary_sandbox_exchange.ws.hub import user_topic

MAX_STREAMS = 1_024


class MarketSocket:
    """What a name subscribes to: a market stream, or a user's, when it is a listen key."""

    def __init__(self, venue: Venue, connection: Connection, side: Side, *, combined: bool) -> None:
        self._venue = venue
        self._connection = connection
        self._side = side
        self._combined = combined
        self._streams: dict[str, str] = {}

    def open(self, path_streams: list[str], query: str) -> None:
        """Subscribe to what the address names; parts that are no stream are ignored, as on Binance."""
        asked = parse_qs(query)
        names = [*path_streams, *asked.get("streams", [""])[0].split("/"), *asked.get("listenKey", [])]
        for name in names:
            if "@" in name or name.startswith("!") or self._venue.listen_keys.find(self._side, name):
                self._subscribe(name)

    def close(self) -> None:
        for topic in self._streams:
            self._venue.hub.unsubscribe(topic, self)
        self._streams.clear()

    def deliver(self, topic: str, event: str) -> None:
        if self._combined:
            event = f'{{"stream":{orjson.dumps(self._streams[topic]).decode()},"data":{event}}}'
        self._connection.push(event)

    def receive(self, text: str) -> None:
        try:
            message = orjson.loads(text)
        except orjson.JSONDecodeError:
            self._refuse(None, "Invalid JSON: expected value")
            return
        if not isinstance(message, dict):
            self._refuse(None, "Invalid request: request must be an object")
            return
        request_id, names = message.get("id"), message.get("params") or []
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            self._refuse(request_id, "Invalid request: params must be a list of strings")
            return
        match message.get("method"):
            case "SUBSCRIBE":
                for name in names:
                    self._subscribe(name)
                self._answer(request_id, None)
            case "UNSUBSCRIBE":
                for name in names:
                    self._unsubscribe(name)
                self._answer(request_id, None)
            case "LIST_SUBSCRIPTIONS":
                self._answer(request_id, list(self._streams.values()))
            case method:
                self._refuse(request_id, f"Invalid request: unknown method {method!r}")

    def _subscribe(self, name: str) -> None:
        if len(self._streams) >= MAX_STREAMS:
            return
        topic = self._topic(name)
        self._streams[topic] = name
        self._connection.streams.add(topic)
        self._venue.hub.subscribe(topic, self)

    def _unsubscribe(self, name: str) -> None:
        topic = self._topic(name)
        if self._streams.pop(topic, None) is not None:
            self._connection.streams.discard(topic)
            self._venue.hub.unsubscribe(topic, self)

    def _topic(self, name: str) -> str:
        key = self._venue.listen_keys.find(self._side, name)
        if key is None:
            return f"{self._side}:{name}"
        self._connection.accounts.add(key.account)
        return user_topic(self._side, key.account)

    def _answer(self, request_id: object, result: object) -> None:
        self._connection.push(orjson.dumps({"result": result, "id": request_id}).decode())

    def _refuse(self, request_id: object, words: str) -> None:
        self._connection.push(orjson.dumps({"error": {"code": 2, "msg": words}, "id": request_id}).decode())
