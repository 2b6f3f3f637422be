"""Accepted, rejected, unknown: the one table that decides.

Rejected is only what proves that the venue does not have the order. A duplicate client order id proves the opposite: an
earlier sending may have been accepted, and a look-up tells.
"""

from aviary_exchange.ccxt_adapter.failures import Failure, Kind
from aviary_exchange.ccxt_adapter.raw import Raw, text
from aviary_exchange.types import Accepted, Outcome, Rejected, Unknown

PROVES_THE_ORDER_ABSENT = frozenset(
    {Kind.FUNDS, Kind.ORDER, Kind.PAIR, Kind.CREDENTIALS, Kind.RATE, Kind.REQUEST, Kind.UNSUPPORTED}
)
SAYS_NOTHING_OF_THE_ORDER = frozenset({Kind.UNAVAILABLE, Kind.RATE})
PROVES_NOTHING_TO_CANCEL = frozenset({Kind.NOT_FOUND, Kind.PAIR})


def of_placing(answer: Raw | Failure) -> Outcome:
    """A readable answer without an order id (a truncated one) is as good as none."""
    if isinstance(answer, Failure):
        if not answer.sent or answer.kind in PROVES_THE_ORDER_ABSENT:
            return Rejected(answer.message, is_away=answer.kind in SAYS_NOTHING_OF_THE_ORDER)
        return Unknown(answer.message)
    exchange_order_id = text(answer, "id")
    return Accepted(exchange_order_id) if exchange_order_id else Unknown("The venue's answer could not be read.")


def of_cancelling(answer: Raw | Failure, exchange_order_id: str | None) -> Outcome:
    """Whatever else fails leaves the order where it was: ask again."""
    if isinstance(answer, Failure):
        return Rejected(answer.message) if answer.kind in PROVES_NOTHING_TO_CANCEL else Unknown(answer.message)
    found = text(answer, "id") or exchange_order_id
    return Accepted(found) if found else Unknown("The venue's answer could not be read.")
