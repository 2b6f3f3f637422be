"""A filter over system calls, as a program for the kernel: what is not allowed fails with EPERM."""

import ctypes
import errno
import os
import platform
import struct
from collections.abc import Sequence
from typing import Final, NamedTuple

from aviary_common.confined.walls.calls import (
    CLONE_THREAD,
    CONDITIONAL,
    FCNTL,
    IOCTL,
    MACHINES,
    NEWEST,
    calls_of,
)
from aviary_common.confined.walls.libc import Refused, syscall

SECCOMP: Final = {"x86_64": 317, "aarch64": 277}
SET_MODE_FILTER: Final = 1
ALL_THREADS: Final = 1

LOAD: Final = 0x20
IF_EQUAL: Final = 0x15
IF_AT_LEAST: Final = 0x35
IF_BITS: Final = 0x45
RETURN: Final = 0x06

ALLOW: Final = 0x7FFF0000
KILL_PROCESS: Final = 0x80000000
FORBID: Final = 0x00050000 | errno.EPERM
ABSENT: Final = 0x00050000 | errno.ENOSYS

NUMBER_AT: Final = 0
MACHINE_AT: Final = 4
ARGUMENTS_AT: Final = 16


class Step(NamedTuple):
    """``yes`` and ``no`` are how many steps to leave out."""

    code: int
    yes: int
    no: int
    value: int


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_char_p))


def program(machine: str, pid: int, *, threads: bool) -> list[Step]:
    """The filter for a process; arguments are compared by their lower half, which is all that the kernel looks at in
    these calls. Raises ``Refused`` for a machine whose calls are not known."""
    if machine not in MACHINES:
        raise Refused(f"there is no list of system calls for {machine}")
    numbers = calls_of(machine)
    steps = [
        Step(LOAD, 0, 0, MACHINE_AT),
        Step(IF_EQUAL, 1, 0, MACHINES[machine]),
        Step(RETURN, 0, 0, KILL_PROCESS),
        Step(LOAD, 0, 0, NUMBER_AT),
        *_when(IF_AT_LEAST, NEWEST + 1, [Step(RETURN, 0, 0, ABSENT)]),
        *_when(IF_EQUAL, numbers["clone3"], [Step(RETURN, 0, 0, ABSENT)]),
    ]
    for name, number in numbers.items():
        if name not in CONDITIONAL:
            steps += _when(IF_EQUAL, number, [Step(RETURN, 0, 0, ALLOW)])
    if threads:
        steps += _when(IF_EQUAL, numbers["clone"], _if_argument(0, IF_BITS, [CLONE_THREAD]))
    for name, argument, values in (
        ("fcntl", 1, FCNTL),
        ("ioctl", 1, IOCTL),
        ("kill", 0, (pid,)),
        ("tgkill", 0, (pid,)),
        ("prlimit64", 0, (0,)),
    ):
        steps += _when(IF_EQUAL, numbers[name], _if_argument(argument, IF_EQUAL, values))
    return [*steps, Step(RETURN, 0, 0, FORBID)]


def restrict_calls(*, threads: bool) -> None:
    """For good, and for all threads. Raises ``Refused`` when the kernel will not."""
    machine = platform.machine()
    steps = program(machine, os.getpid(), threads=threads)
    packed = b"".join(struct.pack("=HBBI", *step) for step in steps)
    filter_ = _Program(len(steps), packed)
    try:
        syscall(SECCOMP[machine], SET_MODE_FILTER, ALL_THREADS, ctypes.byref(filter_))
    except OSError as error:
        raise Refused(f"the kernel takes no filter of system calls: {error.strerror}") from error


def _when(comparison: int, value: int, then: Sequence[Step]) -> list[Step]:
    return [Step(comparison, 0, len(then), value), *then]


def _if_argument(position: int, comparison: int, values: Sequence[int]) -> list[Step]:
    """Ends the program: allowed when the argument compares with one of the values, forbidden otherwise."""
    steps = [Step(LOAD, 0, 0, ARGUMENTS_AT + 8 * position)]
    for value in values:
        steps += _when(comparison, value, [Step(RETURN, 0, 0, ALLOW)])
    return [*steps, Step(RETURN, 0, 0, FORBID)]
