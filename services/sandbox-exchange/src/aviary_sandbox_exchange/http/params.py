"""A request's parameters, read the way Binance reads them and refused in its words."""

from collections.abc import Mapping
from urllib.parse import unquote_plus

from aviary_sandbox_exchange import units
from aviary_sandbox_exchange.errors import Reason, VenueError

DECIMAL_RANGE = "^([0-9]{1,20})(\\.[0-9]{1,20})?$"
INTEGER_RANGE = "^[0-9]{1,20}$"


class Params:
    def __init__(self, values: Mapping[str, str]) -> None:
        self.values = values

    @classmethod
    def decoded(cls, *sent: str) -> "Params":
        """From query string and form body; a name sent twice is -1101."""
        values: dict[str, str] = {}
        for part in sent:
            for pair in part.split("&") if part else ():
                name, _, value = pair.partition("=")
                if name in values:
                    raise VenueError(Reason.TOO_MANY_PARAMETERS, name=name)
                values[name] = unquote_plus(value) if "%" in value or "+" in value else value
        return cls(values)

    def __contains__(self, name: str) -> bool:
        return bool(self.values.get(name))

    def find(self, name: str) -> str | None:
        """``None`` also for an empty value."""
        return self.values.get(name) or None

    def text(self, name: str) -> str:
        value = self.values.get(name)
        if not value:
            raise VenueError(Reason.MISSING_PARAMETER, name=name)
        return value

    def find_integer(self, name: str) -> int | None:
        value = self.find(name)
        if value is None:
            return None
        if not value.isdigit() or len(value) > 19:
            raise VenueError(Reason.ILLEGAL_CHARACTERS, name=name, legal=INTEGER_RANGE)
        return int(value)

    def integer(self, name: str) -> int:
        self.text(name)
        return self.find_integer(name) or 0

    def limit(self, default: int, maximum: int) -> int:
        """Binance cuts a limit that is too high down to the highest."""
        value = self.find_integer("limit")
        if value is None:
            return default
        if value == 0:
            raise VenueError(Reason.BAD_PARAMETER, name="limit")
        return min(value, maximum)

    def find_amount(self, name: str) -> int | None:
        """A decimal as 1e-8 units."""
        value = self.find(name)
        if value is None:
            return None
        try:
            return units.parse(value)
        except units.NotADecimal:
            raise VenueError(Reason.ILLEGAL_CHARACTERS, name=name, legal=DECIMAL_RANGE) from None
        except units.TooPrecise:
            raise VenueError(Reason.BAD_PRECISION, name=name) from None

    def amount(self, name: str) -> int:
        self.text(name)
        return self.find_amount(name) or 0

    def boolean(self, name: str) -> bool:
        value = self.text(name).lower()
        if value not in ("true", "false"):
            raise VenueError(Reason.BAD_PARAMETER, name=name)
        return value == "true"

    def flag(self, name: str) -> bool:
        return (self.find(name) or "false").lower() == "true"
