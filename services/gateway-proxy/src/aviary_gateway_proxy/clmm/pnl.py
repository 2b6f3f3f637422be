"""What a position has earned, in its quote token.

The formulas are those of the Hummingbot API (semantics, section 11): total PnL = value of the liquidity now + fees -
value at the start, fee APR = fees / value at the start per year of holding, impermanent loss = value now - value of
the same tokens if they had been held. What has been added since counts as put in at the start, and what has been taken
out counts as still there: otherwise a removal would look like a loss.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Context, Decimal, localcontext
from typing import Final

from aviary_gateway_proxy.clmm.record import PositionRow

HOURS_PER_YEAR: Final = Decimal(365 * 24)
SECONDS_PER_HOUR: Final = Decimal(3600)
WIDE: Final = Context(prec=40)


@dataclass(frozen=True)
class PnlSummary:
    """Prices and values in quote tokens; ``_pct`` and the APR in percent."""

    entry_price: Decimal
    current_price: Decimal
    price_change_pct: Decimal | None
    initial_base: Decimal
    initial_quote: Decimal
    initial_value_quote: Decimal
    current_base: Decimal
    current_quote: Decimal
    current_lp_value_quote: Decimal
    total_fees_base: Decimal
    total_fees_quote: Decimal
    total_fees_value_quote: Decimal
    hodl_value_quote: Decimal
    impermanent_loss_quote: Decimal
    current_total_value_quote: Decimal
    total_pnl_quote: Decimal
    total_pnl_pct: Decimal | None
    duration_hours: Decimal
    fee_apr_estimate: Decimal | None


def summary(row: PositionRow, now: datetime) -> PnlSummary | None:
    """None while a price is not known."""
    entry, price = row.entry_price, row.current_price
    if not entry or not price:
        return None
    with localcontext(WIDE):
        base = row.base_token_amount + row.withdrawn_base_amount
        quote = row.quote_token_amount + row.withdrawn_quote_amount
        fees_base = row.base_fee_collected + row.base_fee_pending
        fees_quote = row.quote_fee_collected + row.quote_fee_pending
        initial = row.initial_base_token_amount * entry + row.initial_quote_token_amount
        held = row.initial_base_token_amount * price + row.initial_quote_token_amount
        value, fees = base * price + quote, fees_base * price + fees_quote
        pnl = value + fees - initial
        hours = Decimal(((row.closed_at or now) - row.created_at).total_seconds()) / SECONDS_PER_HOUR
        apr = fees / initial * HOURS_PER_YEAR / hours * 100 if initial and hours > 0 else None
        return PnlSummary(
            entry_price=entry,
            current_price=price,
            price_change_pct=(price / entry - 1) * 100,
            initial_base=row.initial_base_token_amount,
            initial_quote=row.initial_quote_token_amount,
            initial_value_quote=initial,
            current_base=base,
            current_quote=quote,
            current_lp_value_quote=value,
            total_fees_base=fees_base,
            total_fees_quote=fees_quote,
            total_fees_value_quote=fees,
            hodl_value_quote=held,
            impermanent_loss_quote=value - held,
            current_total_value_quote=value + fees,
            total_pnl_quote=pnl,
            total_pnl_pct=pnl / initial * 100 if initial else None,
            duration_hours=hours,
            fee_apr_estimate=apr,
        )
