"""``/market-data/order-book``."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from aviary_market_data.order_books.schemas import OrderBookOut, OrderBookRequest
from aviary_market_data.order_books.service import OrderBooks

router = APIRouter(prefix="/market-data", tags=["Market data"])


async def books_of(request: Request) -> OrderBooks:
    books: OrderBooks = request.app.state.order_books
    return books


@router.post("/order-book", operation_id="get_order_book")
async def get_order_book(wanted: OrderBookRequest, books: Annotated[OrderBooks, Depends(books_of)]) -> OrderBookOut:
    """The best levels of a pair's book."""
    book = await books.snapshot(wanted.connector_name, wanted.trading_pair, wanted.depth)
    return OrderBookOut.of(book, wanted.depth)
