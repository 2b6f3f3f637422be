"""Candles that a worker's machine has already: columns on its disk, mapped into memory, named by their digest.

Every worker of a machine reads and writes the same folder: a file appears whole, and one that is taken away stays
readable for whoever has it open. All methods block.
"""

import os
import secrets
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aviary_backtesting.engine.port import CandleRange

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ROWS: Final = 6
"""Open time, open, high, low, close, volume: each a row, so that it is contiguous."""


class ColumnCache:
    def __init__(self, folder: Path, max_bytes: int) -> None:
        self._folder = folder
        self._ranges = folder / "ranges"
        self._max_bytes = max_bytes

    def prepare(self) -> None:
        self._ranges.mkdir(mode=0o700, parents=True, exist_ok=True)

    def digest_of(self, wanted: CandleRange) -> str | None:
        """Of what a range was the last time, if it is still here."""
        try:
            digest = self._range(wanted).read_text()
        except FileNotFoundError:
            return None
        return digest if self._columns(digest).exists() else None

    def load(self, digest: str) -> "NDArray[np.float64] | None":
        """Six rows. What is written to them stays with the writer."""
        import numpy as np

        path = self._columns(digest)
        try:
            found = np.load(path, mmap_mode="c", allow_pickle=False)
        except (FileNotFoundError, ValueError, EOFError):
            return None
        with suppress(OSError):
            os.utime(path)
        return np.asarray(found)

    def put(self, wanted: CandleRange | None, digest: str, columns: "NDArray[np.float64]") -> None:
        """Of a range, or for its digest alone."""
        import numpy as np

        if columns.shape[1] == 0:
            return
        draft = self._folder / f"{secrets.token_hex(8)}.draft"
        try:
            with draft.open("xb") as file:
                np.save(file, np.ascontiguousarray(columns))
            draft.replace(self._columns(digest))
        finally:
            draft.unlink(missing_ok=True)
        if wanted is not None:
            note = self._ranges / f"{secrets.token_hex(8)}.draft"
            note.write_text(digest)
            note.replace(self._range(wanted))
        self._shrink(keep=digest)

    def _shrink(self, keep: str) -> None:
        """Take away what was not used for longest."""
        files = []
        for path in self._folder.glob("*.npy"):
            with suppress(FileNotFoundError):
                files.append((path.stat().st_mtime, path.stat().st_size, path))
        size = sum(each for _, each, _ in files)
        for _, each, path in sorted(files):
            if size <= self._max_bytes:
                return
            if path != self._columns(keep):
                path.unlink(missing_ok=True)
                size -= each

    def _columns(self, digest: str) -> Path:
        return self._folder / f"{blake2b(digest.encode(), digest_size=16).hexdigest()}.npy"

    def _range(self, wanted: CandleRange) -> Path:
        return self._ranges / blake2b(repr(tuple(wanted)).encode(), digest_size=16).hexdigest()
