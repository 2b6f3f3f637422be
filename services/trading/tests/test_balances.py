from decimal import Decimal

import pytest

from aviary_common.bus import Bus
from aviary_messages.questions import AwaitSession, CredentialKey, GetBalances, TokenBalance
from aviary_testing.waiting import eventually
from aviary_trading.sessions import live

from .trader import Trader


async def balances(bus: Bus, trader: Trader, *, refresh: bool = False) -> dict[str, TokenBalance]:
    key = CredentialKey(account_name=trader.account, connector_name="sandbox")
    (found,) = (await bus.ask(GetBalances(keys=[key], refresh=refresh))).connectors
    assert found.problem is None
    return {balance.token: balance for balance in found.balances}


async def at_venue(trader: Trader) -> dict[str, tuple[Decimal, Decimal]]:
    theirs = (await trader.books())["spot"]["balances"]
    return {
        token: (Decimal(held["free"]) + Decimal(held["locked"]), Decimal(held["free"]))  # type: ignore[index]
        for token, held in theirs.items()  # type: ignore[attr-defined]
    }


async def agree(bus: Bus, trader: Trader, *, refresh: bool = False) -> bool:
    ours = {
        token: (held.total, held.available) for token, held in (await balances(bus, trader, refresh=refresh)).items()
    }
    return ours == {token: held for token, held in (await at_venue(trader)).items() if held[0]}


@pytest.mark.parametrize("refresh", [True, False])
async def test_balances_agree_with_the_venue_to_the_last_digit(
    accounts_bus: Bus, trader: Trader, refresh: bool
) -> None:
    await trader.place(amount="0.00123", price="30001.07")
    await trader.place(order_type="MARKET", price=None, amount="0.00321")
    await eventually(lambda: agree(accounts_bus, trader, refresh=refresh))


async def test_what_an_order_locks_is_not_available(accounts_bus: Bus, trader: Trader) -> None:
    await trader.place(amount="0.1", price="30000")

    async def locked() -> bool:
        held = (await balances(accounts_bus, trader))["USDT"]
        return held.total - held.available == Decimal(3000)

    await eventually(locked)


async def test_a_session_is_awaited_until_it_hears_the_venue(accounts_bus: Bus, trader: Trader) -> None:
    question = AwaitSession(account_name=trader.account, connector_name="sandbox")
    assert (await accounts_bus.ask(question, deadline_s=10)).live
    sockets = await trader.venue.control("GET", "/sockets")
    assert trader.key in str(sockets)


@pytest.mark.usefixtures("api")
async def test_a_session_that_nobody_keeps_is_not_live(accounts_bus: Bus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "WAIT_S", 0.1)
    question = AwaitSession(account_name="nobody", connector_name="sandbox")
    assert not (await accounts_bus.ask(question)).live


async def test_an_account_without_credentials_says_why(accounts_bus: Bus, trader: Trader) -> None:
    key = CredentialKey(account_name=trader.account, connector_name="binance")
    (found,) = (await accounts_bus.ask(GetBalances(keys=[key]))).connectors
    assert found.at is None
    assert "binance" in (found.problem or "")
