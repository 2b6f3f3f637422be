"""The WebSocket API: REST's handlers by method name, and the user stream on the same connection."""

from collections.abc import Mapping
from itertools import count

import orjson

from aviary_sandbox_exchange.errors import Reason, VenueError
from aviary_sandbox_exchange.http.dispatch import check_signed
from aviary_sandbox_exchange.http.endpoints import Call, Endpoint, Security
from aviary_sandbox_exchange.http.params import Params
from aviary_sandbox_exchange.pairs import Side
from aviary_sandbox_exchange.signatures import check_key
from aviary_sandbox_exchange.venue import Venue
from aviary_sandbox_exchange.ws.connection import Connection
from aviary_sandbox_exchange.ws.hub import user_topic

SUBSCRIBE = ("userDataStream.subscribe", "userDataStream.subscribe.signature")
UNSUBSCRIBE = "userDataStream.unsubscribe"
LOG_ON = "session.logon"
"""Afterwards requests on this connection may come without key and signature."""
LOG_OUT = "session.logout"


class UserSubscription:
    """One account's events on one connection, wrapped with the subscription's id."""

    def __init__(self, connection: Connection, topic: str, subscription_id: int) -> None:
        self._connection = connection
        self.topic = topic
        self.id = subscription_id

    def deliver(self, topic: str, event: str) -> None:  # noqa: ARG002
        self._connection.push(f'{{"subscriptionId":{self.id},"event":{event}}}')


class ApiSocket:
    def __init__(self, venue: Venue, connection: Connection, routes: Mapping[str, Endpoint], side: Side) -> None:
        self._venue = venue
        self._connection = connection
        self._routes = routes
        self._side = side
        self._logged_on: str | None = None
        self._ids = count()
        self._subscriptions: dict[int, UserSubscription] = {}

    def close(self) -> None:
        for subscription in self._subscriptions.values():
            self._venue.hub.unsubscribe(subscription.topic, subscription)
        self._subscriptions.clear()

    def receive(self, text: str) -> None:
        try:
            message = orjson.loads(text)
            request_id = message.get("id")
            method, sent = str(message.get("method")), message.get("params") or {}
        except (orjson.JSONDecodeError, AttributeError):
            self._answer(None, 400, error={"code": -1135, "msg": "Invalid JSON Request"})
            return
        params = Params({name: _text(value) for name, value in sent.items()})
        try:
            result = self._call(method, params)
            self._venue.commit()
            self._answer(request_id, 200, result=result)
        except VenueError as refusal:
            self._venue.commit()
            self._answer(request_id, refusal.status, error={"code": refusal.code, "msg": refusal.message})

    def _call(self, method: str, params: Params) -> object:
        venue = self._venue
        if method in SUBSCRIBE:
            venue.limits.use(self._side, 2)
            return self._subscribe(self._caller(params))
        if method == UNSUBSCRIBE:
            venue.limits.use(self._side, 2)
            return self._unsubscribe(params.find_integer("subscriptionId"))
        if method in (LOG_ON, LOG_OUT):
            self._logged_on = self._signed(params) if method == LOG_ON else None
            return {"apiKey": self._logged_on, "serverTime": venue.clock.now_ms()}
        endpoint = self._routes.get(method)
        if endpoint is None:
            raise VenueError(Reason.NO_SUCH_PATH, path=method)
        venue.limits.use(endpoint.side, endpoint.weigh(params))
        caller = None
        if endpoint.security is Security.SIGNED:
            caller = self._caller(params)
        elif endpoint.security is Security.KEY:
            caller = venue.accounts.open(check_key(params.find("apiKey")))
        if endpoint.places and caller is not None:
            venue.limits.count_order(endpoint.side, caller)
        return endpoint.handler(Call(venue, endpoint.side, params, caller))

    def _caller(self, params: Params) -> str:
        """Who signed, or who logged on before."""
        if "signature" in params or "apiKey" in params:
            return self._signed(params)
        if self._logged_on is None:
            raise VenueError(Reason.REJECTED_KEY)
        return self._logged_on

    def _signed(self, params: Params) -> str:
        """The payload is all parameters by name, unescaped, without the signature."""
        api_key = check_key(params.find("apiKey"))
        payload = "&".join(f"{name}={value}" for name, value in sorted(params.values.items()) if name != "signature")
        check_signed(api_key, params, payload, self._venue)
        return self._venue.accounts.open(api_key)

    def _subscribe(self, account: str) -> object:
        self._connection.accounts.add(account)
        subscription = UserSubscription(self._connection, user_topic(self._side, account), next(self._ids))
        self._subscriptions[subscription.id] = subscription
        self._venue.hub.subscribe(subscription.topic, subscription)
        return {"subscriptionId": subscription.id}

    def _unsubscribe(self, subscription_id: int | None) -> object:
        chosen = list(self._subscriptions) if subscription_id is None else [subscription_id]
        for key in chosen:
            subscription = self._subscriptions.pop(key, None)
            if subscription is not None:
                self._venue.hub.unsubscribe(subscription.topic, subscription)
        return {}

    def _answer(self, request_id: object, status: int, **outcome: object) -> None:
        self._connection.push(orjson.dumps({"id": request_id, "status": status, **outcome}).decode())


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return orjson.dumps(value).decode() if isinstance(value, list | dict) else str(value)
