"""`with_servers.py COMMAND …` runs the command beside servers of its own, which end with it."""

import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from recovery.embedded.pytest_plugin import Servers


def main() -> int:
    """Start, run, stop; the command's exit code."""
    servers = Servers()
    try:
        servers.start()
        return subprocess.run(sys.argv[1:]).returncode
    finally:
        servers.stop()


if __name__ == "__main__":
    sys.exit(main())
