"""What a service that runs user code may be told."""

from aviary_common.settings import AviarySettings


class ConfinedSettings(AviarySettings):
    allow_unconfined_code: bool = False
    """Run user code also where the kernel cannot hold it back. It can then do whatever the service can."""
