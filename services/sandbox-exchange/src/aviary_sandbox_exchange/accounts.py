"""Every API key is an account; its first use brings the starting balance."""

from collections.abc import Iterable

from aviary_sandbox_exchange.futures.wallets import Wallets
from aviary_sandbox_exchange.ledger import HOUSE, INSURANCE, Ledger
from aviary_sandbox_exchange.units import SCALE

STARTING_BALANCE = {
    "USDT": 100_000,
    "USDC": 100_000,
    "BTC": 1,
    "ETH": 20,
    "SOL": 100,
    "DOGE": 1_000_000,
    "BNB": 10,
}
STARTING_WALLET = 100_000
HOUSE_BALANCE = 1_000_000_000


class Accounts:
    def __init__(self, ledger: Ledger, wallets: Wallets) -> None:
        self._ledger = ledger
        self._wallets = wallets

    def open(self, account: str) -> str:
        """Fund the account if it is new."""
        if account not in self._ledger.accounts:
            for asset, amount in STARTING_BALANCE.items():
                self._ledger.deposit(account, asset, amount * SCALE)
            self._wallets.deposit(account, STARTING_WALLET * SCALE)
        return account

    def open_house(self, assets: Iterable[str]) -> None:
        """Fund the house with what it has never had, be it new or the pair."""
        for asset in assets:
            if asset not in self._ledger.accounts.get(HOUSE, {}):
                self._ledger.deposit(HOUSE, asset, HOUSE_BALANCE * SCALE)
        if HOUSE not in self._wallets.accounts:
            self._wallets.deposit(HOUSE, HOUSE_BALANCE * SCALE)
        if INSURANCE not in self._wallets.accounts:
            self._wallets.deposit(INSURANCE, HOUSE_BALANCE * SCALE)
