"""Who calls. The login sets it for the time of one request; questions over the bus have nobody behind them."""

from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import StrEnum

from aviary_common.errors import Forbidden


class Scope(StrEnum):
    """Each holds those before it."""

    READ = "read"
    TRADE = "trade"
    ADMIN = "admin"

    @property
    def rank(self) -> int:
        return list(Scope).index(self)

    def includes(self, other: "Scope") -> bool:
        return self.rank >= other.rank


@dataclass(frozen=True)
class Principal:
    """A user, or a key that acts for one. ``accounts`` None means every account."""

    name: str
    scope: Scope
    accounts: frozenset[str] | None = None
    key_id: str | None = None

    def may_use(self, account_name: str) -> bool:
        return self.accounts is None or account_name in self.accounts

    def may_give(self, scope: Scope, accounts: Iterable[str] | None) -> bool:
        """Nobody gives what he has not."""
        if not self.scope.includes(scope):
            return False
        return self.accounts is None or (accounts is not None and self.accounts.issuperset(accounts))


@dataclass
class Call:
    """One request: who makes it, and which accounts it has named so far."""

    principal: Principal
    accounts: set[str] = field(default_factory=set)


_call: ContextVar[Call | None] = ContextVar("call", default=None)


def begin(caller: Principal) -> Call:
    """From now on this task, and those that it starts, act for the caller."""
    call = Call(caller)
    _call.set(call)
    return call


def current_call() -> Call | None:
    """None outside a request."""
    return _call.get()


def principal() -> Principal | None:
    """None outside a request."""
    call = _call.get()
    return None if call is None else call.principal


def is_allowed(account_name: str) -> bool:
    """Whether the caller may know of the account: for answers that name several."""
    call = _call.get()
    return call is None or call.principal.may_use(account_name)


def name_account(account_name: str) -> str:
    """The same name, once the caller is known to be allowed to use it; ``Forbidden`` otherwise."""
    call = _call.get()
    if call is not None:
        call.accounts.add(account_name)
        if not call.principal.may_use(account_name):
            raise Forbidden(f"This login may not use the account {account_name!r}.", code="account_not_allowed")
    return account_name


def own_accounts() -> list[str] | None:
    """Those that the caller is held to; None when that is every account."""
    call = _call.get()
    if call is None or call.principal.accounts is None:
        return None
    return sorted(call.principal.accounts)
