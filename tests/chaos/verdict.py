"""What must be true once the world is quiet again: plain comparisons, each difference one line."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from aviary_sandbox_exchange.accounts import STARTING_BALANCE
from tests.chaos.evidence import Case, OurFill, OurOrder, Told
from tests.chaos.schedule import MARKETS
from tests.chaos.traffic import Trip

STATES: Final = {
    "NEW": "OPEN",
    "PARTIALLY_FILLED": "PARTIALLY_FILLED",
    "FILLED": "FILLED",
    "CANCELED": "CANCELLED",
    "EXPIRED": "CANCELLED",
}
_TRADING_PAIRS: Final = {
    market.trading_pair.replace("-", ""): market.trading_pair for markets in MARKETS.values() for market in markets
}


def differences(trip: Trip, case: Case) -> list[str]:
    """Empty when everything agrees."""
    side = case.books["futures" if trip.schedule.connector == "sandbox_perpetual" else "spot"]
    return [
        *_orders(side["orders"], case.orders),
        *_fills(side["trades"], case.orders, case.fills),
        *_sums(case.orders, case.fills),
        *(_wallet(side, case) if "wallet" in side else _balances(side["balances"], case)),
        *_sent(case.books["sent"], case.orders),
        *_answers(trip, side["orders"], case.orders),
        *_events(case.orders, case.fills, case.events),
    ]


def _orders(theirs: Sequence[Mapping[str, Any]], ours: Sequence[OurOrder]) -> Iterator[str]:
    for name, count in Counter(order["clientOrderId"] for order in theirs).items():
        if count > 1:
            yield f"order {name}: the venue has it {count} times"
    at_venue = {order["clientOrderId"]: order for order in theirs}
    known = {order.client_order_id: order for order in ours}
    for name in at_venue.keys() - known.keys():
        yield f"order {name}: the venue has it and we do not"
    for name, order in known.items():
        if name in at_venue:
            yield from _order(order, at_venue[name])
        elif order.status != "FAILED":
            yield f"order {name}: we have it {order.status} and the venue does not have it"


def _order(our: OurOrder, their: Mapping[str, Any]) -> Iterator[str]:
    filled, quote = Decimal(their["executedQty"]), _quote(their)
    status = STATES[their["status"]]
    pairs: Sequence[tuple[str, object, object]] = (
        ("id", our.exchange_order_id, str(their["orderId"])),
        ("status", our.status, status),
        ("pair", our.trading_pair, _TRADING_PAIRS[their["symbol"]]),
        ("side", our.trade_type, their["side"]),
        ("amount", our.amount, Decimal(their["origQty"])),
        ("price", our.price or Decimal(0), Decimal(their["price"])),
        ("filled amount", our.filled_amount, filled),
        ("venue's filled amount", our.venue_filled_amount, filled),
        ("filled quote", our.filled_quote, quote),
        ("settled", our.settled, status in {"FILLED", "CANCELLED"}),
    )
    for what, mine, its in pairs:
        if mine != its:
            yield f"order {our.client_order_id}: {what} is {mine} here and {its} at the venue"


def _quote(their: Mapping[str, Any]) -> Decimal:
    return Decimal(their["cumQuote"] if "cumQuote" in their else their["cummulativeQuoteQty"])


Execution = tuple[str, str, str, Decimal, Decimal, Decimal, str, bool]


def _fills(theirs: Sequence[Mapping[str, Any]], orders: Sequence[OurOrder], ours: Sequence[OurFill]) -> Iterator[str]:
    venue_ids = {order.id: order.exchange_order_id or "?" for order in orders}
    here: Counter[Execution] = Counter(
        (
            venue_ids[fill.order_id],
            fill.trade_id,
            fill.trading_pair,
            fill.amount.normalize(),
            fill.price.normalize(),
            fill.fee.normalize(),
            fill.fee_currency,
            fill.is_maker,
        )
        for fill in ours
    )
    there: Counter[Execution] = Counter(
        (
            str(trade["orderId"]),
            str(trade["id"]),
            _TRADING_PAIRS[trade["symbol"]],
            Decimal(trade["qty"]).normalize(),
            Decimal(trade["price"]).normalize(),
            Decimal(trade["commission"]).normalize(),
            trade["commissionAsset"],
            trade["maker"] if "maker" in trade else trade["isMaker"],
        )
        for trade in theirs
    )
    for fill, count in (there - here).items():
        yield f"fill {fill}: missing here, {count} times"
    for fill, count in (here - there).items():
        yield f"fill {fill}: {count} more here than at the venue"


def _sums(orders: Sequence[OurOrder], fills: Sequence[OurFill]) -> Iterator[str]:
    """What an order says of its fills is what its fills say."""
    for order in orders:
        own = [fill for fill in fills if fill.order_id == order.id]
        if order.filled_amount != sum(fill.amount for fill in own):
            yield f"order {order.client_order_id}: its filled amount is not the sum of its fills"
        if order.filled_quote != sum(fill.amount * fill.price for fill in own):
            yield f"order {order.client_order_id}: its filled quote is not the sum of its fills"
        if order.fee_paid != sum(fill.fee for fill in own):
            yield f"order {order.client_order_id}: its fee is not the sum of its fills' fees"


def _balances(theirs: Mapping[str, Any], case: Case) -> Iterator[str]:
    """The board's are the venue's, and both are what our own fills make of the starting balance."""
    held = {
        token: (Decimal(entry["free"]) + Decimal(entry["locked"]), Decimal(entry["free"]))
        for token, entry in theirs.items()
    }
    yield from _board({token: both for token, both in held.items() if both[0]}, case)
    expected = {token: Decimal(amount) for token, amount in STARTING_BALANCE.items()} if held else {}
    for fill in case.fills:
        base, _, quote = fill.trading_pair.partition("-")
        sign = 1 if fill.trade_type == "BUY" else -1
        expected[base] += sign * fill.amount
        expected[quote] -= sign * fill.amount * fill.price
        expected[fill.fee_currency] -= fill.fee
    for token, amount in expected.items():
        if held[token][0] != amount:
            yield f"balance {token}: {held[token][0]} at the venue, and our fills make {amount}"


def _wallet(side: Mapping[str, Any], case: Case) -> Iterator[str]:
    """Futures: what is available moves with the mark price, the wallet and the positions with fills only."""
    told = {entry["token"]: Decimal(entry["total"]) for entry in (case.board or {"balances": []})["balances"]}
    if told.get("USDT") != Decimal(side["wallet"]):
        yield f"wallet: {told.get('USDT')} on the board and {side['wallet']} at the venue"
    held: Counter[str] = Counter()
    for fill in case.fills:
        held[fill.trading_pair.replace("-", "")] += fill.amount if fill.trade_type == "BUY" else -fill.amount  # type: ignore[assignment]
    for symbol in held.keys() | side["positions"].keys():
        quantity = Decimal(side["positions"].get(symbol, {"quantity": 0})["quantity"])
        if held[symbol] != quantity:
            yield f"position {symbol}: {quantity} at the venue, and our fills make {held[symbol]}"


def _board(held: Mapping[str, tuple[Decimal, Decimal]], case: Case) -> Iterator[str]:
    if case.board is None:
        yield "balances: none on the board"
        return
    told = {entry["token"]: (Decimal(entry["total"]), Decimal(entry["available"])) for entry in case.board["balances"]}
    for token in held.keys() | told.keys():
        if held.get(token) != told.get(token):
            yield f"balance {token}: {told.get(token)} on the board and {held.get(token)} at the venue"


def _sent(sent: Mapping[str, int], orders: Sequence[OurOrder]) -> Iterator[str]:
    known = {order.client_order_id for order in orders}
    for name, count in sent.items():
        if count > 1:
            yield f"order {name}: sent to the venue {count} times"
        if name not in known:
            yield f"order {name}: sent to the venue without an intent"


def _answers(trip: Trip, theirs: Sequence[Mapping[str, Any]], ours: Sequence[OurOrder]) -> Iterator[str]:
    at_venue = {order["clientOrderId"]: STATES[order["status"]] for order in theirs}
    known = {order.client_order_id: order for order in ours}
    for answer in trip.answers:
        if answer.answered != answer.asked:
            yield f"order {answer.name}: request {answer.asked} got the answer of {answer.answered}"
    for name in {answer.name for answer in trip.answers}:
        placed, order = trip.told(name), known.get(name)
        for answer in placed:
            if answer.status == 500:
                yield f"order {name}: answered 500 {answer.text}"
            if answer.acknowledged and order is None:
                yield f"order {name}: acknowledged with {answer.status} and not stored"
            if answer.status == 201 and name not in at_venue:
                yield f"order {name}: acknowledged as submitted and not at the venue"
        if placed and all(answer.refused for answer in placed) and name in at_venue:
            yield f"order {name}: refused every time, and the venue has it"
        if placed and all(answer.refused for answer in placed) and order is not None and order.status != "FAILED":
            yield f"order {name}: refused every time, and stored as {order.status}"
        for answer in trip.told(name, "cancel"):
            if answer.status == 500:
                yield f"order {name}: its cancellation was answered 500 {answer.text}"
            if answer.status == 200 and "CANCELLED" in answer.text and at_venue.get(name, "CANCELLED") != "CANCELLED":
                yield f"order {name}: told cancelled, and {at_venue[name]} at the venue"
            if answer.status == 200 and order is not None and not order.settled:
                yield f"order {name}: told to be over, and it is {order.status}"


def _events(orders: Sequence[OurOrder], fills: Sequence[OurFill], events: Sequence[Told]) -> Iterator[str]:
    for message_id, count in Counter(event.message_id for event in events).items():
        if count > 1:
            yield f"event {message_id}: {count} times in JetStream"
    for order in orders:
        own = [event for event in events if event.client_order_id == order.client_order_id]
        yield from _story(order, [fill for fill in fills if fill.order_id == order.id], own)


def _story(order: OurOrder, fills: Sequence[OurFill], events: Sequence[Told]) -> Iterator[str]:
    """Accepted, every fill, and the end: each told once, in this order, with what is true."""
    name = order.client_order_id
    kinds = Counter(event.kind for event in events)
    accepted = order.status not in {"PENDING_CREATE", "FAILED"}
    expected = {
        "accepted": int(accepted),
        "filled": len(fills),
        "cancelled": int(order.status == "CANCELLED"),
        "rejected": int(order.status == "FAILED"),
    }
    for kind, count in expected.items():
        if kinds[kind] != count:
            yield f"order {name}: {kind} was told {kinds[kind]} times instead of {count}"
    story = [event.kind for event in events if event.kind != "unresolved"]
    if accepted and story and story[0] != "accepted":
        yield f"order {name}: its story begins with {story[0]}"
    told = sorted(
        (e.body["trade_id"], Decimal(e.body["fill_amount"]), Decimal(e.body["fill_price"]), Decimal(e.body["fee"]))
        for e in events
        if e.kind == "filled"
    )
    if told != sorted((fill.trade_id, fill.amount, fill.price, fill.fee) for fill in fills):
        yield f"order {name}: the fills that were told are not the fills"
    last = max((Decimal(event.body["filled_amount"]) for event in events), default=Decimal(0))
    if accepted and last != order.filled_amount:
        yield f"order {name}: the events end with {last} filled, the order with {order.filled_amount}"
