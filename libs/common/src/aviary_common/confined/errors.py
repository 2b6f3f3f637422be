"""How a run of user code may end badly.

AviaryError
├── WorkerError          422  the code is at fault
│   ├── WorkerTimedOut        it was still at work at its deadline
│   ├── WorkerKilled          it used up its memory or processor time, or crashed the interpreter
│   ├── WorkerFailed          it raised, or ended the process; carries what and where
│   └── AnswerTooLarge        it said more than it may
└── CannotConfine        503  this machine lacks what holds user code back
"""

from typing import Final, Literal

from aviary_common.errors import Unavailable, Unprocessable

Reason = Literal["memory", "cpu", "crash"]
_REASONS: Final[dict[Reason, str]] = {
    "memory": "The code needs more memory than it may have.",
    "cpu": "The code needs more processor time than it may have.",
    "crash": "The code crashed the interpreter.",
}


class WorkerError(Unprocessable):
    default_code = "user_code"


class WorkerTimedOut(WorkerError):
    def __init__(self, wall_s: float) -> None:
        super().__init__(f"The code was still running after {wall_s:g} s.", code="user_code_timed_out")


class WorkerKilled(WorkerError):
    def __init__(self, reason: Reason) -> None:
        super().__init__(_REASONS[reason], code=f"user_code_{reason}")
        self.reason = reason


class WorkerFailed(WorkerError):
    """``line`` is where in the text the code was; ``file`` is the name that the text was compiled under."""

    def __init__(self, kind: str, message: str, line: int | None = None, file: str | None = None) -> None:
        place = "" if line is None else f"{file}, line {line}: " if file else f"Line {line}: "
        super().__init__(f"{place}{kind}: {message}" if message else f"{place}{kind}", code="user_code_failed")
        self.kind = kind
        self.message = message
        self.line = line
        self.file = file


class AnswerTooLarge(WorkerError):
    def __init__(self, answer_bytes: int) -> None:
        super().__init__(f"The code answered with more than {answer_bytes:,} bytes.", code="user_code_answer")


class CannotConfine(Unavailable):
    def __init__(self, why: str) -> None:
        super().__init__(
            "user code",
            f"User code cannot be held back on this machine ({why}), so it is not run. "
            "AVIARY_ALLOW_UNCONFINED_CODE=true runs it all the same.",
            code="cannot_confine",
        )
