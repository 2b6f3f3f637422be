"""What a migration may do to a table that is in use: a release must work beside the one before it, and nobody may wait
long. Tables that the same upgrade makes are nobody's yet."""

import re
from collections.abc import Iterable, Set
from typing import Final

ACCEPTED: Final[dict[str, str]] = {}
"""Statements that may stay in spite of it, each with the reason."""

_STATEMENTS: Final = (
    r"alter table (?:only )?(?:if exists )?(?P<table>[\w.\"]+) (?P<rest>.*)",
    r"create (?:unique )?index (?P<rest>.*?on (?:only )?)(?P<table>[\w.\"]+)",
    r"drop table (?:if exists )?(?P<table>[\w.\"]+)(?P<rest>)",
    r"update (?P<table>[\w.\"]+) (?P<rest>set .*)",
)
_RULES: Final = (
    (r"^drop table", "the release before still uses the table"),
    (r"\bdrop column", "the release before still names the column"),
    (r"\brename\b", "the release before knows the old name"),
    (r"\btype\b", "a new type rewrites the table under a lock that stops everything"),
    (r"\bset not null", "the release before may write nulls"),
    (
        r"add (column )?(?!constraint)(?!.*\b(default|generated)\b).*\bnot null",
        "the release before cannot insert",
    ),
    (r"add (column )?.*default .*(random|clock_timestamp|uuidv?[47])", "such a default rewrites the table"),
    (r"add constraint(?!.*not valid)(?!.*using index)", "checking every row holds a lock: NOT VALID first"),
    (r"^create (unique )?index (?!concurrently)", "writers wait for it: CONCURRENTLY, in an autocommit_block"),
    (r"^update ", "a table that grows is changed in small steps by the service, not in one transaction"),
)


def objections(statements: Iterable[str], in_use: Set[str]) -> list[str]:
    """``in_use`` are the tables that the release before has, without their schemas."""
    found = []
    for statement in (" ".join(each.split()) for each in statements):
        lowered = statement.lower()
        match = next((hit for pattern in _STATEMENTS if (hit := re.match(pattern, lowered))), None)
        if match is None or match["table"].replace('"', "").rpartition(".")[2] not in in_use or statement in ACCEPTED:
            continue
        found += [f"{statement}: {why}" for pattern, why in _RULES if re.search(pattern, lowered)]
    return found
