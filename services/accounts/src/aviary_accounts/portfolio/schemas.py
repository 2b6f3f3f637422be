from pydantic import BaseModel

from aviary_common.models import DecimalNumber, Tolerant, aliases


class StateFilter(Tolerant):
    account_names: list[str] | None = None
    connector_names: list[str] | None = aliases("connector_names", "connectors", default=None)
    skip_gateway: bool = False
    refresh: bool = False


class Holding(BaseModel):
    """One token. Without a known price ``price`` is null and ``value`` is left out: unknown is not zero."""

    token: str
    units: DecimalNumber
    available_units: DecimalNumber
    price: DecimalNumber | None
    value: DecimalNumber | None = None


State = dict[str, dict[str, list[Holding]]]
"""Account, connector, tokens."""
