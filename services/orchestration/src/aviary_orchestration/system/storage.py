"""What the bots' folder holds, by its parts that grow."""

import os
from pathlib import Path

from aviary_orchestration.folder import BotsFolder
from aviary_orchestration.system.schemas import Directory, Item, Storage
from aviary_orchestration.system.sizes import entries_of, human, length_of, size_of


class BotsStorage:
    def __init__(self, folder: BotsFolder) -> None:
        self._folder = folder

    def look(self) -> Storage:
        """Blocks for as long as the walk takes."""
        parts = {
            "archived": self._folder.archived,
            "instances": self._folder.instances,
            "conf": self._folder.root / "conf",
        }
        directories = {name: _directory(path) for name, path in parts.items()}
        total = sum(directory.size_bytes for directory in directories.values())
        return Storage(total_size_bytes=total, total_size_human=human(total), directories=directories)


def _directory(path: Path) -> Directory:
    items, loose = [], 0
    for entry in entries_of(path):
        size = size_of(Path(entry.path)) if entry.is_dir(follow_symlinks=False) else length_of(entry)
        if entry.is_dir(follow_symlinks=False) and not entry.name.startswith("."):
            name = os.fsencode(entry.name).decode("utf-8", "replace")
            items.append(Item(name=name, size_bytes=size, size_human=human(size)))
        else:
            loose += size
    items.sort(key=lambda item: (-item.size_bytes, item.name))
    total = loose + sum(item.size_bytes for item in items)
    return Directory(size_bytes=total, size_human=human(total), item_count=len(items), items=items)
