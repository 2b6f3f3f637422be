"""`python -m aviary_local.compose.secrets < .env`: the lines that .env still lacks, made up.

Nothing is written here, so that .env belongs to whoever runs `make up` and is private from its first byte.
"""

import sys

from aviary_local.secrets import lines, missing, parse

if __name__ == "__main__":
    sys.stdout.write(lines(missing(parse(sys.stdin.read()))))
