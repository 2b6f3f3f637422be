"""Which user runs PostgreSQL, and where its data can be so that this user may enter.

PostgreSQL refuses to run as root. Started by root, it runs as an unprivileged user, who must be able to pass every
folder above the data. We never open a folder of the user's: when one above is closed, the data goes to
/var/lib/aviary/<checkout> and `.aviary/postgres` points there.
"""

import hashlib
import os
import pwd
import time
from pathlib import Path

from aviary_local.command import RunAs
from aviary_local.errors import ServerFailed
from aviary_local.postgres_binaries import SHARED, can_enter

_UNPRIVILEGED = ("aviary", "nobody", "daemon")


def unprivileged() -> RunAs | None:
    """Nobody else than us, unless we are root."""
    if os.geteuid() != 0:
        return None
    for name in _UNPRIVILEGED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return RunAs(entry.pw_uid, entry.pw_gid)
    raise ServerFailed("PostgreSQL does not run as root: create a user named aviary (useradd --system aviary).")


def settle(wanted: Path, run_as: RunAs | None) -> Path:
    """The folder for the data, existing and owned by who will run; `wanted` leads to it."""
    if run_as is None:
        wanted.mkdir(mode=0o700, exist_ok=True)
        return wanted
    if wanted.is_symlink():
        return _owned(wanted.readlink(), run_as)
    if wanted.exists() or can_enter(wanted.parent, run_as):
        return _owned(wanted, run_as)
    elsewhere = SHARED / hashlib.sha256(bytes(wanted.resolve())).hexdigest()[:12] / "postgres"
    if elsewhere.exists():
        # Its `.aviary`, and with it every password, is gone: unreadable, but not ours to delete.
        elsewhere.rename(elsewhere.with_name(f"postgres-{int(time.time())}"))
    for folder in (SHARED, elsewhere.parent):
        folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    wanted.symlink_to(elsewhere)
    return _owned(elsewhere, run_as)


def owner(folder: Path) -> RunAs:
    status = folder.stat()
    return RunAs(status.st_uid, status.st_gid)


def _owned(folder: Path, run_as: RunAs) -> Path:
    if not folder.exists():
        folder.mkdir(mode=0o700)
        os.chown(folder, run_as.uid, run_as.gid)
    return folder
