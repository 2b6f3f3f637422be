"""Every event, one model per subject. ``docs/events.md`` is written from this module.

Amounts and prices are exact decimals, written as JSON text.
"""

from datetime import datetime
from decimal import Decimal
from typing import ClassVar, Final

from aviary_common.access.messages import LoginsChanged
from aviary_common.bus import Event


class CredentialAdded(Event):
    """Credentials were checked at the venue and stored (also when they replace older ones)."""

    subject: ClassVar[str] = "aviary.accounts.credential.added"

    account_name: str
    connector_name: str


class CredentialRemoved(Event):
    """Credentials are gone; sessions that use them end."""

    subject: ClassVar[str] = "aviary.accounts.credential.removed"

    account_name: str
    connector_name: str


class OrderChanged(Event):
    """What all order events tell: the order as it is after the change."""

    account_name: str
    connector_name: str
    client_order_id: str
    exchange_order_id: str | None
    trading_pair: str
    trade_type: str
    order_type: str
    amount: Decimal
    price: Decimal | None
    status: str
    filled_amount: Decimal
    average_fill_price: Decimal | None
    at: datetime


class OrderAccepted(OrderChanged):
    """The venue has the order."""

    subject: ClassVar[str] = "aviary.trading.order.accepted"


class OrderFilled(OrderChanged):
    """One more execution; ``status`` says whether the order is complete."""

    subject: ClassVar[str] = "aviary.trading.order.filled"

    trade_id: str
    fill_amount: Decimal
    fill_price: Decimal
    fee: Decimal
    fee_currency: str


class OrderCancelled(OrderChanged):
    """Nothing more will be filled; what was filled before stays."""

    subject: ClassVar[str] = "aviary.trading.order.cancelled"


class OrderRejected(OrderChanged):
    """The venue proved that it does not have the order."""

    subject: ClassVar[str] = "aviary.trading.order.rejected"

    reason: str


class OrderUnresolved(OrderChanged):
    """Nobody knows yet whether the venue has the order; it is being looked up."""

    subject: ClassVar[str] = "aviary.trading.order.unresolved"

    reason: str


class BalanceChanged(Event):
    """Balances of an account moved at the venue."""

    subject: ClassVar[str] = "aviary.trading.balance.changed"

    account_name: str
    connector_name: str
    tokens: list[str]


class PositionChanged(Event):
    """A position grew, shrank or ended (``amount`` 0) at the venue."""

    subject: ClassVar[str] = "aviary.trading.position.changed"

    account_name: str
    connector_name: str
    trading_pair: str
    side: str
    amount: Decimal
    entry_price: Decimal | None
    at: datetime


class FundingSettled(Event):
    """A position paid (negative ``amount``) or received funding."""

    subject: ClassVar[str] = "aviary.trading.funding.settled"

    account_name: str
    connector_name: str
    trading_pair: str
    payment_id: str
    amount: Decimal
    currency: str
    at: datetime


class LeverageChanged(Event):
    """The leverage of a pair was set through Aviary."""

    subject: ClassVar[str] = "aviary.trading.leverage.changed"

    account_name: str
    connector_name: str
    trading_pair: str
    leverage: int


class PositionModeChanged(Event):
    """An account's position mode was set, or was found changed at the venue."""

    subject: ClassVar[str] = "aviary.trading.position-mode.changed"

    account_name: str
    connector_name: str
    position_mode: str


class TradingHalted(Event):
    """Panic: the accounts' orders are being cancelled, and new ones are refused until the release."""

    subject: ClassVar[str] = "aviary.trading.account.halted"

    account_names: list[str]
    reason: str


class TradingReleased(Event):
    """Orders of these accounts are taken again."""

    subject: ClassVar[str] = "aviary.trading.account.released"

    account_names: list[str]


class RiskLimitsChanged(Event):
    """An account's limits were set or lifted."""

    subject: ClassVar[str] = "aviary.trading.risk-limits.changed"

    account_name: str


class PortfolioSnapshotTaken(Event):
    """The whole portfolio was written down under one time; not ``complete`` when a part of it could not be read."""

    subject: ClassVar[str] = "aviary.portfolio.snapshot.taken"

    at: datetime
    account_names: list[str]
    complete: bool


class FeedChanged(Event):
    """What all feed events tell; ``interval`` is that of candles."""

    feed_type: str
    connector_name: str
    trading_pair: str
    interval: str | None


class FeedStarted(FeedChanged):
    """A replica follows this at the venue from now on."""

    subject: ClassVar[str] = "aviary.market.feed.started"


class FeedStopped(FeedChanged):
    """Nobody has read it for a while, or it was removed."""

    subject: ClassVar[str] = "aviary.market.feed.stopped"


class FeedStale(FeedChanged):
    """The connection to the venue was lost; what is known ages until it is back."""

    subject: ClassVar[str] = "aviary.market.feed.stale"


class BotChanged(Event):
    """What all bot events tell; ``bot_name`` is the unique name of one deployment."""

    bot_name: str
    account_name: str
    at: datetime


class BotDeployed(BotChanged):
    """Its container has been started."""

    subject: ClassVar[str] = "aviary.orchestration.bot.deployed"

    image: str
    strategy_name: str


class BotStarted(BotChanged):
    """It was heard for the first time after it had been started."""

    subject: ClassVar[str] = "aviary.orchestration.bot.started"


class BotStopped(BotChanged):
    """It has said that it stopped, or its container has ended because it was asked to."""

    subject: ClassVar[str] = "aviary.orchestration.bot.stopped"


class BotArchived(BotChanged):
    """Its container is gone and its folder is in the archive."""

    subject: ClassVar[str] = "aviary.orchestration.bot.archived"

    archive: str


class BotFailed(BotChanged):
    """It is not doing what it should: ``kind`` is deployment, archiving, missing, ended, crash_loop, silent, zombie or
    orphan."""

    subject: ClassVar[str] = "aviary.orchestration.bot.failed"

    kind: str
    reason: str


class BacktestChanged(Event):
    """What all backtest events tell; ``run_id`` is what the API calls it."""

    run_id: str
    controller_name: str
    at: datetime


class BacktestQueued(BacktestChanged):
    """It was asked for and waits for a worker."""

    subject: ClassVar[str] = "aviary.backtesting.run.queued"


class BacktestFinished(BacktestChanged):
    """Its result can be read; ``digest`` is the result's, the same for the same input on every machine."""

    subject: ClassVar[str] = "aviary.backtesting.run.finished"

    digest: str
    net_pnl_quote: float | None


class BacktestFailed(BacktestChanged):
    """It ended without a result."""

    subject: ClassVar[str] = "aviary.backtesting.run.failed"

    code: str
    reason: str


class BacktestCancelled(BacktestChanged):
    """Somebody ended it."""

    subject: ClassVar[str] = "aviary.backtesting.run.cancelled"


class TransactionChanged(Event):
    """What all events of a wallet's transactions tell; ``transaction_id`` is ours, the hash is the chain's and may be
    unknown. ``kind`` is swap, open, add, remove, collect, close, amm_add, amm_remove, approve, wrap or unwrap."""

    transaction_id: int
    transaction_hash: str | None
    kind: str
    chain: str
    network: str
    connector: str | None
    wallet_address: str
    state: str
    at: datetime


class TransactionSubmitted(TransactionChanged):
    """It is on its way, or, in state UNKNOWN, may be: Gateway's answer was lost and is being found out."""

    subject: ClassVar[str] = "aviary.gateway.transaction.submitted"


class TransactionConfirmed(TransactionChanged):
    """It was mined and did what it should."""

    subject: ClassVar[str] = "aviary.gateway.transaction.confirmed"

    fee: Decimal | None
    fee_token: str | None


class TransactionFailed(TransactionChanged):
    """It will not do anything any more: ``state`` is REVERTED, DROPPED or FAILED (it never reached the chain)."""

    subject: ClassVar[str] = "aviary.gateway.transaction.failed"

    reason: str


ALL: Final[tuple[type[Event], ...]] = (
    CredentialAdded,
    CredentialRemoved,
    LoginsChanged,
    OrderAccepted,
    OrderFilled,
    OrderCancelled,
    OrderRejected,
    OrderUnresolved,
    BalanceChanged,
    PortfolioSnapshotTaken,
    PositionChanged,
    FundingSettled,
    LeverageChanged,
    PositionModeChanged,
    TradingHalted,
    TradingReleased,
    RiskLimitsChanged,
    FeedStarted,
    FeedStopped,
    FeedStale,
    BotDeployed,
    BotStarted,
    BotStopped,
    BotArchived,
    BotFailed,
    BacktestQueued,
    BacktestFinished,
    BacktestFailed,
    BacktestCancelled,
    TransactionSubmitted,
    TransactionConfirmed,
    TransactionFailed,
)
