"""What is wrong with a user's controller. Raised behind the walls, so that only the text gets out."""


class UserCodeError(Exception):
    """Anything below."""


class NotInBacktests(UserCodeError):
    """The code asks for what exists live only."""


class NoController(UserCodeError):
    """The module defines none."""
