"""What holds user code back, put up from the inside by the worker before it runs any. All of it is for good."""

import os

from aviary_common.confined.walls.landlock import restrict_files
from aviary_common.confined.walls.libc import Refused
from aviary_common.confined.walls.privileges import become_nobody, die_with, drop_capabilities, take_no_new_privileges
from aviary_common.confined.walls.resources import limit_resources
from aviary_common.confined.walls.seccomp import restrict_calls
from aviary_common.confined.wire import Request

__all__ = ["Refused", "close_in"]


def close_in(request: Request) -> bool:
    """Whether files are behind Landlock too. Raises ``Refused`` when the rest cannot be had and is asked for."""
    try:
        _be_alone()
        take_no_new_privileges()
        limit_resources(request.limits)
        landlocked = restrict_files(request.readable)
        if not landlocked and os.geteuid() == 0:
            become_nobody()
        drop_capabilities()
        die_with(request.parent)
        restrict_calls(threads=request.limits.threads)
    except Refused:
        if not request.allow_unconfined:
            raise
        return False
    return landlocked


def _be_alone() -> None:
    """The walls stand around the thread that puts them up."""
    if len(os.listdir("/proc/self/task")) != 1:  # noqa: PTH208 - pathlib is slower to load
        raise Refused("the task's module has started threads")
