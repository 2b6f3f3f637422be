"""Which of Hummingbot's modules are found in a backtest, and under which names."""

from typing import Any, Final

from aviary_common.confined.standins import modules
from aviary_common.confined.standins.anything import Anything
from aviary_strategies.user_code.errors import NotInBacktests
from aviary_strategies.user_code.reference import (
    config_bases,
    controller_bases,
    executor_actions,
    executor_configs,
    infos,
    provider,
    states,
)

V2: Final = modules.V2
STANDINS: Final[modules.Groups] = {
    "hummingbot.core.data_type.common": (config_bases.MarketDict,),
    "hummingbot.data_feed.market_data_provider": (provider.MarketDataProvider,),
    f"{V2}.controllers.controller_base": (controller_bases.ControllerBase,),
    f"{V2}.controllers.directional_trading_controller_base": (
        controller_bases.DirectionalTradingControllerBase,
        config_bases.DirectionalTradingControllerConfigBase,
    ),
    f"{V2}.controllers.market_making_controller_base": (
        controller_bases.MarketMakingControllerBase,
        config_bases.MarketMakingControllerConfigBase,
    ),
    f"{V2}.executors.data_types": (executor_configs.ExecutorConfigBase, infos.PositionSummary),
    f"{V2}.executors.position_executor.data_types": (executor_configs.PositionExecutorConfig,),
    f"{V2}.executors.order_executor.data_types": (
        executor_configs.OrderExecutorConfig,
        executor_configs.LimitChaserConfig,
        states.ExecutionStrategy,
    ),
    f"{V2}.executors.dca_executor.data_types": (executor_configs.DCAExecutorConfig, states.DCAMode),
    f"{V2}.executors.grid_executor.data_types": (executor_configs.GridExecutorConfig,),
    f"{V2}.executors.arbitrage_executor.data_types": (executor_configs.ArbitrageExecutorConfig,),
    f"{V2}.executors.xemm_executor.data_types": (executor_configs.XEMMExecutorConfig,),
    f"{V2}.models.base": (states.RunnableStatus,),
    f"{V2}.models.executors": (states.CloseType,),
    f"{V2}.models.executors_info": (infos.ExecutorInfo,),
    f"{V2}.models.executor_actions": (
        executor_actions.ExecutorAction,
        executor_actions.CreateExecutorAction,
        executor_actions.StopExecutorAction,
        executor_actions.StoreExecutorAction,
    ),
}


class Absent(Anything):
    """Can be imported and stand in annotations; whoever uses it is told that it is not there."""

    def __getattr__(self, name: str) -> Anything:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        raise NotInBacktests(f"{self.__name__}.{name} is not there")

    def __call__(self, *_: Any, **__: object) -> Any:
        raise NotInBacktests(f"{self.__name__} is not there")


def install() -> None:
    modules.install(STANDINS, Absent, libraries=False)
