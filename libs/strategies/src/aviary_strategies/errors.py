"""What can go wrong in here.

StrategyError
├── Cancelled           somebody has asked to stop
├── NoCandles           a range without any
└── CannotRun           the controller asks for what the engine does not simulate
"""


class StrategyError(Exception):
    """Anything below."""


class Cancelled(StrategyError):
    """Somebody has asked to stop."""


class NoCandles(StrategyError):
    """There is nothing to go through."""


class CannotRun(StrategyError):
    """The engine does not simulate this; the message says what and why."""
