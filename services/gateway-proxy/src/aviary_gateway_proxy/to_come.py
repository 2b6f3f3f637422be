"""What this service will answer and does not yet, as the API reference lists it."""

from typing import Final

from aviary_common.http.not_yet import not_yet_router

GATEWAY: Final = not_yet_router(
    "Gateway",
    "DEX functions",
    """
POST /gateway/start
GET /gateway/status
POST /gateway/stop
POST /gateway/restart
GET /gateway/logs
GET /gateway/connectors
GET /gateway/connectors/{connector_name}
GET /gateway/chains
GET /gateway/networks
GET /gateway/networks/{network_id}
GET /gateway/networks/{network_id}/tokens
GET /gateway/networks/{network_id}/tokens/{token_address}
POST /gateway/swap/quote
POST /gateway/swap/execute
GET /gateway/swaps/search
GET /gateway/swaps/summary
GET /gateway/swaps/{transaction_hash}/status
GET /gateway/pools
GET /gateway/clmm/pools
POST /gateway/clmm/pool-info
POST /gateway/clmm/open
POST /gateway/clmm/close
POST /gateway/clmm/collect-fees
GET /gateway/clmm/positions_owned
POST /gateway/clmm/positions/search
GET /gateway/clmm/positions/{position_address}/events
POST /gateway/swaps/search
GET /gateway/clmm/pool-info
POST /gateway/clmm/positions_owned
POST /gateway/connectors/{connector_name}
GET /gateway/apiKeys
POST /gateway/apiKeys
POST /gateway/networks/{network_id}
POST /gateway/networks/{network_id}/tokens
POST /gateway/networks/{network_id}/tokens/save/{token_address}
DELETE /gateway/networks/{network_id}/tokens/{token_address}
GET /gateway/networks/{network_id}/pools
POST /gateway/networks/{network_id}/pools
POST /gateway/networks/{network_id}/pools/save/{pool_address}
DELETE /gateway/networks/{network_id}/pools/{pool_address}
POST /gateway/clmm/add
POST /gateway/clmm/remove
POST /gateway/swap/execute-quote
POST /gateway/clmm/quote-position
POST /gateway/clmm/create-pool
GET /gateway/clmm/position-info
GET /gateway/amm/pool-info
GET /gateway/amm/position-info
POST /gateway/amm/positions-owned
POST /gateway/amm/quote-liquidity
POST /gateway/amm/add-liquidity
POST /gateway/amm/remove-liquidity
POST /gateway/amm/create-pool
POST /gateway/amm/events/search
POST /gateway/amm/positions/search
""",
)

WALLETS: Final = not_yet_router(
    "Gateway wallets",
    "Wallets",
    """
POST /accounts/gateway/add-wallet
GET /accounts/gateway/wallets
GET /accounts/gateway/{chain}/{address}
POST /accounts/gateway/wallet/set-default
DELETE /accounts/gateway/{chain}/{address}
""",
)

CHAINS: Final = not_yet_router(
    "Chains",
    "Chains",
    """
GET /chains/solana/status
GET /chains/solana/estimate-gas
POST /chains/solana/balances
POST /chains/solana/poll
GET /chains/ethereum/status
GET /chains/ethereum/estimate-gas
POST /chains/ethereum/balances
POST /chains/ethereum/poll
POST /chains/ethereum/allowances
POST /chains/ethereum/approve
POST /chains/ethereum/wrap
POST /chains/ethereum/unwrap
""",
)

TO_COME: Final = (
    GATEWAY,
    WALLETS,
    CHAINS,
)
