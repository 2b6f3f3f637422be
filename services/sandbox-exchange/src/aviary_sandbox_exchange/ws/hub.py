"""Topics and who listens to them. News waits here until the change it tells of is durable."""

from collections.abc import Callable
from typing import Protocol

import orjson


class Subscriber(Protocol):
    def deliver(self, topic: str, event: str) -> None:
        """``event`` is JSON; must not block."""


class Hub:
    def __init__(self) -> None:
        self._subscribers: dict[str, dict[Subscriber, None]] = {}
        self._waiting: list[tuple[str, object]] = []
        self._skips: dict[str, int] = {}
        self.first_subscribed: Callable[[str], None] = lambda _topic: None
        self.last_left: Callable[[str], None] = lambda _topic: None

    def subscribe(self, topic: str, subscriber: Subscriber) -> None:
        listeners = self._subscribers.setdefault(topic, {})
        listeners[subscriber] = None
        if len(listeners) == 1:
            self.first_subscribed(topic)

    def unsubscribe(self, topic: str, subscriber: Subscriber) -> None:
        listeners = self._subscribers.get(topic)
        if listeners is None or subscriber not in listeners:
            return
        del listeners[subscriber]
        if not listeners:
            del self._subscribers[topic]
            self.last_left(topic)

    def listened(self, topic: str) -> bool:
        return topic in self._subscribers

    def queue(self, topic: str, payload: object) -> None:
        """To be delivered by the next ``flush``; the payload must not change after this."""
        if topic in self._subscribers:
            self._waiting.append((topic, payload))

    def flush(self) -> None:
        if not self._waiting:
            return
        waiting, self._waiting = self._waiting, []
        for topic, payload in waiting:
            self.publish(topic, payload)

    def publish(self, topic: str, payload: object) -> None:
        listeners = self._subscribers.get(topic)
        if not listeners:
            return
        if skipped := self._skips.get(topic, 0):
            self._skips[topic] = skipped - 1
            return
        event = orjson.dumps(payload).decode()
        for listener in list(listeners):
            listener.deliver(topic, event)

    def skip(self, topic: str, count: int) -> None:
        """Swallow the next events of a topic: a gap, as a test wants it."""
        self._skips[topic] = count


def user_topic(side: str, account: str) -> str:
    return f"{side}:user:{account}"
