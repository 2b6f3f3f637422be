"""What gateway-proxy adds to Gateway's own time, and pages of a long history; Gateway is the tests' stand-in."""

import asyncio
import tempfile
from pathlib import Path
from typing import Any, Final

import psycopg

from aviary_local import secrets
from aviary_local.postgres import Postgres
from aviary_local.topology import GATEWAY_PROXY, POSTGRES
from tests.bench.load import Connection, percentile
from tests.bench.measure import Figure, Step
from tests.gateway_peer.peer import GatewayPeer
from tests.stack import Stack

REQUESTS: Final = 300
REPEATED: Final = 7
SWAPS: Final = 1_000_000
POSITIONS: Final = 100_000
NO_LIMIT: Final = 100_000_000
PASSED_ON: Final = "/chains/ethereum/estimate-gas?network=mainnet"
SWAPS_FILLED: Final = """
    insert into swap (transaction_hash, timestamp, network, connector, trading_type, wallet_address, trading_pair,
        base_token, quote_token, side, amount, input_amount, output_amount, price, status, state)
    select '0x' || lpad(to_hex(place), 64, '0'), now() - place * interval '13 seconds',
        (array['ethereum-mainnet', 'ethereum-base', 'solana-mainnet-beta'])[1 + mod(place, 3)], 'uniswap', 'router',
        'wallet-' || mod(place, 7), 'WETH-USDC', 'WETH', 'USDC', (array['BUY', 'SELL'])[1 + mod(place, 2)], 0.1, 0.1,
        200, 2000, case mod(place, 50) when 0 then 'FAILED' else 'CONFIRMED' end,
        case mod(place, 50) when 0 then 'REVERTED' else 'CONFIRMED' end
    from generate_series(1, %s) as place
"""
POSITIONS_FILLED: Final = """
    insert into clmm_position (position_address, pool_address, network, connector, wallet_address, trading_pair,
        base_token, quote_token, base_token_address, quote_token_address, created_at, status, lower_price, upper_price,
        initial_base_token_amount, initial_quote_token_amount, base_token_amount, quote_token_amount,
        withdrawn_base_amount, withdrawn_quote_amount, base_fee_collected, quote_fee_collected, base_fee_pending,
        quote_fee_pending, last_updated)
    select place::text, '0x1', 'ethereum-mainnet', 'uniswap', 'wallet-' || mod(place, 7), 'WETH-USDC', 'WETH', 'USDC',
        '0x2', '0x3', now() - place * interval '1 minute', (array['OPEN', 'CLOSED'])[1 + mod(place, 2)], 1800, 2200,
        1, 2000, 1, 2000, 0, 0, 0, 0, 0, 0, now()
    from generate_series(1, %s) as place
"""


def gateway(stack: Stack) -> list[Figure]:
    return asyncio.run(_with_gateway(stack))


async def _with_gateway(stack: Stack) -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="aviary-bench-") as folder:
        async with GatewayPeer(Path(folder)) as peer:
            await peer.limit(NO_LIMIT)
            settings = {"AVIARY_GATEWAY_URL": peer.url, "AVIARY_GATEWAY_REQUESTS_PER_MIN": str(NO_LIMIT)}
            await asyncio.to_thread(stack.run, "down")
            await asyncio.to_thread(lambda: stack.run("up", "--detach", settings=settings))
            ours = await _latencies(stack.url, stack.login)
            theirs = await _latencies(peer.url, ("", ""))
            await asyncio.to_thread(_fill, stack)
            pages = await _pages(stack)
            memory = next(each for each in stack.status()["processes"] if each["name"] == GATEWAY_PROXY.name)
    return [
        Figure("passed on to Gateway through the edge, p50", percentile(ours, 0.5), "ms"),
        Figure("  of which ours, the edge's included", percentile(ours, 0.5) - percentile(theirs, 0.5), "ms", "< 5"),
        *pages,
        Figure("gateway-proxy, proportional set size", memory["memory_bytes"] / 2**20, "MB", "< 120"),
    ]


async def _latencies(url: str, login: tuple[str, str]) -> list[float]:
    connection = await Connection(url, login).open()
    found = []
    for _ in range(REQUESTS):
        answer = await connection.get(PASSED_ON)
        if answer.status != 200:
            raise RuntimeError(f"{answer.status}: {answer.body!r}")
        found.append(answer.ms)
    await connection.close()
    return found


def _fill(stack: Stack) -> None:
    made = secrets.load(stack.data / "secrets.env", {})
    postgres = Postgres(stack.data / "postgres", stack.port_base + POSTGRES.ports["postgres"], made)
    with psycopg.connect(postgres.url(GATEWAY_PROXY).replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("set statement_timeout = 0")
        connection.execute(SWAPS_FILLED, [SWAPS])
        connection.execute(POSITIONS_FILLED, [POSITIONS])
        connection.execute("vacuum analyze swap, clmm_position")


async def _pages(stack: Stack) -> list[Figure]:
    """Straight at the service, the median of a few; a page far behind was asked for a moment ago."""
    connection = await Connection(stack.straight(GATEWAY_PROXY), stack.login).open()
    figures = []
    for name, path, count in (
        ("swaps", "/gateway/swaps/search", SWAPS),
        ("positions", "/gateway/clmm/positions/search", POSITIONS),
    ):
        for words, query in (
            ("first", ""),
            ("deep", f"&offset={count * 9 // 10}"),
            ("a wallet's", "&wallet_address=wallet-3"),
        ):
            times = [await _page_ms(connection, f"{path}?limit=50{query}") for _ in range(REPEATED)]
            figures.append(Figure(f"{words} page of {count:,} {name}", percentile(times[1:], 0.5), "ms", "< 15"))
    await connection.close()
    return figures


async def _page_ms(connection: Connection, path: str) -> float:
    answer: Any = await connection.post(path, b"")
    if answer.status != 200:
        raise RuntimeError(f"{answer.status}: {answer.body!r}")
    return float(answer.ms)


STEPS: Final[list[Step]] = [("gateway-proxy, and a million swaps", gateway)]
