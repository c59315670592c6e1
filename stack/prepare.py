"""`python -m stack.prepare`: once, before API and worker, where Temporal is not started by us.

Makes the namespace and the search attributes on the server that the TEMPORAL_* variables name. Exit code 1
with the reason if that is not possible, so that whoever runs it tries again or stops the deployment.
"""

import asyncio
import sys
from typing import NoReturn

import settings
from stack import temporal
from stack.faults import TemporalFault
from stack.leaving import leave
from workflows.search_attributes import TYPES


def main() -> NoReturn:
    """The entry point."""
    try:
        asyncio.run(temporal.prepare(settings.load().environment(), TYPES))
    except (settings.SettingsFault, TemporalFault) as fault:
        sys.stderr.write(f"{fault}\n")
        leave(1)
    leave(0)


if __name__ == "__main__":
    main()
