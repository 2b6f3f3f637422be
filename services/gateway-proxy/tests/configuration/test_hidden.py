import pytest

from aviary_gateway_proxy.configuration.hidden import HIDDEN, hidden, hidden_url, holds_hidden

KEY = "0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        (f"https://mainnet.infura.io/v3/{KEY}", "https://mainnet.infura.io/***"),
        (f"https://eth.example/?apikey={KEY}", "https://eth.example/***"),
        (f"https://user:{KEY}@eth.example", "https://***@eth.example"),
        (f"https://{KEY}.eth.rpc.example/", "https://***.eth.rpc.example/"),
        (f"wss://eth.example:8546/{KEY}", "wss://eth.example:8546/***"),
        (f"https://eth.example#{KEY}", "https://eth.example/***"),
        ("http://127.0.0.1:8545", "http://127.0.0.1:8545"),
        ("https://api.mainnet-beta.solana.com", "https://api.mainnet-beta.solana.com"),
        (KEY, HIDDEN),
        (f"https://eth.example:{KEY}/", "https://eth.example/"),
    ],
)
def test_of_a_nodes_address_only_the_host_is_shown(url: str, shown: str) -> None:
    assert hidden_url(url) == shown


def test_keys_are_hidden_by_name_and_the_rest_stays() -> None:
    told = {
        "apiKey": KEY,
        "authToken": KEY,
        "secret": "",
        "nodeURL": f"https://x.example/{KEY}",
        "urls": [f"https://x.example/{KEY}"],
    }
    plain = {
        "defaultWallet": "0x12",
        "chainID": 1,
        "slippagePct": None,
        "swapProvider": "uniswap/router",
        "wrappedToken": "WETH",
    }
    assert hidden(told | plain) == {
        "apiKey": HIDDEN,
        "authToken": HIDDEN,
        "secret": "",
        "nodeURL": "https://x.example/***",
        "urls": ["https://x.example/***"],
        **plain,
    }


def test_an_address_is_hidden_under_any_name() -> None:
    assert hidden({"endpoint": f"https://x.example/{KEY}"}) == {"endpoint": "https://x.example/***"}


def test_what_was_shown_is_recognised() -> None:
    assert holds_hidden("https://x.example/***")
    assert holds_hidden(["a", HIDDEN])
    assert not holds_hidden(5)
