"""The task of the confined worker that only looks at a text: a text alone can use up a parser's memory."""

import ast
import warnings
from typing import TypedDict


class Syntax(TypedDict):
    line: int | None
    message: str | None


def parse(payload: object) -> Syntax:
    """Whether the text is Python at all; nothing of it runs."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse(str(payload))
        except SyntaxError as error:
            return {"line": error.lineno, "message": error.msg}
        except (ValueError, RecursionError, MemoryError) as error:
            return {"line": None, "message": str(error) or "nested too deeply"}
    return {"line": None, "message": None}
