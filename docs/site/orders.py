"""The states of an order and the ways between them."""

from docs.site.tables import code, table

from aviary_trading.orders.states import ALIASES, FINAL, TRANSITIONS, OrderState


def page() -> str:
    rows = [(code(state), "yes" if state in FINAL else "", _next(state), _aliases(state)) for state in OrderState]
    return table(("state", "final", "may become", "also understood in filters"), rows)


def _next(state: OrderState) -> str:
    return ", ".join(code(target) for target in OrderState if target in TRANSITIONS[state])


def _aliases(state: OrderState) -> str:
    return ", ".join(code(name.lower()) for name, meant in ALIASES.items() if meant is state)
