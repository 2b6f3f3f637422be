"""Candles as an answer, without a model for every one of them."""

from collections.abc import Mapping, Sequence
from typing import Final

import orjson
from fastapi import Response

from aviary_market_data.candle_store.headers import GAPS, GapNote, gap_notes, told
from aviary_market_data.candles.historical import Found
from aviary_market_data.candles.live import Newest
from aviary_market_data.candles.schemas import WhichCandles

JSON: Final = "application/json"
AGE: Final = "X-Data-Age"
"""In seconds."""
SOURCE: Final = "X-Data-Source"
"""``feed`` or ``venue``."""


def answer_of(question: WhichCandles, found: Sequence[Found]) -> Response:
    """With all that is missing named in a header."""
    notes: list[GapNote] = [note for each in found for note in gap_notes(each.trading_pair, each.interval, each.gaps)]
    content = in_form_of(question, [(each.trading_pair, each.interval, each.candles) for each in found])
    return Response(content, media_type=JSON, headers={GAPS: told(notes)})


def newest_of(question: WhichCandles, found: Mapping[tuple[str, str], Newest]) -> Response:
    """With the age of the oldest of them in a header, and whether all come from live feeds."""
    content = in_form_of(question, [(*which, newest.text.encode()) for which, newest in found.items()])
    oldest_s = max(newest.age_s for newest in found.values())
    source = "feed" if all(newest.source == "feed" for newest in found.values()) else "venue"
    return Response(content, media_type=JSON, headers={AGE: f"{oldest_s:.3f}", SOURCE: source})


def in_form_of(question: WhichCandles, found: Sequence[tuple[str, str, bytes]]) -> bytes:
    """A bare list for the scalar form, a list per pair and interval for the list form, in the order asked for."""
    if question.is_scalar:
        return found[0][2]
    by_pair: dict[str, list[bytes]] = {}
    for pair, interval, candles in found:
        by_pair.setdefault(pair, []).append(orjson.dumps(interval) + b":" + candles)
    members = (orjson.dumps(pair) + b":{" + b",".join(lists) + b"}" for pair, lists in by_pair.items())
    return b"{" + b",".join(members) + b"}"
