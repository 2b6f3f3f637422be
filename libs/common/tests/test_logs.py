import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from aviary_common import logs
from aviary_common.context import request_id

SECRET = "s3cr3tV4lue"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What a service would have written, while its way of logging is in force."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    stream = io.StringIO()
    logs.configure("testing", stream=stream)
    yield stream
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


@pytest.mark.parametrize(
    "text",
    [
        f"GET /api/v3/account?timestamp=1&signature={SECRET}",
        f"Authorization: Basic {SECRET}==",
        f"redis://:{SECRET}@127.0.0.1:6379/0",
        f"postgresql+psycopg://trading:{SECRET}@db/aviary",
        f'{{"api_key": "{SECRET}", "a": 1}}',
        f"password={SECRET} host=db",
    ],
)
def test_secrets_inside_text_are_hidden(text: str) -> None:
    assert SECRET not in str(logs.redact(text))


@given(st.sampled_from(["password", "api_key", "binance_api_secret", "Authorization", "passphrase", "private_key"]))
def test_secret_keys_are_hidden_at_any_depth(key: str) -> None:
    assert SECRET not in str(logs.redact({"outer": [{key: SECRET}]}))


def test_trading_words_stay_readable() -> None:
    plain = {"token": "USDT", "key": "BTC-USDT", "at": "2026-01-01T10:00:00", "url": "http://127.0.0.1:8000/"}
    assert logs.redact(plain) == plain


def test_one_json_line_with_service_and_request_id(written: io.StringIO) -> None:
    token = request_id.set("abcd1234")
    try:
        logs.get("here").info("order placed", api_key=SECRET, amount=1)
    finally:
        request_id.reset(token)
    line = json.loads(written.getvalue())
    assert line["event"] == "order placed"
    assert line["service"] == "testing"
    assert line["request_id"] == "abcd1234"
    assert line["api_key"] == "***"


def test_the_standard_librarys_loggers_go_the_same_way(written: io.StringIO) -> None:
    logging.getLogger("somewhere").warning("connecting to redis://:%s@host", SECRET)
    line = json.loads(written.getvalue())
    assert line["level"] == "warning"
    assert SECRET not in json.dumps(line)
