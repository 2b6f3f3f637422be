"""What a backup says of itself, and whether this release can take it."""

import importlib.util
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

import orjson

from aviary_local.backup.errors import BrokenBackup, NotFitting
from aviary_local.postgres_binaries import MAJOR
from aviary_local.topology import with_schema

FORMAT: Final = 1


@dataclass(frozen=True)
class Manifest:
    """``revisions`` are the migrations that each schema had seen; ``folders`` and ``secrets`` what is included."""

    format: int
    aviary: str
    made_at: str
    postgres: int
    revisions: Mapping[str, str]
    folders: Sequence[str]
    secrets: bool

    def to_json(self) -> bytes:
        return orjson.dumps(asdict(self), option=orjson.OPT_INDENT_2)

    def refuse_from_a_newer_release(self) -> None:
        """An older one is no trouble: its schemas are migrated at the next start."""
        if self.format > FORMAT or self.postgres > MAJOR:
            raise NotFitting(f"The backup is of Aviary {self.aviary}, which is newer than this one: update first.")
        known = {str(service.schema): _migrations(service.package) for service in with_schema()}
        strange = [
            f"{schema} {revision}"
            for schema, revision in self.revisions.items()
            if not any(name.startswith(f"{revision}_") for name in known.get(schema, ()))
        ]
        if strange:
            raise NotFitting(
                f"The backup has schemas that this release does not know ({', '.join(strange)}): it is of a newer "
                f"Aviary ({self.aviary}). Update, then restore."
            )


def of_now(revisions: Mapping[str, str], folders: Sequence[str], *, secrets: bool) -> Manifest:
    made_at = datetime.now(UTC).isoformat(timespec="seconds")
    return Manifest(FORMAT, version("aviary-local"), made_at, MAJOR, revisions, folders, secrets)


def read(text: bytes) -> Manifest:
    try:
        return Manifest(**orjson.loads(text))
    except (orjson.JSONDecodeError, TypeError):
        raise BrokenBackup("The backup's manifest cannot be read; nothing was touched.") from None


def _migrations(package: str) -> list[str]:
    found = importlib.util.find_spec(package)
    folders = (found.submodule_search_locations if found else None) or ()
    return [file.name for folder in folders for file in Path(folder, "migrations").glob("*.py")]
