"""What can be wrong with a file, as sentences that name the file and never a secret.

HummingbotFileError
├── BrokenFile       it cannot be read, or is not what it should be
├── WrongPassword    it was encrypted with another password
└── UnknownContent   a connector or a field that the catalogue does not have
"""


class HummingbotFileError(Exception):
    """``where`` is the file, with the field when one is meant."""

    def __init__(self, where: str, problem: str) -> None:
        super().__init__(f"{where}: {problem}")
        self.where = where
        self.problem = problem


class BrokenFile(HummingbotFileError):
    pass


class WrongPassword(HummingbotFileError):
    def __init__(self, where: str) -> None:
        super().__init__(where, "this is not the password that it was encrypted with (MAC mismatch)")


class UnknownContent(HummingbotFileError):
    pass
