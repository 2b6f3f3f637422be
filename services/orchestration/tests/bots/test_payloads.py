"""What bots say, and what they ought not to."""

from datetime import UTC, datetime

import orjson
import pytest

from aviary_orchestration.bots.payloads import moment, read_json, read_log, read_performance

NOW = datetime(2026, 1, 1, tzinfo=UTC)
DEEP = b"[" * 100_000


def nested(depth: int) -> bytes:
    return b"[" * depth + b"]" * depth


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        (b'{"a": 1}', {"a": 1}),
        (b'{"a": NaN, "b": -Infinity, "c": 1e999}', {"a": None, "b": None, "c": None}),
        (b'"a\\u0000b"', "ab"),
        (b'{"k\\u0000": ["\\u0000"]}', {"k": [""]}),
        (b'"\\\\u0000"', "\\u0000"),
        (b'"\\u00\x0000"', ""),
        (b'"a\x00b"', "ab"),
        (b"not json", None),
        (b"", None),
        (b"\xff\xfe", None),
        (b'"\\ud800"', None),
        (b'{"a": NaN, "b": "\\ud800"}', None),
        (b'{"a": NaN, "b": 123456789012345678901234567890}', None),
        (DEEP, None),
        (nested(101), None),
        (nested(900), None),
    ],
)
def test_only_what_can_be_told_again_is_read(raw: bytes, found: object) -> None:
    assert read_json(raw) == found


def test_what_is_read_can_be_written() -> None:
    assert orjson.dumps({"status": {"bot": read_json(nested(99))}})


def test_a_log_line() -> None:
    raw = b'{"timestamp": 12.5, "level_no": 40, "level_name": "ERROR", "logger_name": "a.b", "msg": "no"}'
    line = read_log(raw, NOW)
    assert line is not None
    assert (line.at, line.level_no, line.level_name, line.logger_name, line.msg) == (12.5, 40, "ERROR", "a.b", "no")
    assert line.is_error


@pytest.mark.parametrize("raw", [b"{}", b'{"timestamp": "x", "level_no": "y"}', b'{"timestamp": -1, "level_no": null}'])
def test_what_a_log_line_lacks_is_filled_in(raw: bytes) -> None:
    line = read_log(raw, NOW)
    assert line is not None
    assert (line.at, line.level_no, line.is_error) == (NOW.timestamp(), 20, False)


@pytest.mark.parametrize("raw", [b"[]", b"7", b"null", b"x", DEEP])
def test_what_is_no_log_line_is_none(raw: bytes) -> None:
    assert read_log(raw, NOW) is None


@pytest.mark.parametrize(
    ("raw", "reports"),
    [
        (b'{"c": {"performance": {"pnl": 1}, "custom_info": {"x": 2}}}', {"c": ({"pnl": 1}, {"x": 2})}),
        (b'{"c": {"performance": {"pnl": NaN}, "custom_info": null}}', {"c": ({"pnl": None}, {})}),
        (b'{"c": {"pnl": 1, "volume": 2}}', {"c": ({"pnl": 1, "volume": 2}, {})}),
        (b'{"c": {"pnl": 1, "custom_info": {"x": 2}}}', {"c": ({"pnl": 1}, {"x": 2})}),
        (b'{"c": {}, "d": {"pnl": 1}}', {"d": ({"pnl": 1}, {})}),
        (b'{"c": {}}', {}),
        (b'{"c": 7, "d": null, "e": []}', {}),
        (b"{}", {}),
        (b"[1]", {}),
        (b"nonsense", {}),
        (DEEP, {}),
    ],
)
def test_reports_of_every_release(raw: bytes, reports: dict[str, tuple[object, object]]) -> None:
    found = read_performance(raw)
    assert {name: (each["performance"], each["custom_info"]) for name, each in found.items()} == reports


@pytest.mark.parametrize("seconds", [1e300, -1e300, float("inf"), float("nan"), 1e12])
def test_a_time_that_does_not_exist_is_1970(seconds: float) -> None:
    assert moment(seconds) == datetime(1970, 1, 1, tzinfo=UTC)


def test_a_time() -> None:
    assert moment(NOW.timestamp()) == NOW
