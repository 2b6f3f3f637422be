"""Each answer as the contract has it, from rows that a bot would write."""

import httpx

from .conftest import Ask, MakeDatabase
from .hummingbot import TABLES, BotDatabase

EMPTY = "Error - No records matched"
MISSING = "Error - no such table: "


async def test_the_status_of_a_full_database_is_healthy(ask: Ask, database: BotDatabase) -> None:
    database.fill_everything()
    assert await ask("status") == {
        "db_path": database.listed,
        "status": {
            "db_name": database.path.name,
            "db_path": f"sqlite:///{database.listed}",
            "trade_fill": "Correct",
            "orders": "Correct",
            "order_status": "Correct",
            "executors": "Correct",
            "controllers": "Correct",
            "positions": "Correct",
            "general_status": True,
        },
        "healthy": True,
    }


async def test_an_empty_table_is_unhealthy(ask: Ask, database: BotDatabase) -> None:
    database.fill_everything()
    database.run("DELETE FROM Position")
    answer = await ask("status")
    assert answer["status"]["positions"] == EMPTY
    assert (answer["healthy"], answer["status"]["general_status"]) == (False, False)


async def test_the_summary_counts_and_names(ask: Ask, database: BotDatabase) -> None:
    database.fill_everything()
    database.add("TradeFill", market="kraken", symbol="ETH-EUR")
    database.add("Order")
    assert await ask("summary") == {
        "db_path": database.listed,
        "total_orders": 2,
        "total_trades": 2,
        "total_executors": 1,
        "total_positions": 1,
        "total_controllers": 1,
        "trading_pairs": ["BTC-USDT", "ETH-EUR"],
        "exchanges": ["binance", "kraken"],
    }


async def test_a_trade_has_our_names_and_scaled_numbers(ask: Ask, database: BotDatabase) -> None:
    database.fill("SELL", "0.1", "123456789.654321", "0.000001", order_id="o", exchange_trade_id="t", leverage=20)
    assert (await ask("trades"))["trades"] == [
        {
            "config_file_path": "conf.yml",
            "strategy": "v2",
            "connector_name": "binance",
            "trading_pair": "BTC-USDT",
            "base_asset": "BTC",
            "quote_asset": "USDT",
            "timestamp": 1_700_000_000_000,
            "order_id": "o",
            "trade_type": "SELL",
            "order_type": "LIMIT",
            "price": 0.1,
            "amount": 123456789.654321,
            "leverage": 20,
            "trade_fee": 0.0,
            "trade_fee_in_quote": 0.000001,
            "exchange_trade_id": "t",
            "position": "NIL",
            "cum_fees_in_quote": 0.000001,
        }
    ]


async def test_fees_add_up_per_config_connector_and_pair(ask: Ask, database: BotDatabase) -> None:
    groups = [("a", "binance", "X-Y"), ("b", "binance", "X-Y"), ("a", "kraken", "X-Y"), ("a", "binance", "Z-Y")]
    for number, (config, market, symbol) in enumerate([*groups, *groups, groups[0]]):
        fee = f"{number + 1}.1"
        database.fill("BUY", "1", "1", fee, config_file_path=config, market=market, symbol=symbol)
    database.add("TradeFill", trade_fee_in_quote=None, config_file_path="a", market="binance", symbol="X-Y")
    trades = (await ask("trades"))["trades"]
    assert [trade["cum_fees_in_quote"] for trade in trades] == [1.1, 2.1, 3.1, 4.1, 6.2, 8.2, 10.2, 12.2, 15.3, 15.3]
    assert [trade["trade_fee"] for trade in trades] == [0, 0, 0, 0, 5.1, 6.1, 7.1, 8.1, 9.1, 0]


async def test_fees_do_not_start_again_on_the_next_page(ask: Ask, database: BotDatabase) -> None:
    database.add_all("TradeFill", [{"symbol": f"P{number % 3}", "config_file_path": None} for number in range(20)])
    whole = (await ask("trades"))["trades"]
    for limit in (1, 3, 7):
        pages = [(await ask("trades", limit=limit, offset=place))["trades"] for place in range(0, 20, limit)]
        assert [trade for page in pages for trade in page] == whole


async def test_fees_of_many_pairs_are_summed_another_way_with_the_same_result(ask: Ask, database: BotDatabase) -> None:
    database.add_all("TradeFill", [{"symbol": f"P{number % 40}"} for number in range(100)])
    page = (await ask("trades", limit=60, offset=40))["trades"]
    assert [trade["cum_fees_in_quote"] for trade in page] == [0.2] * 40 + [0.3] * 20


async def test_pages_follow_each_other_by_offset_and_by_cursor(ask: Ask, database: BotDatabase) -> None:
    database.add_all("TradeFill", [{} for _ in range(5)])
    first = await ask("trades", limit=2, offset=1)
    cursor = first["next_cursor"]
    assert first["pagination"] == {
        "total": 5,
        "limit": 2,
        "offset": 1,
        "has_more": True,
        "next_cursor": cursor,
        "total_count": 5,
    }
    assert first["total"] == 5
    last = await ask("trades", limit=2, cursor=cursor)
    assert last["trades"] == (await ask("trades", limit=2, offset=3))["trades"]
    assert (last["pagination"]["has_more"], last["next_cursor"]) == (False, None)
    beyond = await ask("trades", offset=99)
    assert (beyond["trades"], beyond["pagination"]["has_more"]) == ([], False)


async def test_a_cursor_of_another_list_is_refused(api: httpx.AsyncClient, ask: Ask, database: BotDatabase) -> None:
    database.add_all("TradeFill", [{} for _ in range(5)])
    cursor = (await ask("trades", limit=2))["next_cursor"]
    for what, given in (("orders", cursor), ("trades", "nonsense"), ("trades", cursor[:-3])):
        answer = await api.get(f"/archived-bots/{database.listed}/{what}", params={"cursor": given})
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_cursor")


async def test_limits_and_offsets_have_bounds(api: httpx.AsyncClient, database: BotDatabase) -> None:
    for wrong in ({"limit": 0}, {"limit": 1001}, {"offset": -1}, {"offset": 2**63}):
        answer = await api.get(f"/archived-bots/{database.listed}/trades", params=wrong)
        assert answer.status_code == 422, wrong


async def test_orders_are_filtered_by_their_last_status(ask: Ask, database: BotDatabase) -> None:
    database.add("Order", id="one")
    database.add("Order", id="two", last_status="OrderCancelled", exchange_order_id=None)
    cancelled = await ask("orders", status="OrderCancelled")
    assert cancelled["orders"] == [
        {
            "id": "two",
            "config_file_path": "conf.yml",
            "strategy": "v2",
            "connector_name": "binance",
            "trading_pair": "BTC-USDT",
            "base_asset": "BTC",
            "quote_asset": "USDT",
            "creation_timestamp": 1_700_000_000_000,
            "order_type": "LIMIT",
            "amount": 1.5,
            "leverage": 1,
            "price": 60000.25,
            "last_status": "OrderCancelled",
            "last_update_timestamp": 1_700_000_001_000,
            "exchange_order_id": None,
            "position": "NIL",
        }
    ]
    assert cancelled["pagination"]["total"] == 1
    assert [order["id"] for order in (await ask("orders"))["orders"]] == ["one", "two"]
    assert (await ask("orders", status="' OR 1=1 --"))["total"] == 0


async def test_a_position_is_scaled_its_realised_profit_included(ask: Ask, database: BotDatabase) -> None:
    database.add("Position", id="p")
    assert (await ask("positions"))["positions"] == [
        {
            "id": "p",
            "controller_id": "main",
            "connector_name": "binance_perpetual",
            "side": 1,
            "trading_pair": "BTC-USDT",
            "timestamp": 1_700_000_000_000,
            "volume_traded_quote": 250.5,
            "amount": 1.5,
            "breakeven_price": 99.5,
            "unrealized_pnl_quote": -2.000001,
            "realized_pnl_quote": 3.25,
            "cum_fees_quote": 0.125,
        }
    ]


async def test_controllers_keep_their_config_as_text(ask: Ask, database: BotDatabase) -> None:
    database.add("Controllers")
    answer = await ask("controllers")
    assert answer["controllers"] == [
        {"id": "main", "controller_id": 1, "timestamp": 1_700_000_000.5, "type": "generic", "config": '{"id": "main"}'}
    ]
    assert answer["total"] == 1


async def test_nulls_in_numbers_are_zero(ask: Ask, database: BotDatabase) -> None:
    database.add("TradeFill", price=None, amount=None, trade_fee_in_quote=None, timestamp=None, leverage=None)
    database.add("Executors", close_type=None, close_timestamp=None, net_pnl_pct=None, is_active=None)
    [trade] = (await ask("trades"))["trades"]
    assert [trade[name] for name in ("price", "amount", "trade_fee_in_quote", "timestamp", "leverage")] == [0] * 5
    [executor] = (await ask("executors"))["executors"]
    assert [executor[name] for name in ("close_type", "close_timestamp", "net_pnl_pct", "is_active")] == [0] * 4


async def test_what_sqlite_lets_into_any_column_still_makes_an_answer(ask: Ask, database: BotDatabase) -> None:
    for strange in (float("inf"), "text", b"\xff\x00", 2**62, "1e999999999", -1e300):
        database.add("TradeFill", price=strange, leverage=strange, symbol=str(strange), timestamp=strange)
        database.add("Executors", net_pnl_pct=strange, is_active=strange, custom_info=strange, status=strange)
        database.add("Position", side=strange, amount=strange)
    database.run("UPDATE TradeFill SET strategy = CAST(x'ff41' AS TEXT)")
    for what in ("trades", "executors", "positions", "executors-config", "general-data/TradeFill", "performance"):
        await ask(what)
    await ask("executors", decode=True)
    assert {trade["strategy"] for trade in (await ask("trades"))["trades"]} == {"�A"}


async def test_an_old_database_answers_what_it_has(api: httpx.AsyncClient, make_database: MakeDatabase) -> None:
    old = make_database(
        {
            "TradeFill": "market TEXT, symbol TEXT, price BIGINT, amount BIGINT, trade_type TEXT, timestamp BIGINT",
            "Order": "id TEXT PRIMARY KEY, amount BIGINT",
        }
    )
    old.run(
        "INSERT INTO TradeFill VALUES ('binance', 'BTC-USDT', 2000000, 3000000, 'BUY', 5)",
        "INSERT INTO \"Order\" VALUES ('o', 1500000)",
    )
    answers = {}
    for what in ("status", "summary", "performance", "trades", "orders", "positions", "executors", "controllers"):
        answer = await api.get(f"/archived-bots/{old.listed}/{what}")
        assert answer.status_code == 200, what
        answers[what] = answer.json()
    status = answers["status"]["status"]
    assert (status["executors"], status["positions"]) == (f"{MISSING}Executors", f"{MISSING}Position")
    assert answers["summary"]["total_trades"] == 1
    [trade] = answers["trades"]["trades"]
    assert (trade["price"], trade["position"], trade["cum_fees_in_quote"]) == (2, None, 0)
    assert answers["orders"]["orders"][0]["last_status"] is None
    assert answers["performance"]["summary"]["total_volume_quote"] == 6
    assert [answers[what]["total"] for what in ("positions", "executors", "controllers")] == [0, 0, 0]
    filtered = await api.get(f"/archived-bots/{old.listed}/orders", params={"status": "OrderCancelled"})
    assert filtered.json()["orders"] == []


async def test_a_view_in_a_tables_place_is_not_asked(api: httpx.AsyncClient, make_database: MakeDatabase) -> None:
    tables = {name: columns for name, columns in TABLES.items() if name != "TradeFill"}
    database = make_database(tables)
    database.run("CREATE VIEW TradeFill AS SELECT randomblob(1000000000) AS market, 1 AS symbol")
    answer = await api.get(f"/archived-bots/{database.listed}/summary")
    assert answer.json()["total_trades"] == 0
    assert (await api.get(f"/archived-bots/{database.listed}/general-data/TradeFill")).status_code == 404
