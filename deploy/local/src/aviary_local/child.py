"""Becomes another program that dies with its parent. Run as a script with `python -I -S`; imports nothing of ours.

Arguments: parent process id, signal to get when the parent dies, uid, gid (-1 keeps them), then the command.
The order matters: the kernel forgets the death signal when the user changes, and a parent that died before it was
set is noticed only by looking. A script instead of subprocess' preexec_fn, which is unsafe in a threaded parent.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1


def become(numbers: list[int], command: list[str]) -> None:
    parent, death_signal, uid, gid = numbers
    os.umask(0o077)
    if uid >= 0:
        os.setgroups([])
        os.setresgid(gid, gid, gid)
        os.setresuid(uid, uid, uid)
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, death_signal, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit(f"{command[0]}: the launcher is gone")
    os.execv(command[0], command)  # noqa: S606


if __name__ == "__main__":
    become([int(argument) for argument in sys.argv[1:5]], sys.argv[5:])
