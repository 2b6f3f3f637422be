from tests.gateway_peer.keys import solana_key
from tests.gateway_peer.peer import GatewayPeer
from tests.gateway_peer.tests.asking import ADDRESS, PRIVATE_KEY, Asker

SOLANA_KEY = solana_key(bytes(range(32)))


async def _default(gateway: Asker) -> str:
    return str((await gateway.get("/config", namespace="ethereum"))["defaultWallet"])


async def test_a_key_is_added_with_or_without_0x_and_again(gateway: Asker) -> None:
    for key in (PRIVATE_KEY, PRIVATE_KEY.removeprefix("0x"), PRIVATE_KEY):
        assert await gateway.post("/wallet/add", chain="ethereum", privateKey=key) == {"address": ADDRESS}
    solana = await gateway.post("/wallet/add", chain="solana", privateKey=SOLANA_KEY)
    listed = await gateway.get("/wallet")
    assert listed == [
        {"chain": "ethereum", "walletAddresses": [ADDRESS]},
        {"chain": "solana", "walletAddresses": [solana["address"]]},
    ]
    assert (await gateway.get("/wallet", showHardware="true"))[0]["hardwareWalletAddresses"] == []


async def test_trap_18_an_invalid_keys_error_echoes_its_beginning(gateway: Asker) -> None:
    message = await gateway.post_refused(400, "/wallet/add", chain="ethereum", privateKey="secret-of-mine")
    assert "secre" in message
    assert "secret" not in message
    await gateway.post_refused(400, "/wallet/add", chain="bitcoin", privateKey=PRIVATE_KEY)


async def test_default_wallet_is_set_and_survives_its_own_removal(gateway: Asker) -> None:
    await gateway.post("/wallet/add", chain="ethereum", privateKey=PRIVATE_KEY)
    created = await gateway.post("/wallet/create", chain="ethereum", setDefault=True)
    assert await _default(gateway) == created["address"]
    told = await gateway.post("/wallet/setDefault", chain="ethereum", address=ADDRESS.lower())
    assert (told["chain"], told["address"], await _default(gateway)) == ("ethereum", ADDRESS, ADDRESS)
    await _remove(gateway, 200, "ethereum", ADDRESS)
    assert await _default(gateway) == ADDRESS
    await gateway.post_refused(404, "/wallet/setDefault", chain="ethereum", address=ADDRESS)


async def test_trap_18_removing_what_is_not_there(gateway: Asker) -> None:
    await _remove(gateway, 200, "ethereum", ADDRESS)
    await _remove(gateway, 500, "solana", "not-an-address")


async def test_trap_19_a_foreign_address_has_no_balances(gateway: Asker) -> None:
    told = {"network": "mainnet", "address": ADDRESS, "tokens": []}
    assert "Wallet not found for address" in await gateway.post_refused(500, "/chains/ethereum/balances", **told)


async def test_another_passphrase_opens_no_older_wallet(peer: GatewayPeer, gateway: Asker, wallet: str) -> None:
    await peer.control("POST", "/passphrase", passphrase="another")
    assert (await gateway.get("/wallet"))[0]["walletAddresses"] == [wallet]
    told = {"network": "mainnet", "address": wallet, "tokens": []}
    assert (await gateway.post_refused(500, "/chains/ethereum/balances", **told)).endswith("invalid password")


async def test_the_record_holds_what_was_sent(peer: GatewayPeer, gateway: Asker) -> None:
    await gateway.post("/wallet/add", chain="ethereum", privateKey=PRIVATE_KEY)
    [request] = await peer.requests("/wallet")
    assert request == {
        "method": "POST",
        "path": "/wallet/add",
        "query": {},
        "body": {"chain": "ethereum", "privateKey": PRIVATE_KEY},
        "status": 200,
    }


async def _remove(gateway: Asker, status: int, chain: str, address: str) -> None:
    body = {"chain": chain, "address": address}
    assert (await gateway.client.request("DELETE", "/wallet/remove", json=body)).status_code == status
