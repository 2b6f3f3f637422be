"""The /sandbox routes."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from pydantic import BaseModel, ValidationError

from aviary_sandbox_exchange.control import actions, requests
from aviary_sandbox_exchange.control.books import account_view, totals_view
from aviary_sandbox_exchange.errors import VenueError
from aviary_sandbox_exchange.http.plain import Message, Receive, Send, answer_json, read_body
from aviary_sandbox_exchange.venue import Venue

Action = tuple[type[BaseModel], Callable[[Venue, Any], object]]

POSTS: dict[str, Action] = {
    "price": (requests.SetPrice, actions.set_price),
    "trade": (requests.MakeTrade, actions.make_trade),
    "freeze": (requests.FlowSwitch, actions.freeze),
    "resume": (requests.FlowSwitch, actions.resume),
    "clock": (requests.MoveClock, actions.move_clock),
    "deposit": (requests.Transfer, actions.transfer),
    "mark": (requests.SetMark, actions.set_mark),
    "funding": (requests.FundNow, actions.fund_now),
    "funding/rate": (requests.SetFundingRate, actions.set_funding_rate),
    "limits": (requests.SetLimits, actions.set_limits),
    "sockets/drop": (requests.DropSockets, actions.drop_sockets),
    "gaps": (requests.MakeGap, actions.make_gap),
    "faults": (requests.AddFault, actions.add_fault),
}


class Control:
    def __init__(self, venue: Venue) -> None:
        self._venue = venue

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        path = scope["path"].removeprefix("/sandbox/").rstrip("/")
        body = await read_body(receive) if scope["method"] == "POST" else b""
        status, answer = self._answer(scope["method"], path, body)
        await answer_json(send, status, answer)

    def _answer(self, method: str, path: str, body: bytes) -> tuple[int, object]:
        if method == "POST" and path in POSTS:
            return self._act(*POSTS[path], body)
        if method == "GET":
            return self._get(path)
        if method == "DELETE" and path.partition("/")[0] == "faults":
            return self._clear_faults(path.partition("/")[2])
        return 404, {"detail": f"no such route: {method} /sandbox/{path}"}

    def _act(self, model: type[BaseModel], action: Callable[[Venue, Any], object], body: bytes) -> tuple[int, object]:
        try:
            return 200, action(self._venue, model.model_validate_json(body or b"{}"))
        except ValidationError as refusal:
            return 422, {"detail": refusal.errors(include_url=False, include_context=False)}
        except VenueError as refusal:
            return 400, {"detail": refusal.message, "code": refusal.code}
        finally:
            self._venue.commit()

    def _get(self, path: str) -> tuple[int, object]:
        venue = self._venue
        head, _, rest = path.partition("/")
        if head == "accounts" and rest:
            return 200, account_view(venue, rest)
        if head == "accounts":
            return 200, {name: account_view(venue, name) for name in venue.ledger.accounts if not name.startswith("@")}
        if head == "totals":
            return 200, totals_view(venue)
        if head == "faults":
            return 200, [asdict(fault) for fault in venue.faults.active]
        if head == "clock":
            return 200, {"now_ms": venue.clock.now_ms(), "offset_ms": venue.clock.offset_ms}
        if head == "limits":
            return 200, {side: asdict(limit) for side, limit in venue.limits.limits.items()}
        if head == "sockets":
            return 200, [
                {
                    "kind": connection.kind,
                    "accounts": sorted(connection.accounts),
                    "streams": sorted(connection.streams),
                }
                for connection in venue.connections.open
            ]
        return 404, {"detail": f"no such route: GET /sandbox/{path}"}

    def _clear_faults(self, fault_id: str) -> tuple[int, object]:
        if fault_id and not fault_id.isdigit():
            return 404, {"detail": f"no such fault: {fault_id}"}
        self._venue.faults.clear(int(fault_id) if fault_id else None)
        return 200, [asdict(fault) for fault in self._venue.faults.active]
