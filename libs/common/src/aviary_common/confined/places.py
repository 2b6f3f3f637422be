"""Where a worker finds its modules, and what it may read: code, and nothing that is secret."""

import sys
import sysconfig
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

OWN: Final = "aviary_common"
LIBRARIES: Final = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/etc/ld.so.cache", "/usr/share/zoneinfo")
DEVICES: Final = ("/dev/null", "/dev/urandom")


@dataclass(frozen=True)
class Places:
    imports: tuple[str, ...]
    readable: tuple[str, ...]


@cache
def places_for(package: str) -> Places:
    """``package`` is the top level of the task's module."""
    installed = [sysconfig.get_path(name) for name in ("purelib", "platlib")]
    roots = [_root(name) for name in (OWN, package)]
    standard = [sysconfig.get_path(name) for name in ("stdlib", "platstdlib")]
    base = Path(sys.base_prefix) / sys.platlibdir
    imports = tuple(dict.fromkeys((*installed, *roots)))
    readable = dict.fromkeys((*standard, *imports, str(base), *LIBRARIES, *DEVICES))
    return Places(imports, tuple(path for path in readable if Path(path).exists()))


def _root(package: str) -> str:
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"No module named {package!r}", name=package)
    levels = 1 if spec.submodule_search_locations is None else 2
    return str(Path(spec.origin).parents[levels - 1])
