"""Two requests that go out together: each failure is read by its own answer."""

import asyncio
import json
from typing import Any

import pytest

from aviary_exchange.errors import RateLimited
from aviary_exchange.settings import ExchangeSettings

from .offline import open_offline

REFUSAL = json.dumps({"code": -1003, "msg": "Too many requests."})


@pytest.mark.parametrize("refused", ["ticker/price", "ticker/bookTicker"])
async def test_an_answer_does_not_overwrite_the_refusal_of_another(
    refused: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    exchange = open_offline("binance", ExchangeSettings(), monkeypatch)
    client = exchange._exchange
    refusal_is_in, other_is_in = asyncio.Event(), asyncio.Event()

    async def fetch(self: Any, url: str, method: str, headers: Any, body: Any) -> Any:
        if refused in url:
            self.on_rest_response(418, "", url, method, {"Retry-After": "7"}, REFUSAL, {}, None)
            refusal_is_in.set()
            await other_is_in.wait()
            self.handle_errors(418, "", url, method, {}, REFUSAL, json.loads(REFUSAL), {}, None)
        await refusal_is_in.wait()
        self.on_rest_response(200, "", url, method, {}, "[]", {}, None)
        other_is_in.set()
        return []

    monkeypatch.setattr(type(client).__mro__[2], "fetch", fetch)
    try:
        with pytest.raises(RateLimited, match="Too many requests") as raised:
            await exchange.tickers()
        assert raised.value.retry_after_s == 7
    finally:
        await exchange.close()
