"""The edge's routes when replicas are found through Docker: the balancers are made by labels, all else is the same."""

from aviary_local.compose.places import PORT
from aviary_local.topology import PORTAL, SERVICES
from aviary_local.traefik import Document, balancer, table


def routes() -> Document:
    """A service of which there is no container has no balancer, and the routers that name it are left out: the one
    below each of them, which leads to the portal's words, then takes their place."""
    live = {service: f"{service.name}@docker" for service in SERVICES if service.prefixes}
    live[PORTAL] = f"{PORTAL.name}-live"
    document = table(live, {live[PORTAL]: balancer([f"http://{PORTAL.name}:{PORT}"])})
    routers = document["http"]["routers"]
    for name, router in list(routers.items()):
        del router["entryPoints"]
        router["priority"] *= 2
        if router["service"] != live[PORTAL]:
            owner = router["middlewares"][0]
            away = {"priority": router["priority"] - 1, "service": live[PORTAL], "middlewares": [owner, "retry"]}
            routers[f"{name}-away"] = {**router, **away}
    return document
