"""The rules of placing and cancelling."""

from dataclasses import dataclass
from decimal import Decimal

from aviary_common import context, logs, tracing
from aviary_common.errors import BadRequest, Conflict, NotFound, Unavailable
from aviary_common.timing import measured
from aviary_exchange import catalogue
from aviary_exchange.errors import ExchangeError, UnknownPair
from aviary_exchange.port import PrivateExchange
from aviary_exchange.quantise import check, check_time_in_force, quantise_amount, quantise_price
from aviary_exchange.types import Accepted, NewOrder, OrderType, Outcome, PositionMode, Rejected, TradingRule, Unknown
from aviary_trading.orders.figures import Placing, placing
from aviary_trading.orders.ids import new_client_order_id
from aviary_trading.orders.reconcile import Reconciler
from aviary_trading.orders.record import Intent, Order
from aviary_trading.orders.recorder import Recorder
from aviary_trading.orders.schemas import PlaceOrder
from aviary_trading.orders.states import OrderState
from aviary_trading.perpetuals.service import Perpetuals
from aviary_trading.prices import Prices
from aviary_trading.safety.gate import Gate
from aviary_trading.venues import Venues

log = logs.get(__name__)


class OrderRejected(BadRequest):
    default_code = "order_rejected"


@dataclass(frozen=True, slots=True)
class Draft:
    """An order ready to be written and sent. ``position_mode`` is how the account trades perpetuals now."""

    intent: Intent
    reference_price: Decimal | None
    position_mode: PositionMode | None


class Orders:
    def __init__(
        self,
        venues: Venues,
        recorder: Recorder,
        reconciler: Reconciler,
        perpetuals: Perpetuals,
        gate: Gate,
        prices: Prices,
    ) -> None:
        self._venues = venues
        self._recorder = recorder
        self._reconciler = reconciler
        self._perpetuals = perpetuals
        self._gate = gate
        self._prices = prices

    async def place(self, request: PlaceOrder, *, admitted: bool = False) -> Order:
        """The order as the venue has it, or as ``PENDING_CREATE`` while nobody can say. ``admitted`` passes over halts
        and limits, for the orders that clear an account.

        Raises ``BadRequest`` for what the venue would refuse, ``OrderRejected`` for what it did refuse, ``Forbidden``
        for what the account's limits refuse, ``Unavailable`` when the venue was not reached, and ``Conflict`` when the
        client order id stands for another order.
        """
        client_order_id = request.client_order_id or new_client_order_id()
        context.note(client_order_id=client_order_id)
        connector = _connector(request)
        with placing(connector) as attempt:
            exchange = await self._venues.private(request.account_name, connector)
            draft = await self._draft(request, client_order_id, exchange)
            with measured("intent"):
                order = await self._write(draft, admitted=admitted)
            if order is None:
                attempt.outcome = "repeated"
                return await self._repeated(draft.intent)
            return await self._send(order, draft.position_mode, exchange, attempt)

    async def _write(self, draft: Draft, *, admitted: bool) -> Order | None:
        """``None`` when the client order id is taken."""
        intent = draft.intent
        order = await self._recorder.write_intent(intent, admitted=admitted)
        if order is not None or admitted:
            return order
        if await self._recorder.find(intent.account_name, intent.connector_name, intent.client_order_id) is not None:
            return None
        return await self._gate.admit(intent, draft.reference_price)

    async def cancel(self, account_name: str, connector_name: str, client_order_id: str) -> Order:
        """Cancel, or find the order cancelled already; what cannot be known yet stays ``PENDING_CANCEL``."""
        context.note(client_order_id=client_order_id)
        connector = catalogue.find(connector_name).name
        order = await self._recorder.find(account_name, connector, client_order_id)
        exchange = await self._venues.private(account_name, connector)
        if order is None:
            raise NotFound(f"{account_name} has no order {client_order_id!r} at {connector}.", code="unknown_order")
        if order.status is OrderState.CANCELLED:
            return order
        if order.is_final:
            raise Conflict(f"The order is {order.status} and cannot be cancelled.", code="order_is_final")
        if order.status is OrderState.PENDING_CREATE:
            order = await self._reconciler.look_up(order, exchange)
        if order.is_final:
            return order
        order = await self._recorder.cancelling(order)
        if order.is_final:
            return order
        with measured("venue"):
            outcome = await exchange.cancel(order.trading_pair, order.client_order_id, order.exchange_order_id)
        if isinstance(outcome, Unknown):
            log.warning("cancellation unresolved", client_order_id=client_order_id, reason=outcome.reason)
            return order
        return await self._after_cancel(order, exchange)

    async def _after_cancel(self, order: Order, exchange: PrivateExchange) -> Order:
        """Whether the venue cancelled or had nothing to cancel, the order itself tells how it ended."""
        try:
            return await self._reconciler.look_up(order, exchange)
        except ExchangeError as error:
            log.warning("cancelled order not read back yet", order=order.client_order_id, error=error.detail)
            return order

    async def _draft(self, request: PlaceOrder, client_order_id: str, exchange: PrivateExchange) -> Draft:
        rule = await self._rule(request)
        amount = quantise_amount(rule, request.amount)
        price = None
        if request.price is not None and request.order_type is not OrderType.MARKET:
            price = quantise_price(rule, request.price, request.trade_type)
        reference = price or await self._prices.of(exchange.connector, request.trading_pair)
        # What the step leaves nothing of is refused by the amount that was asked for.
        reason = check(rule, request.order_type, amount or request.amount, price, reference)
        if reason := reason or check_time_in_force(rule, request.order_type, request.time_in_force):
            raise BadRequest(reason, code="order_refused")
        intent = Intent(
            account_name=request.account_name,
            connector_name=exchange.connector,
            client_order_id=client_order_id,
            venue_client_id=exchange.client_id_at_venue(client_order_id),
            trading_pair=request.trading_pair,
            trade_type=request.trade_type,
            order_type=request.order_type,
            position_action=request.position_action,
            time_in_force=request.time_in_force,
            requested_amount=request.amount,
            requested_price=request.price,
            amount=amount,
            price=price,
        )
        mode = None
        if catalogue.find(exchange.connector).is_perpetual:
            mode = await self._perpetuals.mode_for_order(request.account_name, exchange)
        return Draft(intent, reference, mode)

    async def _rule(self, request: PlaceOrder) -> TradingRule:
        rules = await self._venues.public(request.connector_name).rules()
        if request.trading_pair not in rules:
            raise UnknownPair(f"{request.connector_name} does not list {request.trading_pair}.")
        return rules[request.trading_pair]

    async def _send(
        self, order: Order, mode: PositionMode | None, exchange: PrivateExchange, attempt: Placing
    ) -> Order:
        with attempt.at_venue(), tracing.span(f"place at {order.connector_name}"):
            outcome = await exchange.place(_as_sent(order, mode))
        attempt.outcome = type(outcome).__name__.lower() if not isinstance(outcome, Unknown) else "unresolved"
        try:
            with measured("record"):
                order = await self._record(order, outcome)
        except Unavailable as error:
            # The intent is safe: the session will find out what the answer below could not write down.
            log.warning("outcome not recorded yet", client_order_id=order.client_order_id, error=error.detail)
        if isinstance(outcome, Rejected):
            raise _away(order, outcome.reason) if outcome.is_away else OrderRejected(outcome.reason)
        return _not_failed(order)

    async def _record(self, order: Order, outcome: Outcome) -> Order:
        match outcome:
            case Accepted(exchange_order_id):
                return await self._recorder.accepted(order, exchange_order_id)
            case Rejected(reason):
                return await self._recorder.failed(order, reason)
            case Unknown(reason):
                log.warning("order unresolved", client_order_id=order.client_order_id, reason=reason)
                return await self._recorder.unresolved(order, reason)

    async def _repeated(self, intent: Intent) -> Order:
        stored = await self._recorder.find(intent.account_name, intent.connector_name, intent.client_order_id)
        if stored is None or not intent.is_repeated_by(stored):
            raise Conflict(
                f"Client order id {intent.client_order_id!r} is taken by another order.", code="client_order_id_taken"
            )
        return _not_failed(stored)


def _not_failed(order: Order) -> Order:
    """While we waited for the venue's answer, somebody may have found out that it does not have the order."""
    if order.status is OrderState.FAILED:
        raise OrderRejected(order.error_message or "The venue rejected the order.")
    return order


def _away(order: Order, reason: str) -> Unavailable:
    return Unavailable(order.connector_name, reason, code="venue_unavailable")


def _connector(request: PlaceOrder) -> str:
    return catalogue.find(request.connector_name).name


def _as_sent(order: Order, mode: PositionMode | None) -> NewOrder:
    return NewOrder(
        client_order_id=order.client_order_id,
        trading_pair=order.trading_pair,
        trade_type=order.trade_type,
        order_type=order.order_type,
        amount=order.amount,
        price=order.price,
        position_action=order.position_action,
        time_in_force=order.time_in_force,
        position_mode=mode,
    )
