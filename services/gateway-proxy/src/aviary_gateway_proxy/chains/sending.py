"""Approving, wrapping and unwrapping: transactions of a wallet, sent in its queue like all others."""

from typing import Any

from aviary_gateway_proxy.addresses import ETHEREUM, address_on
from aviary_gateway_proxy.chains.defaults import ChainDefaults
from aviary_gateway_proxy.chains.nodes import Nodes
from aviary_gateway_proxy.chains.schemas import ApproveAsked, OfWallet, WrapAsked
from aviary_gateway_proxy.chains.service import Chains
from aviary_gateway_proxy.configuration.tokens import Tokens, among
from aviary_gateway_proxy.names import NetworkId
from aviary_gateway_proxy.transactions.record import Intent, Transaction, TxKind, Wallet
from aviary_gateway_proxy.transactions.service import Transactions


class ChainSending:
    """Each raises 404 for what is unknown, 422 for what is malformed, 503 ``node_unreachable``, and what
    ``Transactions.send`` raises."""

    def __init__(
        self, chains: Chains, tokens: Tokens, nodes: Nodes, defaults: ChainDefaults, transactions: Transactions
    ) -> None:
        self._chains = chains
        self._tokens = tokens
        self._nodes = nodes
        self._defaults = defaults
        self._transactions = transactions

    async def approve(self, asked: ApproveAsked) -> Transaction:
        """For a router Gateway sends two: the approval of Permit2, and Permit2's grant, which lasts 48 hours."""
        where, wallet = await self._wallet(asked)
        spender = await self._chains.spender(where, asked.spender)
        token = await self._tokens.find(where, asked.token)
        await self._nodes.require(where)
        amount = None if asked.amount is None else f"{asked.amount:f}"
        about = {"spender": spender, "token": token.symbol, "amount": amount}
        request = {"spender": spender, "token": token.symbol, "amount": amount}
        return await self._send(TxKind.APPROVE, wallet, request, about)

    async def wrap(self, asked: WrapAsked) -> Transaction:
        return await self._exchange(TxKind.WRAP, asked)

    async def unwrap(self, asked: WrapAsked) -> Transaction:
        return await self._exchange(TxKind.UNWRAP, asked)

    async def _exchange(self, kind: TxKind, asked: WrapAsked) -> Transaction:
        where, wallet = await self._wallet(asked)
        status = await self._nodes.require(where)
        native = str(status["nativeCurrency"])
        wrapped = among(await self._tokens.all(where), where.chain, f"W{native}")
        about: dict[str, Any] = {"amount": f"{asked.amount:f}", "native": native}
        if wrapped:
            about |= {"wrapped": wrapped.symbol, "wrapped_address": wrapped.address, "decimals": wrapped.decimals}
        watched = (wrapped.address,) if wrapped else ()
        return await self._send(kind, wallet, {"amount": about["amount"]}, about, watched)

    async def _wallet(self, asked: OfWallet) -> tuple[NetworkId, Wallet]:
        where = await self._chains.where(ETHEREUM, asked)
        address = asked.address or await self._defaults.wallet(where.chain)
        return where, Wallet(where.chain, where.network, address_on(where.chain, address))

    async def _send(
        self,
        kind: TxKind,
        wallet: Wallet,
        request: dict[str, Any],
        about: dict[str, Any],
        watched: tuple[str, ...] = (),
    ) -> Transaction:
        given = {name: value for name, value in request.items() if value is not None}
        return await self._transactions.send(
            Intent(
                kind=kind,
                wallet=wallet,
                connector=None,
                path=f"/chains/{wallet.chain}/{kind.value}",
                request={"network": wallet.network, "address": wallet.address, **given},
                about=about,
                tokens=watched,
            )
        )
