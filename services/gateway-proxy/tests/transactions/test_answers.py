"""What Gateway's answers mean."""

import pytest

from aviary_gateway_proxy.transactions.answers import outcome_of
from aviary_gateway_proxy.transactions.states import TxState
from aviary_gateway_proxy.upstream.client import Answer

HASH = "0x" + "ab" * 32
REVERTED = (
    f"Failed to execute swap: transaction failed [ See: https://links.ethers.org/v5-errors-CALL_EXCEPTION ] "
    f'(transactionHash="{HASH}", receipt={{"transactionHash":"{HASH}","status":0}}, code=CALL_EXCEPTION)'
)


def answer(status: int, message: str) -> Answer:
    return Answer(status, {"statusCode": status, "error": "x", "message": message})


@pytest.mark.parametrize(
    ("told", "state", "key"),
    [
        (Answer(200, {"signature": HASH, "status": 1, "data": {"fee": "0.1"}}), TxState.CONFIRMED, HASH),
        (Answer(200, {"signature": HASH, "status": 0}), TxState.SUBMITTED, HASH),
        (Answer(200, {"signature": HASH, "status": -1}), TxState.FAILED, HASH),
        (Answer(200, {"signature": "", "status": 1}), TxState.UNKNOWN, None),
        (Answer(200, "<html>"), TxState.UNKNOWN, None),
        (Answer(200, {"signature": "0x" + "0" * 64, "status": 1}), TxState.CONFIRMED, None),
        (answer(400, "Insufficient USDC allowance"), TxState.REJECTED, None),
        (answer(429, "Rate limit exceeded"), TxState.REJECTED, None),
        (answer(500, REVERTED), TxState.REVERTED, HASH),
        (answer(500, f"timeout exceeded (transactionHash={HASH})"), TxState.SUBMITTED, HASH),
        (answer(500, "nonce has already been used [ code=NONCE_EXPIRED ]"), TxState.REJECTED, None),
        (answer(500, "replacement fee too low"), TxState.REJECTED, None),
        (answer(500, "Cannot read properties of null (reading 'gasUsed')"), TxState.UNKNOWN, None),
        (answer(500, "Failed to open position"), TxState.UNKNOWN, None),
        (answer(503, "known SDK bug"), TxState.UNKNOWN, None),
        (Answer(502, "Bad Gateway"), TxState.UNKNOWN, None),
    ],
)
def test_only_what_is_proved_counts(told: Answer, state: TxState, key: str | None) -> None:
    outcome = outcome_of(told)
    assert (outcome.state, outcome.hash) == (state, key)


def test_an_error_shows_no_node() -> None:
    told = outcome_of(answer(500, "could not detect network https://mainnet.infura.io/v3/secret"))
    assert "secret" not in str(told.error)
