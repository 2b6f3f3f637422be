"""The stand-in on top of the bots' test image, which brings this machine's Python: nothing has to be pulled."""

import hashlib
import io
import tarfile
from pathlib import Path
from typing import Final

from docker import DockerClient
from docker.errors import ImageNotFound

from aviary_testing.bots.image import image as bot_image

REPOSITORY: Final = "aviary-test/gateway"
PROGRAM: Final = Path(__file__).with_name("stand_in.py")
RECIPE: Final = """
FROM {base}
ENV DEV=true
COPY stand_in.py /home/gateway/stand_in.py
WORKDIR /home/gateway
CMD ["/opt/python/bin/python3", "-u", "/home/gateway/stand_in.py"]
"""


def image(client: DockerClient) -> str:
    """Its name; made when the engine does not have it yet."""
    base = bot_image(client)
    recipe = RECIPE.format(base=base).encode()
    name = f"{REPOSITORY}:{hashlib.blake2b(recipe + PROGRAM.read_bytes(), digest_size=6).hexdigest()}"
    try:
        client.images.get(name)
    except ImageNotFound:
        context = _archive({"Dockerfile": recipe, "stand_in.py": PROGRAM.read_bytes()})
        client.images.build(fileobj=context, custom_context=True, tag=name, pull=False)
    return name


def _archive(files: dict[str, bytes]) -> io.BytesIO:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(content), 0o644
            archive.addfile(entry, io.BytesIO(content))
    buffer.seek(0)
    return buffer
