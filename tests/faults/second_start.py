"""`python -m tests.faults.second_start` measures how long a second start takes; run it on an otherwise idle machine."""

import sys

from tests.faults.runner import Installation


def main() -> int:
    """Three of them, since a noisy neighbour is no slow start. Prints; the aim is under 4 s."""
    installation = Installation.fresh()
    try:
        first = installation.start("--empty")
        installation.stop()
        times = []
        for _ in range(3):
            times.append(installation.start("--empty"))
            installation.stop()
    finally:
        installation.remove()
    print(f"first start {first:.1f} s; second starts", ", ".join(f"{seconds:.1f} s" for seconds in times))
    return 0


if __name__ == "__main__":
    sys.exit(main())
