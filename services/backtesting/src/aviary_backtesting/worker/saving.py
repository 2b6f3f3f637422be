"""A result on its way into the database."""

import gzip
from io import BytesIO
from typing import Final

from aviary_backtesting.engine.port import Outcome
from aviary_backtesting.results.parts import LEGACY
from aviary_backtesting.runs.work import Findings, Part

FASTEST: Final = 1


def findings_of(outcome: Outcome) -> Findings:
    return Findings(
        outcome.engine_version,
        outcome.candle_digest,
        outcome.digest,
        outcome.summary,
        outcome.metrics,
        outcome.tables,
        outcome.coverage,
        outcome.venue_terms,
        outcome.warnings,
    )


def legacy_part(outcome: Outcome) -> Part:
    """Blocks."""
    return Part(LEGACY, 1, gzip.compress(outcome.legacy(), FASTEST, mtime=0))


def part_of(outcome: Outcome, name: str) -> Part:
    """Blocks."""
    frame = outcome.part(name)
    buffer = BytesIO()
    frame.write_parquet(buffer, compression="zstd", compression_level=FASTEST, statistics=False)
    return Part(name, frame.height, buffer.getvalue())
