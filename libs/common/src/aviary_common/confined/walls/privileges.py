"""Rights that a process may have, given up."""

import ctypes
import os
import platform
import signal
from typing import Final

from aviary_common.confined.walls.libc import Refused, prctl, syscall

NO_NEW_PRIVILEGES: Final = 38
SIGNAL_ON_PARENTS_DEATH: Final = 1
CAPSET: Final = {"x86_64": 126, "aarch64": 91}
CAPABILITIES_VERSION_3: Final = 0x20080522
NOBODY: Final = 65_534


def die_with(parent: int) -> None:
    """Also when it is killed. To be called after the last change of identity, which undoes it."""
    prctl(SIGNAL_ON_PARENTS_DEATH, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def take_no_new_privileges() -> None:
    prctl(NO_NEW_PRIVILEGES, 1)


def drop_capabilities() -> None:
    number = CAPSET.get(platform.machine())
    if number is None:
        raise Refused(f"there is no list of system calls for {platform.machine()}")
    header = (ctypes.c_uint32 * 2)(CAPABILITIES_VERSION_3, 0)
    syscall(number, ctypes.byref(header), ctypes.byref((ctypes.c_uint32 * 6)()))


def become_nobody() -> None:
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
