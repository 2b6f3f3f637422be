"""``/gateway/transactions``."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from aviary_common.errors import NotFound
from aviary_common.http.document import refusals
from aviary_gateway_proxy.transactions.record import Transaction
from aviary_gateway_proxy.transactions.schemas import TransactionOut
from aviary_gateway_proxy.transactions.service import Transactions
from aviary_gateway_proxy.transactions.states import TxState

router = APIRouter(prefix="/gateway/transactions", tags=["Gateway transactions"])


async def transactions_of(request: Request) -> Transactions:
    transactions: Transactions = request.app.state.transactions
    return transactions


TransactionsDep = Annotated[Transactions, Depends(transactions_of)]


def mark(response: Response, transaction: Transaction) -> Transaction:
    """202 as long as nobody knows what has become of it."""
    if transaction.state is TxState.UNKNOWN:
        response.status_code = 202
    return transaction


@router.get("/{transaction}", operation_id="get_gateway_transaction", responses=refusals(NotFound))
async def get_transaction(transaction: str, transactions: TransactionsDep) -> TransactionOut:
    """A transaction by its hash or by our id; one that is not final is looked at now."""
    return TransactionOut.of(await transactions.now(transaction))
