"""``make chaos MINUTES=5 SEED=…``: chaos for a while; one run after the other, each by its seed."""

import os
import sys
import time
from random import SystemRandom

from tests.chaos.run import chaos

RUN_S = 60.0
REST_S = 5.0


def main() -> None:
    end = time.monotonic() + 60 * float(os.environ.get("MINUTES") or 5)
    seed = os.environ.get("SEED")
    desks = int(os.environ.get("DESKS") or 8)
    while True:
        drawn = seed or str(SystemRandom().randrange(10**9))
        told = chaos(drawn, seconds=RUN_S, desks=desks, rest_s=REST_S)
        sys.stdout.write(told + "\n")
        sys.stdout.flush()
        if seed or time.monotonic() > end:
            return


if __name__ == "__main__":
    main()
