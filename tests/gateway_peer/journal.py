"""Gateway's log: standard output, and a file for each day in its folder, in the time of ``GMTOffset``."""

import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

FILE: Final = "logs_gateway_app.log"


@dataclass(frozen=True)
class Journal:
    folder: Path | None = None
    """None: standard output only."""

    def write(self, level: str, message: str, gmt_offset: int) -> None:
        now = datetime.now(UTC) + timedelta(hours=gmt_offset)
        line = f"{now:%Y-%m-%d %H:%M:%S} | {level} | {message}\n"
        sys.stdout.write(line)
        sys.stdout.flush()
        if self.folder is not None:
            self.folder.mkdir(parents=True, exist_ok=True)
            with (self.folder / f"{FILE}.{now:%Y-%m-%d}").open("a") as file:
                file.write(line)
