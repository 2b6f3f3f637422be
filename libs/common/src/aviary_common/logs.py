"""One JSON object per line on standard output, with everything secret taken out."""

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any, Final, TextIO

import orjson
import structlog

from aviary_common import tracing
from aviary_common.context import request_id, subjects

_SECRET_KEY: Final = re.compile(
    r"pass(word|phrase)?$|secret|api_?key|private|signature|authorization|cookie|seed|mnemonic|auth_token",
    re.IGNORECASE,
)
_SECRET_TEXT: Final = re.compile(
    r"(?P<keep>(signature|apiKey|api_key|secret|password|passphrase|listenKey)[\"']?\s*[=:]\s*[\"']?)[^&\s\"',}]+"
    r"|(?P<scheme>\b(Basic|Bearer)\s+)[A-Za-z0-9+/=._-]{6,}"
    r"|(?P<url>://[^:/@\s]*:)[^@/\s]+(?=@)",
    re.IGNORECASE,
)
_HIDDEN: Final = "***"


def redact(value: object) -> object:
    """A copy without secrets: known key names by name, signatures and logins inside text by form."""
    if isinstance(value, str):
        return _SECRET_TEXT.sub(_keep_prefix, value)
    if isinstance(value, Mapping):
        return {key: _HIDDEN if _SECRET_KEY.search(str(key)) else redact(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [redact(item) for item in value]
    return value


def _keep_prefix(match: re.Match[str]) -> str:
    return (match["keep"] or match["scheme"] or match["url"] or "") + _HIDDEN


def _redact_event(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key, value in event.items():
        if _SECRET_KEY.search(key):
            event[key] = _HIDDEN
        elif not isinstance(value, int | float):
            event[key] = redact(value)
    return event


def _add_context(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    if (current := request_id.get()) != "-":
        event.setdefault("request_id", current)
    for name, value in subjects().items():
        event.setdefault(name, value)
    if (trace := tracing.trace_id()) is not None:
        event["trace_id"] = trace
    return event


def _to_json(event: MutableMapping[str, Any], **_: object) -> str:
    return orjson.dumps(event, default=str).decode()


def configure(service: str, level: str = "INFO", stream: TextIO | None = None) -> None:
    """Send structlog and the standard library's loggers the same way, by default to standard output."""
    stream = stream or sys.stdout

    def add_service(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        event["service"] = service
        return event

    shared: list[structlog.typing.Processor] = [
        add_service,
        _add_context,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        structlog.processors.format_exc_info,
        _redact_event,
    ]
    render = structlog.processors.JSONRenderer(serializer=_to_json)
    structlog.configure(
        processors=[*shared, render],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=[_strip_meta, render])
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING if level.upper() == "INFO" else level.upper())
    for name in ("uvicorn", "uvicorn.error"):
        logging.getLogger(name).handlers = []


_strip_meta = structlog.stdlib.ProcessorFormatter.remove_processors_meta


def get(name: str) -> structlog.typing.FilteringBoundLogger:
    logger: structlog.typing.FilteringBoundLogger = structlog.get_logger(source=name)
    return logger
