"""The launcher without a terminal: what `aviary up --detach` starts. Its words go to `.aviary/logs/launcher.log`."""

import asyncio
import os
import sys

from aviary_local import home
from aviary_local.errors import LaunchError
from aviary_local.launcher import Launcher
from aviary_local.settings import ports
from aviary_local.stack import Stack, parse_scale


def main(arguments: list[str], stack: type[Stack] = Stack) -> int:
    wishes = [argument for argument in arguments if argument != "--scale"]
    try:
        asyncio.run(Launcher(home.current(), ports(os.environ), os.environ, parse_scale(wishes), stack).run())
    except LaunchError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
