"""Public trades as Valkey keeps them and as callers get them: one JSON object a line, in the order they happened."""

from aviary_exchange.types import PublicTrade
from aviary_market_data.feeds.book_text import plain


def trade_text(trade: PublicTrade) -> str:
    return (
        f'{{"timestamp":{trade.at.timestamp()},"price":{plain(trade.price)},"amount":{plain(trade.amount)},'
        f'"side":"{trade.taker_side.lower()}"}}'
    )
