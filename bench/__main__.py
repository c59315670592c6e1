"""`python -m bench`: measure, print, and end."""

import argparse

from bench.command import bench
from stack.leaving import leave


def main() -> int:
    """Measure. 0 whether or not the aims are met, 1 if there is nothing to compare."""
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description="Measure alert-to-call latency and incidents per second against bare Temporal.",
    )
    parser.add_argument(
        "--quick", action="store_true", help="few alerts: whether it runs, not how fast it is"
    )
    parser.add_argument("--json", action="store_true", dest="as_json", help="print the result as JSON")
    given = parser.parse_args()
    return bench(quick=given.quick, as_json=given.as_json)


if __name__ == "__main__":
    leave(main())
