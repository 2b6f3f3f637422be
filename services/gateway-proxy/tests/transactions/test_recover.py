"""What is concluded from nonces and effects, on chains that show little."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any, cast

import pytest

from aviary_gateway_proxy.transactions.chains import ChainNodes
from aviary_gateway_proxy.transactions.node import Node, Nonces, Receipt
from aviary_gateway_proxy.transactions.record import Transaction, TxKind
from aviary_gateway_proxy.transactions.recover import Evidence, Recovery
from aviary_gateway_proxy.transactions.settings import TransactionPace
from aviary_gateway_proxy.transactions.snapshot import Snapshot
from aviary_gateway_proxy.transactions.states import TxState

from .test_states import NOW, transaction

PACE = TransactionPace(settle_s=20, give_up_s=3600)
DEADLINE_S = 90
SOON, LATER, MUCH_LATER, AGES = (timedelta(seconds=seconds) for seconds in (5, 30, 150, 4000))


@dataclass
class FakeNode:
    """As a node that does not show blocks."""

    counted: Nonces
    key: str | None = None
    seen: Receipt | None = None

    async def nonces(self, _wallet: str) -> Nonces:
        return self.counted

    async def hash_by_nonce(self, _wallet: str, _nonce: int, _block: int) -> str | None:
        return self.key

    async def receipt(self, _key: str) -> Receipt | None:
        return self.seen

    async def balance(self, _token: str, _owner: str) -> int:
        return 1


@dataclass
class FakeChains:
    present: FakeNode | None = None
    asked: list[str] = field(default_factory=list)

    async def node(self, *_: object) -> Node | None:
        return cast("Node | None", self.present)

    async def currency(self, *_: object) -> str:
        return "ETH"


def unknown(kind: TxKind = TxKind.OPEN, *, answered: bool = True, nonce: int | None = 5) -> Transaction:
    before: dict[str, Any] = {"nonce": nonce, "block": 1, "balances": {}}
    return replace(transaction(TxState.UNKNOWN), kind=kind, answered=answered, before=before)


async def concluded(
    node: FakeNode | None, lost: Transaction, age: timedelta, *, seen: bool | None = None
) -> TxState | None:
    async def witness(_transaction: Transaction, _before: Snapshot, _balances: Mapping[str, int]) -> Evidence:
        return Evidence(seen, {"positionAddress": "7"} if seen else None)

    chains = cast(ChainNodes, FakeChains(node))
    recovery = Recovery(chains, dict.fromkeys(TxKind, witness), PACE, DEADLINE_S)
    found = await recovery.look(lost, NOW + age)
    return found.state if found else None


@pytest.mark.parametrize(
    ("age", "answered", "state"),
    [
        (SOON, True, None),
        (LATER, True, TxState.FAILED),
        (LATER, False, None),
        (MUCH_LATER, False, TxState.FAILED),
    ],
)
async def test_an_unused_nonce_means_that_nothing_came_once_nothing_can_come(
    age: timedelta, answered: bool, state: TxState | None
) -> None:
    assert await concluded(FakeNode(Nonces(5, 5)), unknown(answered=answered), age) is state


async def test_what_waits_in_the_mempool_may_come_for_ever() -> None:
    assert await concluded(FakeNode(Nonces(5, 6)), unknown(), AGES) is None


@pytest.mark.parametrize(
    ("seen", "age", "state"),
    [
        (True, SOON, TxState.CONFIRMED),
        (False, SOON, None),
        (False, LATER, TxState.FAILED),
        (None, LATER, None),
    ],
)
async def test_a_used_nonce_is_judged_by_what_changed(seen: bool | None, age: timedelta, state: TxState | None) -> None:
    assert await concluded(FakeNode(Nonces(6, 6)), unknown(), age, seen=seen) is state


async def test_a_receipt_goes_before_what_changed() -> None:
    node = FakeNode(Nonces(6, 6), key="0x1", seen=Receipt(succeeded=False, fee=Decimal(0)))
    assert await concluded(node, unknown(), SOON, seen=True) is TxState.REVERTED


async def test_the_second_of_two_approvals_is_waited_for() -> None:
    node = FakeNode(Nonces(6, 7))
    assert await concluded(node, unknown(TxKind.APPROVE), LATER, seen=True) is None
    assert await concluded(node, unknown(TxKind.OPEN), LATER, seen=True) is TxState.CONFIRMED


@pytest.mark.parametrize(
    ("seen", "age", "state"),
    [
        (True, SOON, TxState.CONFIRMED),
        (False, MUCH_LATER, None),
        (False, AGES, TxState.FAILED),
        (None, AGES, TxState.FAILED),
    ],
)
async def test_without_a_node_what_is_not_seen_may_still_come(
    seen: bool | None, age: timedelta, state: TxState | None
) -> None:
    assert await concluded(None, unknown(nonce=None), age, seen=seen) is state
