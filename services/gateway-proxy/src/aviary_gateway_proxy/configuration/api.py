"""``/gateway/connectors``, ``/gateway/chains``, ``/gateway/networks`` and ``/gateway/apiKeys``."""

from typing import Annotated

from fastapi import APIRouter, Body, Depends, Request

from aviary_common.errors import BadRequest, NotFound
from aviary_common.http.document import refusals
from aviary_gateway_proxy.configuration.schemas import (
    ApiKeysChanged,
    ApiKeysIn,
    ChainOut,
    ChainsOut,
    ConnectorOut,
    ConnectorsOut,
    NetworkOut,
    NetworksOut,
    Settings,
    SettingsChanged,
)
from aviary_gateway_proxy.configuration.service import API_KEYS, Configuration
from aviary_gateway_proxy.directory import Directory
from aviary_gateway_proxy.discreet import DiscreetRoute

router = APIRouter(prefix="/gateway", tags=["Gateway configuration"], route_class=DiscreetRoute)


async def directory_of(request: Request) -> Directory:
    directory: Directory = request.app.state.directory
    return directory


async def configuration_of(request: Request) -> Configuration:
    configuration: Configuration = request.app.state.configuration
    return configuration


DirectoryDep = Annotated[Directory, Depends(directory_of)]
ConfigurationDep = Annotated[Configuration, Depends(configuration_of)]


@router.get("/connectors", operation_id="list_gateway_connectors")
async def list_connectors(directory: DirectoryDep) -> ConnectorsOut:
    """The DEX connectors, with what and where they trade."""
    known = await directory.known()
    return ConnectorsOut(connectors=[ConnectorOut.of(each) for each in known.connectors.values()])


@router.get(
    "/connectors/{connector_name}",
    operation_id="get_gateway_connector_config",
    responses=refusals(BadRequest, NotFound),
)
async def get_connector(connector_name: str, directory: DirectoryDep, configuration: ConfigurationDep) -> Settings:
    """A connector's settings; a provider's key shows as `***`."""
    connector = await directory.connector(connector_name)
    return await configuration.show(connector.name)


@router.post(
    "/connectors/{connector_name}", operation_id="update_gateway_connector_config", responses=refusals(NotFound)
)
async def change_connector(
    connector_name: str,
    wanted: Annotated[Settings, Body(examples=[{"slippage_pct": 1.5}])],
    directory: DirectoryDep,
    configuration: ConfigurationDep,
) -> SettingsChanged:
    """Write some of a connector's settings; names in snake or camel case."""
    connector = await directory.connector(connector_name)
    return SettingsChanged.of(connector.name, await configuration.change(connector.name, wanted))


@router.get("/chains", operation_id="list_gateway_chains")
async def list_chains(directory: DirectoryDep) -> ChainsOut:
    """The chains with their networks."""
    known = await directory.known()
    return ChainsOut(chains=[ChainOut(chain=name, networks=list(own)) for name, own in known.chains.items()])


@router.get("/networks", operation_id="list_gateway_networks")
async def list_networks(directory: DirectoryDep) -> NetworksOut:
    """All networks of all chains, as `chain-network`."""
    known = await directory.known()
    return NetworksOut(networks=[NetworkOut.of(each) for each in known.networks], count=len(known.networks))


@router.get(
    "/networks/{network_id}", operation_id="get_gateway_network_config", responses=refusals(BadRequest, NotFound)
)
async def get_network(network_id: str, directory: DirectoryDep, configuration: ConfigurationDep) -> Settings:
    """A network's settings together with its chain's; of a node's address only the host is shown."""
    return await configuration.show(str(await directory.network(network_id)))


@router.post("/networks/{network_id}", operation_id="update_gateway_network_config", responses=refusals(NotFound))
async def change_network(
    network_id: str,
    wanted: Annotated[Settings, Body(examples=[{"base_fee_multiplier": 1.3}])],
    directory: DirectoryDep,
    configuration: ConfigurationDep,
) -> SettingsChanged:
    """Write some of a network's settings; names in snake or camel case."""
    where = await directory.network(network_id)
    return SettingsChanged.of(str(where), await configuration.change_network(where, wanted))


@router.get("/apiKeys", operation_id="get_gateway_api_keys")
async def get_keys(configuration: ConfigurationDep) -> dict[str, str]:
    """Which providers have a key: `***`, or empty. The keys themselves are never shown."""
    return await configuration.show_keys()


@router.post("/apiKeys", operation_id="update_gateway_api_keys")
async def change_keys(wanted: ApiKeysIn, configuration: ConfigurationDep) -> ApiKeysChanged:
    """Write keys of providers; an empty text removes one."""
    return ApiKeysChanged.of(await configuration.change(API_KEYS, wanted.api_keys))
