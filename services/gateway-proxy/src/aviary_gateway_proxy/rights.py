"""Who may do what with Gateway. Wallets belong to no account: who is held to some accounts may look, and not send.
Gateway's own life, configuration, lists and logs (which may tell node addresses with their keys) are the
administrator's."""

from aviary_common.access import Rights

_READING = """
    POST /gateway/clmm/pool-info
    POST /chains/ethereum/balances
    POST /chains/solana/balances
    POST /chains/ethereum/poll
    POST /chains/solana/poll
    POST /chains/ethereum/allowances
    POST /gateway/swap/quote
    POST /gateway/swaps/search
    POST /gateway/clmm/quote-position
    POST /gateway/clmm/positions_owned
    POST /gateway/clmm/positions/search
    POST /gateway/amm/positions-owned
    POST /gateway/amm/quote-liquidity
    POST /gateway/amm/events/search
    POST /gateway/amm/positions/search
"""

RIGHTS = Rights(
    reading=_READING,
    trade="""
        POST /gateway/swap/execute
        POST /gateway/swap/execute-quote
        POST /gateway/clmm/open
        POST /gateway/clmm/add
        POST /gateway/clmm/remove
        POST /gateway/clmm/collect-fees
        POST /gateway/clmm/close
        POST /gateway/clmm/create-pool
        POST /gateway/amm/add-liquidity
        POST /gateway/amm/remove-liquidity
        POST /gateway/amm/create-pool
        POST /chains/ethereum/approve
        POST /chains/ethereum/wrap
        POST /chains/ethereum/unwrap
    """,
    admin="""
        GET /gateway/logs
        GET /gateway/apiKeys
    """,
    restricted=f"""
        {_READING}
        GET /gateway/status
        GET /gateway/connectors
        GET /gateway/connectors/{{connector_name}}
        GET /gateway/chains
        GET /gateway/networks
        GET /gateway/networks/{{network_id}}
        GET /gateway/networks/{{network_id}}/tokens
        GET /gateway/networks/{{network_id}}/tokens/{{token_address}}
        GET /gateway/pools
        GET /gateway/networks/{{network_id}}/pools
        GET /gateway/clmm/pools
        GET /gateway/clmm/pool-info
        GET /chains/ethereum/status
        GET /chains/solana/status
        GET /chains/ethereum/estimate-gas
        GET /chains/solana/estimate-gas
        GET /accounts/gateway/wallets
        GET /accounts/gateway/{{chain}}/{{address}}
        GET /gateway/transactions/{{transaction}}
        GET /gateway/swaps/search
        GET /gateway/swaps/summary
        GET /gateway/swaps/{{transaction_hash}}/status
        GET /gateway/clmm/positions_owned
        GET /gateway/clmm/position-info
        GET /gateway/clmm/positions/{{position_address}}/events
        GET /gateway/amm/pool-info
        GET /gateway/amm/position-info
    """,
)
