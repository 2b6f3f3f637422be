"""Who may do what with `/trading`. Limits, and lifting them or a halt, are the administrator's: they guard the trader
against himself."""

from aviary_common.access import Rights

RIGHTS = Rights(
    reading="""
        POST /trading/orders/active
        POST /trading/orders/search
        POST /trading/trades
        POST /trading/positions
        POST /trading/funding-payments
        POST /executors/search
    """,
    trade="""
        POST /trading/orders
        POST /trading/{account_name}/{connector_name}/orders/{client_order_id}/cancel
        POST /trading/{account_name}/{connector_name}/position-mode
        POST /trading/{account_name}/{connector_name}/leverage
        POST /trading/{account_name}/{connector_name}/paper/reset
        POST /trading/panic
        POST /executors
        POST /executors/{executor_id}/stop
        DELETE /executors/positions/{connector_name}/{trading_pair}
    """,
    restricted="""
        GET /trading/panic
        POST /trading/panic
        POST /trading/panic/release
        GET /trading/risk-limits/{account_name}
        PUT /trading/risk-limits/{account_name}
        DELETE /trading/risk-limits/{account_name}
        POST /trading/orders
        POST /trading/{account_name}/{connector_name}/orders/{client_order_id}/cancel
        POST /trading/orders/active
        POST /trading/orders/search
        POST /trading/trades
        POST /trading/{account_name}/{connector_name}/paper/reset
        POST /trading/positions
        POST /trading/funding-payments
        GET /trading/{account_name}/{connector_name}/position-mode
        POST /trading/{account_name}/{connector_name}/position-mode
        POST /trading/{account_name}/{connector_name}/leverage
    """,
)
