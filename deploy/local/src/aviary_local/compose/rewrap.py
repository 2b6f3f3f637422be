"""`python -m aviary_local.compose.rewrap ENV`: the middle of `deploy/docker/rotate-keys`.

Exit code 1 unless all is done.
"""

import asyncio
from pathlib import Path

import typer

from aviary_local import rotation_view
from aviary_local.compose.places import NATS_PORT
from aviary_local.operator_bus import operator_bus
from aviary_local.plainly import told_plainly
from aviary_local.rewrapping import Outcome, rewrap_all
from aviary_local.secrets import Secrets, accepted, only_secrets, parse
from aviary_local.topology import NATS


async def rewrap(known: Secrets, bars: rotation_view.Bars) -> Outcome:
    async with operator_bus(NATS_PORT, known, NATS.name) as bus:
        return await rewrap_all(bus, bars, renew=False)


def main(env: Path) -> None:
    with told_plainly() as console:
        with rotation_view.Bars(console) as bars:
            outcome = asyncio.run(rewrap(accepted(only_secrets(parse(env.read_text()))), bars))
        console.print(rotation_view.table(outcome))
        if not outcome.complete:
            console.print(rotation_view.last_word(outcome), highlight=False)
            raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
