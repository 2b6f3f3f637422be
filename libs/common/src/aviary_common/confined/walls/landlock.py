"""Landlock: only the files that are named can be opened, and only to be read. Numbers are of its kernel ABI."""

import contextlib
import ctypes
import errno
import os
import stat
from collections.abc import Iterable
from typing import Final

from aviary_common.confined.walls.libc import syscall

CREATE_RULESET: Final = 444
ADD_RULE: Final = 445
RESTRICT_SELF: Final = 446
ASK_VERSION: Final = 1
PATH_BENEATH: Final = 1

READ_FILE: Final = 1 << 2
READ_FOLDER: Final = 1 << 3
FILE_RIGHTS: Final = {1: (1 << 13) - 1, 2: 1 << 13, 3: 1 << 14, 5: 1 << 15}
"""By the version that brought them: all there was at first, linking elsewhere, truncating, device controls."""
BIND_AND_CONNECT: Final = 0b11
SIGNALS_AND_SOCKETS: Final = 0b11


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def restrict_files(readable: Iterable[str]) -> bool:
    """Whether this kernel can. Asks for all that its version knows: network and signals to others are closed too."""
    version = _version()
    if version == 0:
        return False
    rights = sum(bits for since, bits in FILE_RIGHTS.items() if since <= version)
    ruleset = _create(rights, version)
    for path in readable:
        with contextlib.suppress(FileNotFoundError, PermissionError):
            _allow(ruleset, path)
    syscall(RESTRICT_SELF, ruleset, 0)
    os.close(ruleset)
    return True


def _version() -> int:
    try:
        return syscall(CREATE_RULESET, None, 0, ASK_VERSION)
    except OSError as error:
        if error.errno in (errno.ENOSYS, errno.EOPNOTSUPP, errno.EPERM):
            return 0
        raise


def _create(rights: int, version: int) -> int:
    fields = [rights]
    if version >= 4:
        fields.append(BIND_AND_CONNECT)
    if version >= 6:
        fields.append(SIGNALS_AND_SOCKETS)
    attributes = (ctypes.c_uint64 * len(fields))(*fields)
    return syscall(CREATE_RULESET, ctypes.byref(attributes), ctypes.sizeof(attributes), 0)


def _allow(ruleset: int, path: str) -> None:
    descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        is_folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
        rule = _PathBeneath(READ_FILE | READ_FOLDER if is_folder else READ_FILE, descriptor)
        syscall(ADD_RULE, ruleset, PATH_BENEATH, ctypes.byref(rule), 0)
    finally:
        os.close(descriptor)
