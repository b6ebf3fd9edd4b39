"""The door: ``clerk`` opens the workstation, ``clerk <noun> <verb>`` does one thing and ends."""

import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; returns its exit code (see :mod:`clerk.cli.run`)."""
    from clerk.cli.run import run

    return run(sys.argv[1:] if argv is None else argv)


if __name__ == "__main__":
    sys.exit(main())
