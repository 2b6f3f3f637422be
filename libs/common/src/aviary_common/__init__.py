"""What every Aviary service shares. Nothing here knows about trading."""

from typing import Final

__version__: Final = "0.1.0"
