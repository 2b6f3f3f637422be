from pydantic import BaseModel, Field

from aviary_common.models import DecimalNumber, example
from aviary_common.pagination import Page
from aviary_exchange.types import PositionSide
from aviary_trading.filters import ListFilter


class PositionFilter(ListFilter):
    model_config = example({"account_names": ["master_account"], "connector_names": ["sandbox_perpetual"]})


class PositionOut(BaseModel):
    """``amount`` is in base units and positive on both sides; ``leverage`` is the one set last where no venue tells."""

    model_config = example(
        {
            "account_name": "master_account",
            "connector_name": "sandbox_perpetual",
            "trading_pair": "BTC-USDT",
            "side": "LONG",
            "position_side": "LONG",
            "amount": 0.01,
            "entry_price": 50000.0,
            "mark_price": 50100.0,
            "unrealized_pnl": 1.0,
            "leverage": 5.0,
        }
    )

    account_name: str
    connector_name: str
    trading_pair: str
    side: PositionSide
    position_side: PositionSide
    amount: DecimalNumber
    entry_price: DecimalNumber
    mark_price: DecimalNumber | None
    unrealized_pnl: DecimalNumber | None
    leverage: DecimalNumber | None


class PositionPage(Page[PositionOut]):
    """``problems`` names the accounts that could not be read, and why; their positions are missing."""

    problems: list[str] = Field(default_factory=list)
