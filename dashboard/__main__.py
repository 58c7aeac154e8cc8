"""`python -m dashboard [DIR]` shows the timeline in a folder, like `timeline serve`."""

from __future__ import annotations

import argparse
import sys

from dashboard.app import serve
from timeline import TimelineError


def main() -> int:
    """Serve until Ctrl+C; 1 if it could not."""
    parser = argparse.ArgumentParser(prog="python -m dashboard", description=__doc__)
    parser.add_argument("folder", nargs="?", default=".", metavar="DIR", help="a timeline project, or its tables")
    parser.add_argument("--host", default="127.0.0.1", help="an address of this machine (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8050, help="0 picks a free one (default: %(default)s)")
    parser.add_argument("--read-only", action="store_true", help="nobody can decide on events in this page")
    given = parser.parse_args()
    try:
        serve(given.folder, given.host, given.port, given.read_only)
    except TimelineError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
