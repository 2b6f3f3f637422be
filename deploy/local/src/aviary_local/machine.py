"""Facts about this machine that the doctor looks at."""

import http.client
import json
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_SUPPORTED = ((3, 11), (3, 13))
_EARLIEST_NOW = 1_760_000_000
_LOCKED = re.compile(r"^[A-Za-z0-9._-]+==[^\\\n]+", re.MULTILINE)


def python_version() -> str:
    return ".".join(map(str, sys.version_info[:3]))


def python_is_supported() -> bool:
    return _SUPPORTED[0] <= sys.version_info[:2] <= _SUPPORTED[1]


def packages_unlike_lock(lock: Path) -> list[str]:
    """Packages that are locked for this system and this Python, and missing or installed in another version."""
    from packaging.requirements import Requirement

    if not lock.exists():
        return []
    unlike = []
    for wanted in map(Requirement, _LOCKED.findall(lock.read_text())):
        if wanted.marker and not wanted.marker.evaluate():
            continue
        try:
            found = version(wanted.name)
        except PackageNotFoundError:
            unlike.append(f"{wanted.name} is missing")
            continue
        if not wanted.specifier.contains(found, prereleases=True):
            unlike.append(f"{wanted.name} {found}")
    return unlike


def free_disk_gb(path: Path) -> float:
    return shutil.disk_usage(path).free / 1e9


def free_memory_gb() -> float:
    found = re.search(r"^MemAvailable:\s+(\d+)", Path("/proc/meminfo").read_text(), re.MULTILINE)
    return int(found[1]) * 1024 / 1e9 if found else 0.0


def clock_problem() -> str:
    """A clock before this software was written, or one that stands still."""
    if time.time() < _EARLIEST_NOW:
        return f"says {time.strftime('%Y-%m-%d', time.gmtime())}"
    before = time.time(), time.monotonic()
    time.sleep(0.05)
    wall, steady = time.time() - before[0], time.monotonic() - before[1]
    return "jumps" if abs(wall - steady) > 0.5 else ""


def program_version(program: str) -> str:
    """The first number that `--version` prints (Traefik wants `version`)."""
    argument = "version" if Path(program).name == "traefik" else "--version"
    told = subprocess.run([program, argument], capture_output=True, text=True, check=False, timeout=10)  # noqa: S603
    found = re.search(r"\d+(\.\d+)+", told.stdout + told.stderr)
    return found.group() if found else "of unknown version"


def docker_version(environment: Mapping[str, str]) -> str | None:
    """The engine's version over its unix socket; None when none answers."""
    address = environment.get("DOCKER_HOST", "unix:///var/run/docker.sock")
    if not address.startswith("unix://"):
        return f"at {address}, not asked"
    connection = http.client.HTTPConnection("localhost", timeout=3)
    wire = socket.socket(socket.AF_UNIX)
    wire.settimeout(3)
    try:
        wire.connect(address.removeprefix("unix://"))
        connection.sock = wire
        connection.request("GET", "/version")
        return str(json.loads(connection.getresponse().read())["Version"])
    except (OSError, http.client.HTTPException, json.JSONDecodeError, KeyError):
        return None
    finally:
        wire.close()
