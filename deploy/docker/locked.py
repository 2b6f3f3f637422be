"""``locked.py requirements.lock [--but NAME...] NAME...``: the lock's entries for these packages and all they need.

The lock says of every package which others ask for it (``# via``), so it holds the whole graph. ``--but`` names those
whose part is installed already.
"""

import argparse
import re
import sys
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
ASKED_BY = re.compile(r"\s+#\s+(?:via\s+)?([a-z0-9][a-z0-9._-]*)\n")


@dataclass
class Entry:
    text: str = ""
    asked_by: set[str] = field(default_factory=set)


def read(lock: str) -> dict[str, Entry]:
    """By name. One that has several versions for several Pythons is one entry with all its lines."""
    entries: dict[str, Entry] = {}
    entry = Entry()
    for line in lock.splitlines(keepends=True):
        if match := NAME.match(line):
            entry = entries.setdefault(match[0], Entry())
        if match := ASKED_BY.fullmatch(line):
            entry.asked_by.add(match[1])
        elif not line.strip().startswith("#"):
            entry.text += line
    return entries


def needed(entries: Mapping[str, Entry], names: Collection[str]) -> set[str]:
    """What these need, themselves included; names that the lock does not hold are our own packages."""
    found: set[str] = set()
    new = set(names)
    while new:
        found |= new
        new = {name for name, entry in entries.items() if entry.asked_by & new} - found
    return found & entries.keys()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("lock", type=Path)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--but", nargs="+", default=[])
    asked = parser.parse_args()
    entries = read(asked.lock.read_text())
    for name in sorted(needed(entries, asked.names) - needed(entries, asked.but)):
        sys.stdout.write(entries[name].text)


if __name__ == "__main__":
    main()
