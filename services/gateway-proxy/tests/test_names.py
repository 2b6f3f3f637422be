from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aviary_common.errors import NotFound
from aviary_gateway_proxy.directory import Connector, Known
from aviary_gateway_proxy.names import NetworkId, camel, in_our_words, nearest, snake

KNOWN = Known(
    {"ethereum": ("mainnet", "base"), "solana": ("mainnet-beta", "devnet"), "twin": ("base",)},
    {
        "uniswap": Connector("uniswap", ("router", "clmm"), "ethereum", ("mainnet",)),
        "orca": Connector("orca", ("clmm",), "solana", ("mainnet-beta", "devnet")),
    },
)


@pytest.mark.parametrize(
    ("ours", "gateways"),
    [
        ("slippage_pct", "slippagePct"),
        ("node_url", "nodeURL"),
        ("chain_id", "chainID"),
        ("min_priority_fee_per_cu", "minPriorityFeePerCU"),
        ("api_key", "apiKey"),
        ("default_network", "defaultNetwork"),
        ("token_uri", "tokenURI"),
        ("rpc_url", "rpcURL"),
        ("name", "name"),
    ],
)
def test_names_of_fields_there_and_back(ours: str, gateways: str) -> None:
    assert camel(ours) == gateways
    assert snake(gateways) == ours
    assert camel(gateways) == gateways


words = st.lists(st.from_regex(r"[a-z]{2,8}", fullmatch=True), min_size=1, max_size=4)


@given(words)
def test_any_name_comes_back(parts: list[str]) -> None:
    """Words in capitals that stand side by side are one word to whoever reads them."""
    name = "_".join(part if part not in {"url", "cu", "id", "api", "rpc", "uri"} else f"{part}x" for part in parts)
    assert snake(camel(name)) == name


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ethereum-mainnet", NetworkId("ethereum", "mainnet")),
        ("solana-mainnet-beta", NetworkId("solana", "mainnet-beta")),
        (" Solana-Devnet ", NetworkId("solana", "devnet")),
        ("mainnet", None),
        ("-mainnet", None),
        ("ethereum-", None),
    ],
)
def test_a_network_id_is_split_at_the_first_dash(text: str, expected: NetworkId | None) -> None:
    assert NetworkId.parse(text) == expected
    if expected:
        assert str(expected) == text.strip().lower()


@pytest.mark.parametrize(
    ("network", "chain", "expected"),
    [
        ("ethereum-mainnet", None, "ethereum-mainnet"),
        ("mainnet", None, "ethereum-mainnet"),
        ("mainnet-beta", None, "solana-mainnet-beta"),
        ("MAINNET-BETA", "Solana", "solana-mainnet-beta"),
        ("solana-mainnet-beta", "solana", "solana-mainnet-beta"),
        ("base", "ethereum", "ethereum-base"),
    ],
)
def test_a_network_in_all_its_forms(network: str, chain: str | None, expected: str) -> None:
    assert str(KNOWN.network(network, chain)) == expected


@pytest.mark.parametrize(
    ("network", "chain", "words"),
    [
        ("base", None, "ethereum-base or twin-base"),
        ("mainet", None, "Did you mean"),
        ("mainnet", "solana", "mainnet-beta"),
        ("ethereum-mainnet", "solana", "no network"),
        ("mainnet", "etherium", "Did you mean ethereum?"),
    ],
)
def test_a_network_that_there_is_not(network: str, chain: str | None, words: str) -> None:
    with pytest.raises(NotFound) as missing:
        KNOWN.network(network, chain)
    assert words in missing.value.detail


def test_a_connector_with_or_without_its_type() -> None:
    assert KNOWN.connector("Uniswap/clmm").name == KNOWN.connector(" uniswap").name == "uniswap"
    with pytest.raises(NotFound):
        KNOWN.network_of(KNOWN.connector("uniswap"), "base")


def test_gateways_json_in_our_words() -> None:
    told = {"feePct": Decimal("0.05"), "baseSymbol": "WETH", "quoteSymbol": "USDC", "nested": [{"nodeURL": None}]}
    assert in_our_words(told) == {
        "fee_pct": 0.05,
        "base": "WETH",
        "quote": "USDC",
        "nested": [{"node_url": None}],
        "trading_pair": "WETH-USDC",
    }


def test_the_nearest_name_as_it_is_written() -> None:
    assert nearest("usdd", ["WETH", "USDT"]) == " Did you mean USDT?"
    assert nearest("zzzz", ["WETH"]) == ""
