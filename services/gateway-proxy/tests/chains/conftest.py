import httpx
import pytest

from ..keys import EVM_KEY, EVM_WALLET, SOLANA_KEY


@pytest.fixture
async def wallet(api: httpx.AsyncClient) -> str:
    """Gateway's default EVM wallet; a Solana one is there, too."""
    for chain, key in (("ethereum", EVM_KEY), ("solana", SOLANA_KEY)):
        answer = await api.post("/accounts/gateway/add-wallet", json={"chain": chain, "private_key": key})
        assert answer.status_code == 201, answer.text
    return EVM_WALLET
