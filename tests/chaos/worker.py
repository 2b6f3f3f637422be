"""One world in a process of its own: reads numbers of rounds, writes a summary for each, ends with its input."""

import asyncio
import sys
import tempfile
from pathlib import Path

from aviary_common import logs
from aviary_common.cancelling import end
from tests.chaos.rounds import run_round
from tests.chaos.schedule import draw_round
from tests.chaos.summary import Summary
from tests.chaos.world import running_world


async def main() -> None:
    logs.configure("chaos", "CRITICAL", stream=sys.stderr)
    numbers: asyncio.Queue[int] = asyncio.Queue()
    asking, working = asyncio.create_task(_ask(numbers)), asyncio.create_task(_work(numbers))
    await asyncio.wait({asking, working}, return_when=asyncio.FIRST_COMPLETED)
    if working.done():
        working.result()
    await end(asking, working)


async def _ask(numbers: asyncio.Queue[int]) -> None:
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        numbers.put_nowait(int(line))


async def _work(numbers: asyncio.Queue[int]) -> None:
    with tempfile.TemporaryDirectory(prefix="aviary-chaos-") as folder:
        async with running_world(Path(folder)) as world:
            while True:
                outcome = await run_round(world, draw_round(await numbers.get()))
                sys.stdout.write(Summary.of(outcome).to_json() + "\n")
                sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main())
