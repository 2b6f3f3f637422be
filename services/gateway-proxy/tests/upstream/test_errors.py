"""What Gateway says, and what a caller hears of it."""

import pytest

from aviary_gateway_proxy.upstream.errors import translated, words_of

KEY = "59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d"


@pytest.mark.parametrize(
    ("status", "message", "expected"),
    [
        (400, "Insufficient allowance for WETH. Approve uniswap/clmm first", (400, "insufficient_allowance")),
        (400, "Insufficient funds: 1 WETH needed", (400, "insufficient_balance")),
        (500, "Wallet cannot be read: invalid password", (409, "wrong_passphrase")),
        (404, "Pool not found: 0x1", (404, "not_at_gateway")),
        (400, "No fees to collect", (400, "gateway_refused")),
        (500, "Failed to get position info", (502, "gateway_failed")),
        (429, "Rate limit exceeded", (429, "gateway_busy")),
    ],
)
def test_the_message_decides(status: int, message: str, expected: tuple[int, str]) -> None:
    error = translated(status, {"statusCode": status, "error": "Error", "message": message})
    assert (error.status, error.code) == expected


def test_an_allowance_names_the_spender_and_the_call_that_grants_it() -> None:
    told = translated(400, {"message": "Insufficient allowance for WETH: spender uniswap/clmm"}).detail
    assert "uniswap/clmm" in told
    assert "POST /chains/ethereum/approve" in told


def test_what_does_not_fit_the_schema_is_unprocessable() -> None:
    body = {"statusCode": 400, "message": "body must have required property 'network'", "validation": [{}]}
    assert translated(400, body).status == 422


@pytest.mark.parametrize("secret", [KEY, f"0x{KEY}", f"https://mainnet.infura.io/v3/{KEY[:32]}", "4" * 88])
def test_no_key_comes_through(secret: str) -> None:
    assert secret not in words_of({"message": f"it failed with {secret} here"})
    assert secret[-20:] not in translated(500, f"it failed with {secret}").detail


def test_a_body_of_any_shape_has_words() -> None:
    assert words_of("") == words_of(None) == words_of({}) == "nothing"
    assert words_of([1, 2]) == "[1, 2]"
