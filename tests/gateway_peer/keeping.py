"""What outlives the process: the chains, and what Gateway keeps in its ``conf`` folder."""

import pickle
from pathlib import Path

from tests.gateway_peer.world import World


def save(world: World, file: Path) -> None:
    """Whole or not at all: a killed process leaves the last one."""
    kept = {
        "networks": world.networks,
        "sealed": world.wallets.sealed,
        "created": world.wallets.created,
        "namespaces": world.config.namespaces,
        "listings": world.listings,
    }
    draft = file.with_suffix(".draft")
    draft.write_bytes(pickle.dumps(kept))
    draft.replace(file)


def load(world: World, file: Path) -> World:
    """The world of a new process with what the last one kept; quotes and rate limits begin anew."""
    if file.is_file():
        kept = pickle.loads(file.read_bytes())  # noqa: S301 - our own file
        world.networks, world.listings = kept["networks"], kept["listings"]
        world.wallets.sealed, world.wallets.created = kept["sealed"], kept["created"]
        world.config.namespaces = kept["namespaces"]
        world.build_instances()
    return world
