"""The filter, run by a small interpreter of its language: so machines that are not here are tested too."""

import struct

import pytest

from aviary_common.confined.walls.calls import MACHINES, calls_of
from aviary_common.confined.walls.libc import Refused
from aviary_common.confined.walls.seccomp import ABSENT, ALLOW, FORBID, KILL_PROCESS, Step, program

PID = 4242
EXECVE = {"x86_64": 59, "aarch64": 221}
SOCKET = {"x86_64": 41, "aarch64": 198}
NEW_THREAD = 0x3D0F00
NEW_PROCESS = 0x1200011


def verdict(steps: list[Step], machine: int, number: int, *arguments: int) -> int:
    padded = [*arguments, *[0] * 6][:6]
    data = struct.pack("<IIQ6Q", number, machine, 0, *padded)
    accumulator = at = 0
    while True:
        code, yes, no, value = steps[at]
        at += 1
        if code == 0x20:
            (accumulator,) = struct.unpack_from("<I", data, value)
        elif code == 0x06:
            return value
        else:
            holds = {0x15: accumulator == value, 0x35: accumulator >= value, 0x45: bool(accumulator & value)}[code]
            at += yes if holds else no


@pytest.mark.parametrize("machine", MACHINES)
def test_what_python_needs_is_allowed_and_the_rest_is_not(machine: str) -> None:
    steps, calls = program(machine, PID, threads=False), calls_of(machine)

    def asked(name: str, *arguments: int) -> int:
        return verdict(steps, MACHINES[machine], calls[name], *arguments)

    assert {asked(name) for name in ("read", "openat", "mmap", "futex", "getrandom", "exit_group")} == {ALLOW}
    assert verdict(steps, MACHINES[machine], EXECVE[machine]) == FORBID
    assert verdict(steps, MACHINES[machine], SOCKET[machine]) == FORBID
    assert asked("clone", NEW_THREAD) == FORBID
    assert asked("clone3") == ABSENT
    assert verdict(steps, MACHINES[machine], 10_000) == ABSENT
    assert verdict(steps, 0x40000003, calls["read"]) == KILL_PROCESS


@pytest.mark.parametrize("machine", MACHINES)
def test_some_calls_depend_on_what_they_are_told(machine: str) -> None:
    steps, calls = program(machine, PID, threads=True), calls_of(machine)

    def asked(name: str, *arguments: int) -> int:
        return verdict(steps, MACHINES[machine], calls[name], *arguments)

    assert (asked("clone", NEW_THREAD), asked("clone", NEW_PROCESS)) == (ALLOW, FORBID)
    assert (asked("kill", PID, 6), asked("kill", 1, 9), asked("kill", 2**32 - 1, 9)) == (ALLOW, FORBID, FORBID)
    assert (asked("tgkill", PID, PID, 6), asked("tgkill", 1, 1, 6)) == (ALLOW, FORBID)
    assert (asked("prlimit64", 0, 7), asked("prlimit64", 1, 7)) == (ALLOW, FORBID)
    assert (asked("fcntl", 5, 1030), asked("fcntl", 5, 8)) == (ALLOW, FORBID)
    assert (asked("ioctl", 0, 0x5401), asked("ioctl", 0, 0x5412)) == (ALLOW, FORBID)


def test_a_machine_whose_calls_nobody_wrote_down_is_refused() -> None:
    with pytest.raises(Refused, match="riscv64"):
        program("riscv64", PID, threads=False)
