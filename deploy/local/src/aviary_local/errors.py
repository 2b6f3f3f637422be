"""What can go wrong before or while the stack starts, each with a sentence that says what to do.

LaunchError
├── AlreadyRunning     another launcher holds this checkout
├── NotRunning         nothing to talk to
├── PortTaken          somebody else listens where we want to
├── WeakPassword       the chosen login would be guessed
└── ServerFailed       a server stopped or never became ready
"""


class LaunchError(Exception):
    """Told to the user as it is; never carries a secret."""


class AlreadyRunning(LaunchError):
    pass


class NotRunning(LaunchError):
    pass


class PortTaken(LaunchError):
    pass


class WeakPassword(LaunchError):
    pass


class ServerFailed(LaunchError):
    pass
