"""The sections of the merged document: the API reference's categories in its order, and ours where they belong."""

from collections.abc import Mapping
from typing import Final

TAGS: Final[Mapping[str, str]] = {
    "Docker": "Containers, images and pulls of the Docker engine that bots run in.",
    "Accounts": "Accounts and their exchange credentials, which are stored encrypted and never shown.",
    "Users": "Who may log in beside the first user, and what each may do.",
    "API keys": "Logins for programs, which can be revoked one by one.",
    "Audit": "Who changed what, as a chain of entries that cannot be rewritten unseen.",
    "Connectors": "The exchanges: what credentials they take, their trading rules and order types.",
    "Portfolio": "What accounts hold and held, and how its value spreads.",
    "Trading": "Orders, executions, positions and funding payments, on spot and perpetual markets.",
    "Trading safety": "Limits of an account, and the stop for everything.",
    "Paper trading": "Accounts whose orders meet the live book and move no money.",
    "Executors": "Orders that look after themselves; they come with a later release.",
    "Bot orchestration": "Deploying, watching, stopping and archiving bots.",
    "Market data": "Prices, order books, candles, tickers and funding, live and stored.",
    "Rate oracle": "What one token is worth in another.",
    "Controllers": "The code and the configs of controllers.",
    "Scripts": "The code and the configs of scripts.",
    "Backtesting": "Backtests and sweeps, as jobs that survive their workers.",
    "Archived bots": "The databases that bots left behind.",
    "Gateway": "The life of Hummingbot Gateway.",
    "Gateway configuration": "Gateway's connectors, networks, tokens, pools and providers' keys.",
    "Gateway wallets": "The wallets that Gateway signs with.",
    "Gateway swaps": "Quotes, swaps and what became of them.",
    "Gateway transactions": "Any transaction that was sent, to its end on the chain.",
    "Gateway pools": "The pools of concentrated liquidity that there are.",
    "Gateway CLMM": "Positions of concentrated liquidity.",
    "Gateway AMM": "Shares of pools with one price range for all.",
    "Chains": "What the nodes of Ethereum and Solana say, and sending what needs no exchange.",
    "System": "This installation: its version, its machine and its disk.",
}
_PLACES: Final = {name: place for place, name in enumerate(TAGS)}


def place_of(tags: list[str]) -> int:
    """Where an operation's section stands; what has none comes last."""
    return min((_PLACES.get(tag, len(_PLACES)) for tag in tags), default=len(_PLACES))
