"""What the venue does for an account whose margin no longer covers its positions, and the warning before that."""

from collections.abc import Callable, Iterable

from aviary_sandbox_exchange.engine.desk import Desk
from aviary_sandbox_exchange.engine.draft import Draft
from aviary_sandbox_exchange.engine.market import Market
from aviary_sandbox_exchange.engine.orders import OrderSide
from aviary_sandbox_exchange.futures.incomes import IncomeKind, Incomes
from aviary_sandbox_exchange.futures.margin import LegMargin, Margin, Margins
from aviary_sandbox_exchange.futures.news import FuturesNews
from aviary_sandbox_exchange.futures.wallets import Wallets
from aviary_sandbox_exchange.ledger import HOUSE, INSURANCE

CALL_AT_PERCENT = 80
"""Of the margin balance: a maintenance margin beyond it calls for more margin."""
CLIENT_ID_PREFIX = "autoclose-"


class Liquidation:
    def __init__(
        self,
        desk: Desk,
        wallets: Wallets,
        margins: Margins,
        incomes: Incomes,
        news: FuturesNews,
        now_ms: Callable[[], int],
    ) -> None:
        self._desk = desk
        self._wallets = wallets
        self._margins = margins
        self._incomes = incomes
        self._news = news
        self._now_ms = now_ms
        self._called: set[str] = set()

    def look(self) -> None:
        """Liquidate and call whoever has to be."""
        for account in self._holders():
            margin = self._margins.of(account)
            if margin.balance < margin.maintenance:
                self._liquidate(account)
                self._called.discard(account)
            elif margin.maintenance * 100 > margin.balance * CALL_AT_PERCENT:
                self._call(account, margin)
            else:
                self._called.discard(account)

    def _holders(self) -> Iterable[str]:
        accounts = self._wallets.accounts.items()
        return [account for account, wallet in accounts if not account.startswith("@") and wallet.held()]

    def _call(self, account: str, margin: Margin) -> None:
        """Once, until the account has recovered."""
        if account not in self._called:
            self._called.add(account)
            self._news.margin_called(account, margin)

    def _liquidate(self, account: str) -> None:
        """Cancel everything, then close the worst position first, until what is left is covered again."""
        for order in self._desk.open_orders(account):
            self._desk.cancel(order)
        margin = self._margins.of(account)
        while margin.balance < margin.maintenance:
            held = [leg for leg in margin.legs if leg.position.quantity]
            if not held:
                break
            self._close(account, min(held, key=lambda leg: leg.unrealised))
            margin = self._margins.of(account)
        if not self._wallets.of(account).held():
            self._insure(account)

    def _close(self, account: str, leg: LegMargin) -> None:
        pair, quantity = leg.market.pair, leg.position.quantity
        side: OrderSide = "SELL" if quantity > 0 else "BUY"
        self._offer_what_is_missing(leg.market, side, abs(quantity), leg.mark)
        now_ms = self._now_ms()
        self._desk.force(
            Draft(
                account=account,
                pair=pair,
                side=side,
                kind="LIQUIDATION",
                time_in_force="IOC",
                client_id=f"{CLIENT_ID_PREFIX}{now_ms}-{leg.side}",
                quantity=abs(quantity),
                reduce_only=leg.side == "BOTH",
                position_side=leg.side,
            )
        )

    def _offer_what_is_missing(self, market: Market, side: OrderSide, quantity: int, mark: int) -> None:
        """Where the book is too thin, the house takes the rest at the mark price, or as near as does not cross."""
        missing = quantity - sum(level.total for level in market.book.opposite(side))
        if missing <= 0:
            return
        tick, price = market.pair.tick, max(mark // market.pair.tick, 1) * market.pair.tick
        if side == "SELL" and market.best_ask:
            price = min(price, market.best_ask - tick)
        elif side == "BUY" and market.best_bid:
            price = max(price, market.best_bid + tick)
        other: OrderSide = "BUY" if side == "SELL" else "SELL"
        self._desk.place_house(Draft(HOUSE, market.pair, other, "LIMIT", "GTC", "", price, missing, house=True))

    def _insure(self, account: str) -> None:
        """What the account could not pay, the insurance fund does."""
        owed = -self._wallets.of(account).amount
        if owed > 0:
            self._wallets.change(INSURANCE, -owed)
            self._wallets.change(account, owed)
            self._incomes.note(account, "", IncomeKind.INSURANCE_CLEAR, owed, self._now_ms())
            self._news.wallet_changed(account, "INSURANCE_CLEAR", owed)
