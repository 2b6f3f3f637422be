"""An instance becomes one object in S3-compatible storage, and is only then removed from this disk."""

import asyncio
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import nullcontext
from io import RawIOBase
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import obstore
from obstore.store import S3Store

from aviary_common.errors import NotFound, Unavailable
from aviary_orchestration.archiving.bucket import COMPONENT, answering, length_of, open_bucket
from aviary_orchestration.archiving.contents import entries, refuse_links_out
from aviary_orchestration.archiving.names import archive_names, is_instance_name
from aviary_orchestration.archiving.settings import ArchiveSettings
from aviary_orchestration.folder import BotsFolder

if TYPE_CHECKING:
    from obstore import WritableFile
    from typing_extensions import Buffer

PART_BYTES: Final = 8 * 2**20
PARTS_AT_ONCE: Final = 2
BLOCK_BYTES: Final = 2**18


async def archive_to_s3(folder: BotsFolder, instance: str, bucket: str | None, settings: ArchiveSettings) -> str:
    """The address of the archive, ``s3://<bucket>/<instance>_archive.tar.gz``, or ``<instance>.2_archive...`` and on.

    Nobody may be writing to the instance, which is untouched unless the storage holds all of it. Where it went is told
    again to whoever asks again. Raise ``NotFound`` for no such instance, ``Unprocessable`` for links out of it,
    ``BadRequest`` for missing settings, ``Forbidden`` and ``Unavailable`` for the storage.
    """
    store = open_bucket(bucket, settings)
    key = await asyncio.to_thread(_archive, folder, instance, store)
    return f"s3://{bucket or settings.s3_bucket}/{key}"


def _archive(folder: BotsFolder, instance: str, store: S3Store) -> str:
    if not is_instance_name(instance):
        raise NotFound(f"There is no bot instance {instance}.")
    source, leaving = folder.instance(instance), folder.instances / f".{instance}.leaving"
    taken = list(takewhile(lambda key: length_of(store, key) is not None, _keys(instance)))
    if source.exists():
        refuse_links_out(source)
        key = next(key for key in _keys(instance) if key not in taken)
        _send_verified(source, store, key)
        source.rename(leaving)
    elif taken:
        key = taken[-1]
    else:
        raise NotFound(f"There is no bot instance {instance}.")
    shutil.rmtree(leaving, ignore_errors=True)
    return key


def _keys(instance: str) -> Iterator[str]:
    return (f"{name}_archive.tar.gz" for name in archive_names(instance))


def _send_verified(source: Path, store: S3Store, key: str) -> None:
    """An upload that fails leaves no object."""
    with answering(), obstore.open_writer(store, key, buffer_size=PART_BYTES, max_concurrency=PARTS_AT_ONCE) as upload:
        file = _Outgoing(upload)
        _pack(source, file)
    if length_of(store, key) != file.sent:
        raise Unavailable(COMPONENT, f"The storage does not hold all of {source.name}, which stays here.")


def _pack(source: Path, file: "_Outgoing") -> None:
    """In memory is no more than a few parts. Owners are left out, and what others might have read."""
    try:
        with tarfile.open(fileobj=file, mode="w|gz", bufsize=BLOCK_BYTES) as tar:
            for path in (source, *entries(source)):
                info = tar.gettarinfo(path, str(path.relative_to(source.parent)))
                info.uid = info.gid = 0
                info.uname = info.gname = ""
                info.mode &= 0o700
                with path.open("rb") if info.isreg() else nullcontext() as content:
                    tar.addfile(info, content)
    except OSError as error:
        raise Unavailable("disk", f"{source.name} cannot be read: {error.strerror or error}.") from error


class _Outgoing(RawIOBase):
    """Counts, and tells the storage's failures from the disk's."""

    def __init__(self, upload: "WritableFile") -> None:
        self.sent = 0
        self._upload = upload

    def write(self, data: "Buffer") -> int:
        with answering():
            written = self._upload.write(bytes(data))
        self.sent += written
        return written
