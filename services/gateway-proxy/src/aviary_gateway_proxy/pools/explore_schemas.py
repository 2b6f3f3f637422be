"""What ``GET /gateway/clmm/pools`` answers."""

from collections.abc import Mapping
from typing import Any, Self

from pydantic import BaseModel, Field

from aviary_common.models import DecimalText
from aviary_gateway_proxy.names import as_json
from aviary_gateway_proxy.pools.explore import Offered, Page


class OfferedOut(BaseModel):
    """Decimals as text. What the DEX does not tell is null."""

    address: str
    name: str | None
    trading_pair: str | None
    mint_x: str | None
    mint_y: str | None
    bin_step: int | None
    current_price: DecimalText | None
    base_fee_percentage: DecimalText | None
    max_fee_percentage: str | None
    protocol_fee_percentage: str | None
    liquidity: str | None
    apr: str | None
    apy: str | None
    volume_24h: str | None
    fees_24h: str | None
    volume: dict[str, Any] | None
    fee_tvl_ratio: dict[str, Any] | None

    @classmethod
    def of(cls, pool: Offered) -> Self:
        raw = pool.raw
        return cls(
            address=pool.address,
            name=pool.pair,
            trading_pair=pool.pair,
            mint_x=pool.base_address,
            mint_y=pool.quote_address,
            bin_step=pool.bin_step,
            current_price=pool.price,
            base_fee_percentage=pool.fee_pct,
            volume=_object(raw.get("volume")),
            fee_tvl_ratio=_object(raw.get("fee_tvl_ratio")),
            volume_24h=_text(raw.get("volume_24h") or raw.get("trade_volume_24h")),
            **{name: _text(raw.get(name)) for name in _PLAIN},
        )


_PLAIN = ("max_fee_percentage", "protocol_fee_percentage", "liquidity", "apr", "apy", "fees_24h")


class OfferedPage(BaseModel):
    pools: list[OfferedOut]
    total: int
    page: int
    page_size: int = Field(serialization_alias="pageSize")

    @classmethod
    def of(cls, found: Page, page: int, limit: int) -> Self:
        return cls(pools=[OfferedOut.of(each) for each in found.pools], total=found.total, page=page, page_size=limit)


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _object(value: Any) -> dict[str, Any] | None:
    return as_json(value) if isinstance(value, Mapping) else None
