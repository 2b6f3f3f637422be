"""What can be wrong with a search."""


class SpaceError(ValueError):
    """``field`` is the config's, dotted where it is nested."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason
