"""What the API and the workers call out to each other, heard by whoever is there: a hint, never the record."""

from typing import Final

from aviary_common import logs
from aviary_common.bus import Bus
from aviary_common.errors import Unavailable

log = logs.get(__name__)

ENDED: Final = "work.backtesting.ended"
"""A run has ended, or more of its result can be read; the payload is its id."""
CANCEL: Final = "work.backtesting.cancel"
"""Nobody wants this run any more."""


async def call_out(bus: Bus, subject: str, run_id: str) -> None:
    """Whoever does not hear it finds out a moment later in the table."""
    try:
        await bus.tell(subject, run_id.encode())
    except Unavailable as error:
        log.info("not heard", subject=subject, run=run_id, error=str(error))
