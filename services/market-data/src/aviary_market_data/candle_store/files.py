"""One parquet file per series and month. Readers see a whole file or none, and know by its digest which one it is."""

import contextlib
import os
import secrets
import time
from dataclasses import dataclass
from hashlib import blake2b
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import polars as pl

FORGOTTEN_AFTER_S: Final = 86_400
"""Long after whoever wrote a draft has moved it to its place."""


@dataclass(frozen=True, order=True, slots=True)
class Series:
    connector: str
    trading_pair: str
    interval: str

    def __str__(self) -> str:
        return f"{self.connector}/{self.trading_pair}/{self.interval}"


@dataclass(frozen=True, slots=True)
class Draft:
    """A month written beside its place; ``put`` moves it there in one step."""

    draft: Path
    path: Path
    digest: str
    rows: int
    bytes: int

    def put(self) -> None:
        self.draft.replace(self.path)
        descriptor = os.open(self.path.parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def drop(self) -> None:
        self.draft.unlink(missing_ok=True)


class Files:
    """Every method blocks: give it to a thread."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def prepare(self) -> None:
        """A place that only its owner may enter, without what earlier kills have left behind."""
        self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.arrivals.mkdir(mode=0o700, exist_ok=True)
        old = time.time() - FORGOTTEN_AFTER_S
        for path in (*self.arrivals.iterdir(), *self._root.glob("*/*/*/.*")):
            with contextlib.suppress(FileNotFoundError):
                if path.stat().st_mtime < old:
                    path.unlink()

    @property
    def arrivals(self) -> Path:
        """Where files stay that are on their way in or out."""
        return self._root / ".arrivals"

    def path(self, series: Series, month: str) -> Path:
        return self._root / series.connector / series.trading_pair / series.interval / f"{month}.parquet"

    def read(self, series: Series, month: str) -> "tuple[str, pl.DataFrame] | None":
        """The digest and the candles of what is there; ``None``: nothing that can be read."""
        import polars as pl

        try:
            content = self.path(series, month).read_bytes()
            return digest_of(content), pl.read_parquet(content)
        except (OSError, pl.exceptions.PolarsError):
            return None

    def write(self, series: Series, month: str, frame: "pl.DataFrame") -> Draft:
        buffer = BytesIO()
        frame.write_parquet(buffer, compression="zstd", statistics=False)
        content = buffer.getvalue()
        path = self.path(series, month)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        return Draft(draft, path, digest_of(content), frame.height, len(content))


def digest_of(content: bytes) -> str:
    return blake2b(content, digest_size=16).hexdigest()
