"""How often each path waits, found out in a calm world: the numbers of ``schedule.AWAITS``."""

from collections import Counter
from collections.abc import Mapping
from functools import partial

from aviary_testing.waiting import eventually
from tests.chaos.replica.app import PATH_HEADER
from tests.chaos.schedule import AWAITS, PATHS
from tests.chaos.world import World

TIMES = 4
_ORDERS: Mapping[str, Mapping[str, str]] = {
    "rests": {"order_type": "LIMIT", "amount": "0.1", "price": "2700"},
    "takes": {"order_type": "MARKET", "amount": "0.1"},
}


async def measure(world: World) -> Counter[str]:
    """Every path a few times by each replica, for a spot and a perpetual account."""
    for connector in PATHS:
        account = f"measured-{connector}"
        await world.accounts.add(account, connector)
        await eventually(partial(world.evidence.cache.exists, f"session:live:{account}:{connector}"))
        for which in range(len(world.replicas)):
            await _walk(world, account, connector, which)
        await world.accounts.remove(account)
    found: Counter[str] = Counter()
    for fork in world.replicas:
        async with world.http.get(f"{fork.url}/chaos/longest") as answer:
            found |= Counter(await answer.json())
    return Counter({path: found[path] for path in AWAITS})


async def _walk(world: World, account: str, connector: str, which: int) -> None:
    async def ask(path: str, url: str, body: Mapping[str, str] | None = None) -> None:
        headers = {PATH_HEADER: path}
        async with world.http.post(f"{world.replica(which).url}{url}", json=body, headers=headers) as answer:
            assert answer.status < 300, await answer.text()

    async def place(path: str, name: str, kind: str) -> None:
        named = {"account_name": account, "connector_name": connector, "client_order_id": name}
        await ask(path, "/trading/orders", {**named, "trading_pair": "ETH-USDT", "trade_type": "BUY", **_ORDERS[kind]})

    lost = {"kind": "drop_after", "method": "POST", "path": PATHS[connector]["order"], "api_key": account}
    await place("first", f"first-{which}", "rests")
    for number in range(TIMES):
        await place("place", f"rests-{which}-{number}", "rests")
        await place("place", f"takes-{which}-{number}", "takes")
        await place("again", f"rests-{which}-{number}", "rests")
        await ask("cancel", f"/trading/{account}/{connector}/orders/rests-{which}-{number}/cancel")
        await world.control("/chaos/stream", {"keys": [account], "kind": "late"})
        await world.control("/sandbox/faults", lost)
        await place("unresolved", f"lost-{which}-{number}", "takes")
        await world.control("/chaos/stream", {"keys": [account], "kind": "quiet"})
