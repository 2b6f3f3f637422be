"""``/market-data/order-book`` and what it can be asked."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from aviary_common.errors import NotFound
from aviary_common.http.document import refusals
from aviary_market_data.order_books.questions import BookQuestions, Which
from aviary_market_data.order_books.rendering import order_book
from aviary_market_data.order_books.schemas import (
    BookAnswer,
    BookQuestion,
    OrderBookOut,
    OrderBookRequest,
    PriceQuestion,
    QuoteVolumeQuestion,
    VolumeQuestion,
)
from aviary_market_data.order_books.service import OrderBooks

router = APIRouter(prefix="/market-data", tags=["Market data"])


async def books_of(request: Request) -> OrderBooks:
    books: OrderBooks = request.app.state.order_books
    return books


async def questions_of(request: Request) -> BookQuestions:
    questions: BookQuestions = request.app.state.book_questions
    return questions


QuestionsDep = Annotated[BookQuestions, Depends(questions_of)]


@router.post("/order-book", operation_id="get_order_book", responses=refusals(NotFound), response_model=OrderBookOut)
async def get_order_book(wanted: OrderBookRequest, books: Annotated[OrderBooks, Depends(books_of)]) -> Response:
    """The best levels of a pair's book, from the live feed once there is one."""
    return order_book(await books.read(wanted.connector_name, wanted.trading_pair, wanted.depth), wanted.depth)


@router.post("/order-book/price-for-volume", operation_id="get_price_for_volume", responses=refusals(NotFound))
async def get_price_for_volume(question: VolumeQuestion, questions: QuestionsDep) -> BookAnswer:
    """The price of the level at which the volume (in base units) is reached."""
    return BookAnswer.of(question, await questions.price_for_volume(_which(question), question.volume))


@router.post("/order-book/volume-for-price", operation_id="get_volume_for_price", responses=refusals(NotFound))
async def get_volume_for_price(question: PriceQuestion, questions: QuestionsDep) -> BookAnswer:
    """How much (in base units) is to be had at no worse than the price."""
    return BookAnswer.of(question, await questions.up_to_price(_which(question), question.price))


@router.post(
    "/order-book/price-for-quote-volume", operation_id="get_price_for_quote_volume", responses=refusals(NotFound)
)
async def get_price_for_quote_volume(question: QuoteVolumeQuestion, questions: QuestionsDep) -> BookAnswer:
    """The price of the level at which the volume (in quote units) is reached."""
    return BookAnswer.of(question, await questions.price_for_quote_volume(_which(question), question.quote_volume))


@router.post(
    "/order-book/quote-volume-for-price", operation_id="get_quote_volume_for_price", responses=refusals(NotFound)
)
async def get_quote_volume_for_price(question: PriceQuestion, questions: QuestionsDep) -> BookAnswer:
    """How much (in quote units) is to be had at no worse than the price."""
    return BookAnswer.of(question, await questions.up_to_price(_which(question), question.price))


@router.post("/order-book/vwap-for-volume", operation_id="get_vwap_for_volume", responses=refusals(NotFound))
async def get_vwap_for_volume(question: VolumeQuestion, questions: QuestionsDep) -> BookAnswer:
    """What the volume (in base units) would cost on average, taken at once."""
    return BookAnswer.of(question, await questions.vwap_for_volume(_which(question), question.volume))


def _which(question: BookQuestion) -> Which:
    return Which(question.connector_name, question.trading_pair, question.is_buy)
