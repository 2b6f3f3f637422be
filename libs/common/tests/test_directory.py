"""What is remembered about logins, over the real bus; accounts is played."""

from dataclasses import dataclass, field

import pytest
from pydantic import SecretStr

from aviary_common.access import Scope, directory
from aviary_common.access.directory import Directory
from aviary_common.access.keys import new_key
from aviary_common.access.messages import IdentifyKey, IdentifyUser, LoginsChanged, PrincipalFound
from aviary_common.bus import Bus
from aviary_common.errors import Unauthorized, Unavailable
from aviary_common.http.presented import Password
from aviary_common.timestamps import utc_now
from aviary_testing.waiting import eventually

RITA = Password("rita", SecretStr("a password of hers"))


@dataclass
class Accounts:
    known: set[str] = field(default_factory=lambda: {"rita"})
    asked: list[str] = field(default_factory=list)

    async def user(self, question: IdentifyUser) -> PrincipalFound:
        self.asked.append(question.name)
        if question.name not in self.known:
            raise Unauthorized("nobody")
        return PrincipalFound(name=question.name, scope=Scope.READ, accounts=["one"])

    async def key(self, question: IdentifyKey) -> PrincipalFound:
        self.asked.append(question.digest)
        return PrincipalFound(name="rita", scope=Scope.READ, key_id=question.key_id, expires_at=utc_now())


@pytest.fixture
async def accounts(accounts_bus: Bus) -> Accounts:
    played = Accounts()
    await accounts_bus.answer(IdentifyUser, played.user)
    await accounts_bus.answer(IdentifyKey, played.key)
    return played


@pytest.fixture
async def known(trading_bus: Bus, accounts: Accounts) -> Directory:
    opened = Directory(trading_bus)
    await opened.listen()
    return opened


async def test_an_answer_is_remembered(known: Directory, accounts: Accounts) -> None:
    for _ in range(3):
        found = await known.find(RITA)
        assert found is not None
        assert (found.name, found.accounts) == ("rita", frozenset({"one"}))
    assert accounts.asked == ["rita"]
    assert known.recall(RITA) == found
    assert known.recall(Password("rita", SecretStr("another"))) is None


async def test_a_wrong_login_is_not_remembered(known: Directory, accounts: Accounts) -> None:
    stranger = Password("stranger", SecretStr("x"))
    assert await known.find(stranger) is None
    assert await known.find(stranger) is None
    assert accounts.asked == ["stranger", "stranger"]


async def test_a_change_empties_the_memory(known: Directory, accounts: Accounts, accounts_bus: Bus) -> None:
    assert await known.find(RITA)
    accounts.known.clear()
    told = LoginsChanged(user_name="rita")
    await accounts_bus.publish(told.subject, told.model_dump(mode="json"), message_id="one")
    await eventually(lambda: known.recall(RITA) is None)
    assert await known.find(RITA) is None


async def test_a_key_is_not_remembered_beyond_its_end_and_does_not_travel(known: Directory, accounts: Accounts) -> None:
    key = new_key()
    assert await known.find(key)
    assert known.recall(key) is None
    assert key.text not in accounts.asked[0]


async def test_while_accounts_is_down_what_is_remembered_goes_on(
    known: Directory, accounts_bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await known.find(RITA)
    await accounts_bus.close()
    monkeypatch.setattr(directory, "FRESH_S", 0.0)
    assert await known.find(RITA)
    with pytest.raises(Unavailable, match="accounts"):
        await known.find(Password("newcomer", SecretStr("x")))
    monkeypatch.setattr(directory, "STALE_S", 0.0)
    with pytest.raises(Unavailable, match="accounts"):
        await known.find(RITA)


async def test_while_the_bus_is_away_the_memory_is_short(
    known: Directory, trading_bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await known.find(RITA)
    await trading_bus.close()
    assert await known.find(RITA)
    monkeypatch.setattr(directory, "FRESH_S", 0.0)
    with pytest.raises(Unavailable, match="accounts"):
        await known.find(RITA)
