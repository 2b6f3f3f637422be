"""Open files that the system allows: every connection takes two."""

import resource
from typing import Final

from aviary_common import logs

log = logs.get(__name__)

OWN: Final = 100
"""What the process has open besides."""


def make_room(connections: int) -> None:
    """Many systems start programs with a limit of 1,024, which they may raise themselves."""
    wanted = 2 * connections + OWN
    allowed, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most != resource.RLIM_INFINITY and most < wanted:
        log.warning("too few open files allowed", wanted=wanted, allowed=most)
        wanted = most
    if allowed != resource.RLIM_INFINITY and allowed < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
