"""What a kernel that takes no filter would be like."""

from typing import NoReturn

from untrusted import run  # type: ignore[import-not-found]

from aviary_common.confined import walls


def refuse(*, threads: bool) -> NoReturn:
    raise walls.Refused(f"no filter here, threads {threads}")


walls.restrict_calls = refuse  # type: ignore[attr-defined]

__all__ = ["run"]
