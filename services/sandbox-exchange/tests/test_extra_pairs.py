"""More pairs than usual, for loads."""

from aviary_sandbox_exchange.pairs import extra_pairs

from .rig import Client, Connect, Eventually, Launch


def test_extra_pairs_are_named_by_number() -> None:
    assert [pair.symbol for pair in extra_pairs(2)] == ["T01USDT", "T02USDT"]


async def test_a_venue_lists_and_trades_more_pairs_from_its_next_start_on(
    launch: Launch, connect: Connect, eventually: Eventually
) -> None:
    first = launch()
    venue = connect(first.base)
    usual = await symbols(venue)
    first.stop()
    await venue.http.aclose()

    venue = connect(launch(extra_pairs="2").base)
    assert await symbols(venue) == [*usual, "T01USDT", "T02USDT"]
    before = await venue.public("/api/v3/depth", symbol="T02USDT", limit=5)

    async def moves() -> bool:
        return bool(await venue.public("/api/v3/depth", symbol="T02USDT", limit=5) != before)

    await eventually(moves)
    await venue.market("BUY", symbol="T02USDT", quantity="1")
    assert await venue.balance("T02") == ("0.99900000", "0.00000000")
    house = (await venue.public("/sandbox/accounts/@house"))["spot"]
    assert house["balances"]["T02"]["free"] == "999999999.00000000"
    assert set((await venue.public("/sandbox/totals"))["spot"].values()) == {"0.00000000"}
    await venue.http.aclose()


async def symbols(venue: Client) -> list[str]:
    return [listed["symbol"] for listed in (await venue.public("/api/v3/exchangeInfo"))["symbols"]]
