"""What the service reads of Gateway: its configuration, chains, pools and wallets, put together."""

from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter

from aviary_common.runtime import Runtime
from aviary_gateway_proxy.chains import api as chains_api
from aviary_gateway_proxy.chains.defaults import ChainDefaults
from aviary_gateway_proxy.chains.nodes import Nodes
from aviary_gateway_proxy.chains.service import Chains
from aviary_gateway_proxy.configuration import api as configuration_api
from aviary_gateway_proxy.configuration import lists_api
from aviary_gateway_proxy.configuration.pool_adding import PoolAdding
from aviary_gateway_proxy.configuration.pool_list import PoolList
from aviary_gateway_proxy.configuration.service import Configuration
from aviary_gateway_proxy.configuration.settings import ReadingSettings
from aviary_gateway_proxy.configuration.token_list import TokenList
from aviary_gateway_proxy.configuration.tokens import Tokens
from aviary_gateway_proxy.directory import Directory
from aviary_gateway_proxy.pools import api as pools_api
from aviary_gateway_proxy.pools.explore import Explorer
from aviary_gateway_proxy.pools.find import Pools
from aviary_gateway_proxy.pools.info import PoolDesk
from aviary_gateway_proxy.upstream.client import Gateway
from aviary_gateway_proxy.wallets import api as wallets_api
from aviary_gateway_proxy.wallets.balances import WalletReader
from aviary_gateway_proxy.wallets.desk import WalletDesk
from aviary_gateway_proxy.wallets.keeping import WalletKeeping
from aviary_gateway_proxy.wallets.portfolio import WalletPortfolio
from aviary_gateway_proxy.wallets.pricing import WalletPricing

ROUTERS: Final[tuple[APIRouter, ...]] = (
    configuration_api.router,
    lists_api.router,
    pools_api.router,
    chains_api.router,
    wallets_api.router,
)


@dataclass(frozen=True)
class Reading:
    """Each part is also what the routes find under its name in the app's state."""

    directory: Directory
    configuration: Configuration
    tokens: Tokens
    token_list: TokenList
    pool_list: PoolList
    pool_adding: PoolAdding
    nodes: Nodes
    chain_defaults: ChainDefaults
    chains: Chains
    pools: Pools
    pool_desk: PoolDesk
    pool_explorer: Explorer
    wallet_keeping: WalletKeeping
    wallet_desk: WalletDesk
    wallet_portfolio: WalletPortfolio

    @classmethod
    def of(cls, gateway: Gateway, settings: ReadingSettings, runtime: Runtime) -> "Reading":
        directory = Directory(gateway, settings.gateway_lists_max_age_s)
        tokens = Tokens(gateway, settings.gateway_lists_max_age_s)
        nodes = Nodes(gateway, settings.node_seen_for_s)
        defaults = ChainDefaults(gateway, directory)
        pools = Pools(gateway, directory, tokens, nodes)
        pool_list = PoolList(gateway, directory, tokens)
        configuration = Configuration(gateway)
        keeping = WalletKeeping(gateway, directory, defaults, configuration)
        reader = WalletReader(gateway, nodes, defaults)
        pricing = WalletPricing(runtime.bus)
        return cls(
            directory=directory,
            configuration=configuration,
            tokens=tokens,
            token_list=TokenList(gateway, tokens),
            pool_list=pool_list,
            pool_adding=PoolAdding(gateway, directory, tokens, nodes),
            nodes=nodes,
            chain_defaults=defaults,
            chains=Chains(gateway, directory, tokens, nodes, defaults),
            pools=pools,
            pool_desk=PoolDesk(pools, tokens),
            pool_explorer=Explorer(gateway, pools, pool_list, tokens, nodes),
            wallet_keeping=keeping,
            wallet_desk=WalletDesk(keeping, reader, pricing),
            wallet_portfolio=WalletPortfolio(
                gateway, keeping, reader, pricing, runtime.cache, settings.wallets_max_age_s
            ),
        )
