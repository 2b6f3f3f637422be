"""Where an instance goes when its bot has ended."""

from aviary_orchestration.archives.places import LISTED_AS
from aviary_orchestration.archiving.local import archive_locally
from aviary_orchestration.archiving.s3 import archive_to_s3
from aviary_orchestration.archiving.settings import ArchiveSettings
from aviary_orchestration.folder import BotsFolder


class Archiving:
    def __init__(self, folder: BotsFolder, settings: ArchiveSettings) -> None:
        self._folder = folder
        self._settings = settings

    async def archive(self, instance: str, *, locally: bool, bucket: str | None) -> str:
        """What became of it, in words; may be repeated after any interruption."""
        if locally:
            archive = await archive_locally(self._folder, instance)
            return f"Its folder is {LISTED_AS / archive.name}."
        return f"Its folder is {await archive_to_s3(self._folder, instance, bucket, self._settings)}."
