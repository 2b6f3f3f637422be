"""An image made of this machine's own Python and `bot.py`, laid out like Hummingbot's: nothing has to be pulled."""

import hashlib
import importlib.util
import io
import re
import subprocess
import sys
import sysconfig
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from docker import DockerClient
from docker.errors import ImageNotFound

REPOSITORY: Final = "aviary-test/hummingbot"
HOME: Final = "/home/hummingbot"
_PYTHON: Final = "opt/python"
_PACKAGES: Final = ("aiomqtt", "paho", "yaml", "Crypto")
_LEFT_OUT: Final = frozenset({"__pycache__", "test", "tests", "idlelib", "tkinter", "ensurepip", "site-packages"})
_LAYOUT: Final = Path(__file__).with_name("layout")


def image(client: DockerClient) -> str:
    """Its name; made when the engine does not have it yet, in a few seconds."""
    tag = _digest()
    name = f"{REPOSITORY}:{tag}"
    try:
        client.images.get(name)
    except ImageNotFound:
        changes = [
            f"ENV PYTHONPATH=/opt/packages PYTHONUNBUFFERED=1 LANG=C.UTF-8 PATH=/{_PYTHON}/bin:/bin",
            f"WORKDIR {HOME}",
            f'CMD ["/{_PYTHON}/bin/python3", "{HOME}/bot.py"]',
        ]
        client.api.import_image_from_data(_archive(), repository=REPOSITORY, tag=tag, changes=changes)
    return name


def _digest() -> str:
    digest = hashlib.blake2b(sys.version.encode(), digest_size=6)
    for file in (Path(__file__), *sorted(each for each in _LAYOUT.rglob("*") if each.is_file())):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _archive() -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", dereference=True) as archive:
        for source, name in _files():
            archive.add(source, name, recursive=False)
        for name in ("tmp", f"{HOME[1:]}/conf", f"{HOME[1:]}/data", f"{HOME[1:]}/logs"):
            folder = tarfile.TarInfo(name)
            folder.type, folder.mode = tarfile.DIRTYPE, 0o755
            archive.addfile(folder)
    return buffer.getvalue()


def _files() -> Iterator[tuple[Path, str]]:
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    python = Path(sys.base_prefix, "bin", version)
    library = Path(sysconfig.get_path("stdlib"))
    yield python, f"{_PYTHON}/bin/python3"
    for file in _tree(library):
        yield file, f"{_PYTHON}/lib/{version}/{file.relative_to(library)}"
    packages = {name: _package(name) for name in _PACKAGES}
    for name, folder in packages.items():
        for file in _tree(folder):
            yield file, f"opt/packages/{name}/{file.relative_to(folder)}"
    for file in _tree(_LAYOUT):
        yield file, f"{HOME[1:]}/{file.relative_to(_LAYOUT)}"
    compiled = [each for folder in (library / "lib-dynload", *packages.values()) for each in folder.rglob("*.so")]
    for shared in _shared_objects(python, *compiled):
        yield Path(shared), shared.lstrip("/")


def _package(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    assert spec is not None, f"{name} is not installed"
    assert spec.submodule_search_locations, f"{name} is no package"
    return Path(next(iter(spec.submodule_search_locations)))


def _tree(folder: Path) -> Iterator[Path]:
    for entry in sorted(folder.iterdir()):
        if entry.is_dir() and entry.name not in _LEFT_OUT and not entry.name.startswith("config-"):
            yield from _tree(entry)
        elif entry.is_file() and entry.suffix not in {".pyc", ".a"}:
            yield entry


def _shared_objects(*programs: Path) -> set[str]:
    """What the dynamic linker would load for them, the linker included."""
    listed = subprocess.run(["/usr/bin/ldd", *map(str, programs)], capture_output=True, text=True, check=False).stdout
    return set(re.findall(r"(/\S+\.so\S*) \(0x", listed))
