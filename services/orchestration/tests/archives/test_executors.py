import json

import pytest

from aviary_orchestration.archives.decoding import parsed, parsed_with_names
from aviary_orchestration.archives.enums import Side, name_of

from .conftest import Ask
from .hummingbot import BotDatabase


async def test_executors_are_told_as_they_are_stored(ask: Ask, database: BotDatabase) -> None:
    database.add("Executors", id="e")
    answer = await ask("executors")
    assert answer["total"] == 1
    assert answer["executors"] == [
        {
            "id": "e",
            "timestamp": 1_700_000_000.5,
            "type": "position_executor",
            "close_type": 3,
            "close_timestamp": 1_700_000_100.5,
            "status": 4,
            "config": '{"id": "e", "side": 1, "leverage": 20}',
            "net_pnl_pct": 0.01,
            "net_pnl_quote": 1.25,
            "cum_fees_quote": 0.5,
            "filled_amount_quote": 125.0,
            "is_active": False,
            "is_trading": False,
            "custom_info": '{"side": 2, "held": []}',
            "controller_id": "main",
        }
    ]


async def test_decoded_executors_have_names_and_objects(ask: Ask, database: BotDatabase) -> None:
    database.add("Executors")
    database.add("Executors", close_type=None, status=2, custom_info="not json", config=None)
    done, running = (await ask("executors", decode=True))["executors"]
    assert (done["status"], done["close_type"]) == ("TERMINATED", "TAKE_PROFIT")
    assert done["config"] == {"id": "e", "side": "BUY", "leverage": 20}
    assert done["custom_info"] == {"side": "SELL", "held": []}
    assert [running[name] for name in ("status", "close_type", "config", "custom_info")] == [
        "RUNNING",
        None,
        None,
        None,
    ]


async def test_executor_configs_are_objects(ask: Ask, database: BotDatabase) -> None:
    database.add("Executors", id="e")
    answer = await ask("executors-config")
    config = {"id": "e", "side": 1, "leverage": 20}
    assert answer["executors_config"] == [
        {"id": "e", "controller_id": "main", "type": "position_executor", "config": config}
    ]
    assert (answer["db_path"], answer["total"]) == (database.listed, 1)


async def test_more_executors_than_asked_for_are_on_the_next_page(ask: Ask, database: BotDatabase) -> None:
    database.add_all("Executors", [{} for _ in range(3)])
    answer = await ask("executors", limit=2)
    assert (len(answer["executors"]), answer["total"], answer["pagination"]["has_more"]) == (2, 3, True)


STATUSES = ["NOT_STARTED", "RUNNING", "SHUTTING_DOWN", "TERMINATED"]
CLOSE_TYPES = [
    "TIME_LIMIT",
    "STOP_LOSS",
    "TAKE_PROFIT",
    "EXPIRED",
    "EARLY_STOP",
    "TRAILING_STOP",
    "INSUFFICIENT_BALANCE",
    "FAILED",
    "COMPLETED",
    "POSITION_HOLD",
]


async def test_every_status_and_close_type_has_its_name(ask: Ask, database: BotDatabase) -> None:
    database.add_all("Executors", [{"status": number} for number in range(1, 5)])
    database.add_all("Executors", [{"close_type": number} for number in range(1, 11)])
    executors = (await ask("executors", decode=True))["executors"]
    assert [executor["status"] for executor in executors[:4]] == STATUSES
    assert [executor["close_type"] for executor in executors[4:]] == CLOSE_TYPES


def test_both_sides_have_their_names_and_unknown_numbers_stay() -> None:
    assert [name_of(Side, number) for number in (1, 2, 0, 3, -1)] == ["BUY", "SELL", None, 3, -1]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (None, None),
        ("", None),
        ("{", None),
        ('{"a": NaN, "b": [Infinity, -Infinity, 1e999, 1.5]}', {"a": None, "b": [None, None, None, 1.5]}),
        ('"\\ud800"', None),
        (str(2**70), None),
        ("[" * 100_000, None),
        ("[" * 500 + "]" * 500, None),
        ('{"side": "BUY"}', {"side": "BUY"}),
        ('{"side": true}', {"side": True}),
        ("[1]", [1]),
    ],
)
def test_json_that_an_answer_cannot_hold_becomes_null(text: str | None, value: object) -> None:
    assert parsed(text) == parsed_with_names(text) == value
    assert json.loads(json.dumps(parsed(text), allow_nan=False)) == value
