"""What the environment says, read once and checked as a whole.

This is the only room that reads environment variables. `load` returns a frozen `Settings` or raises
`SettingsFault` with every fault it found: the variable, what is wrong with it, and how to mend it. A secret
may be given as a file instead (`MIDWATCH_API_TOKEN_FILE=/run/secrets/token`).

The `TEMPORAL_*` variables belong to `temporalio.envconfig`; they are carried along unread, except that
`TEMPORAL_ADDRESS` decides whether a Temporal server is ours to start.
"""

from settings.faults import Fault, SettingsFault
from settings.loading import calendar_addresses, config_path, drill_environment, load
from settings.resolved import EXAMPLE_CONFIG, ROOT, STARTER_CONFIG, Settings, inherited
from settings.variables import DEFAULT_API_PORT, DEFAULT_SIMULATOR_PORT, SIMULATOR_NUMBER

__all__ = [
    "DEFAULT_API_PORT",
    "DEFAULT_SIMULATOR_PORT",
    "EXAMPLE_CONFIG",
    "ROOT",
    "SIMULATOR_NUMBER",
    "STARTER_CONFIG",
    "Fault",
    "Settings",
    "SettingsFault",
    "calendar_addresses",
    "config_path",
    "drill_environment",
    "inherited",
    "load",
]
