"""Answers what other services ask about balances."""

import asyncio

from aviary_common.errors import AviaryError
from aviary_common.timestamps import utc_now
from aviary_messages.questions import BalancesAnswer, ConnectorBalances, CredentialKey, GetBalances
from aviary_trading.balances.board import BalanceBoard, told
from aviary_trading.venues import Venues


class BalanceAnswers:
    def __init__(self, board: BalanceBoard, venues: Venues) -> None:
        self._board = board
        self._venues = venues

    async def answer(self, question: GetBalances) -> BalancesAnswer:
        """From the board where a session keeps it; from the venue when asked to, or when nobody keeps it yet."""
        found = await asyncio.gather(*(self._balances(key, refresh=question.refresh) for key in question.keys))
        return BalancesAnswer(connectors=found)

    async def _balances(self, key: CredentialKey, *, refresh: bool) -> ConnectorBalances:
        known = await self._board.read(key.account_name, key.connector_name)
        if known is not None and not refresh:
            return known
        try:
            exchange = await self._venues.private(key.account_name, key.connector_name)
            balances = await exchange.balances()
        except AviaryError as error:
            gap = ConnectorBalances(account_name=key.account_name, connector_name=key.connector_name, balances=[])
            return (known or gap).model_copy(update={"problem": error.detail})
        return told(key.account_name, key.connector_name, balances, utc_now())
