"""What bots say, read with patience: releases differ, and a line that cannot be read must not stop the others."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import orjson

from aviary_orchestration.configs.content import deeper_than

ERROR_LEVEL: Final = 40
PERFORMANCE: Final = "performance"
MAX_DEPTH: Final = 100

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class LogLine:
    """``at`` in Unix seconds, by the bot's clock."""

    at: float
    level_no: int
    level_name: str
    logger_name: str
    msg: str

    @property
    def is_error(self) -> bool:
        return self.level_no >= ERROR_LEVEL

    def to_json(self) -> Json:
        return {
            "level_name": self.level_name,
            "msg": self.msg,
            "timestamp": self.at,
            "level_no": self.level_no,
            "logger_name": self.logger_name,
        }


def read_json(raw: bytes) -> Any:
    """What can be written down and told again. Also NaN and Infinity, which Python bots write: they become null. The
    character NUL, which PostgreSQL does not take, is left out. ``None`` for what is not JSON, or nested
    too deeply to be told again."""
    raw = raw.replace(b"\x00", b"")
    found = _loaded(raw)
    if raw.count(b"[") + raw.count(b"{") > MAX_DEPTH and deeper_than(found, MAX_DEPTH):
        return None
    return without_nul(found) if b"\\u0000" in raw else found


def _loaded(raw: bytes) -> Any:
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        pass
    try:
        return orjson.loads(orjson.dumps(json.loads(raw)))
    except (ValueError, orjson.JSONEncodeError, RecursionError):
        return None


def without_nul(found: Any) -> Any:
    if isinstance(found, str):
        return found.replace("\x00", "")
    if isinstance(found, list):
        return [without_nul(each) for each in found]
    if isinstance(found, dict):
        return {without_nul(key): without_nul(each) for key, each in found.items()}
    return found


def read_log(raw: bytes, heard_at: datetime) -> LogLine | None:
    found = read_json(raw)
    if not isinstance(found, dict):
        return None
    at = found.get("timestamp")
    level = found.get("level_no")
    return LogLine(
        float(at) if isinstance(at, int | float) and at > 0 else heard_at.timestamp(),
        level if isinstance(level, int) else 20,
        str(found.get("level_name", "INFO")),
        str(found.get("logger_name", "")),
        str(found.get("msg", "")),
    )


def read_performance(raw: bytes) -> dict[str, Json]:
    """Reports by controller, each with ``performance`` and ``custom_info``; older bots leave out that wrapping. A
    controller that reports nothing has stopped and is left out."""
    found = read_json(raw)
    if not isinstance(found, Mapping):
        return {}
    return {str(name): _wrapped(report) for name, report in found.items() if isinstance(report, dict) and report}


def _wrapped(report: Json) -> Json:
    if isinstance(report.get(PERFORMANCE), dict):
        return {PERFORMANCE: report[PERFORMANCE], "custom_info": report.get("custom_info") or {}}
    custom_info = report.get("custom_info") or {}
    return {
        PERFORMANCE: {key: each for key, each in report.items() if key != "custom_info"},
        "custom_info": custom_info,
    }


def moment(seconds: float) -> datetime:
    """Within the years that the database knows; nonsense becomes 1970."""
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return datetime.fromtimestamp(0, UTC)
