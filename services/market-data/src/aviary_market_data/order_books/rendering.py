"""A book as JSON, written once per change and depth, however many ask."""

from collections.abc import Callable, Sequence

from fastapi import Response

from aviary_market_data.feeds.book_text import Book, Digits
from aviary_market_data.order_books.service import BookRead


def order_book(read: BookRead, depth: int) -> Response:
    levels = _written(read.book, "objects", depth, _level_objects)
    book = read.book
    number = "null" if book.update_id is None else book.update_id
    rest = f'"timestamp":{book.venue_at},"update_id":{number},"age_s":{read.age_s:.3f},"source":"{read.source}"'
    return Response(f'{{"trading_pair":"{book.trading_pair}",{levels},{rest}}}', media_type="application/json")


def level_lists(book: Book, depth: int) -> str:
    """As the WebSocket tells it: ``[price, amount]`` instead of objects."""
    return f"{{{_written(book, 'lists', depth, _level_lists)}}}"


def _written(book: Book, form: str, depth: int, write: Callable[[Sequence[Digits]], str]) -> str:
    if (text := book.written.get((form, depth))) is None:
        text = f'"bids":[{write(book.bids[:depth])}],"asks":[{write(book.asks[:depth])}]'
        book.written[form, depth] = text
    return text


def _level_objects(levels: Sequence[Digits]) -> str:
    return ",".join(f'{{"price":{price},"amount":{amount}}}' for price, amount in levels)


def _level_lists(levels: Sequence[Digits]) -> str:
    return ",".join(f"[{price},{amount}]" for price, amount in levels)
