"""`python -m api`: serve until the process is asked to stop."""

import argparse
import sys

import uvicorn

import configuration
import settings as environment
from api.app import create_app
from api.logs import set_up_logs


def main() -> int:
    """Serve, or say every fault of environment and configuration and return 2."""
    arguments = argparse.ArgumentParser(prog="python -m api", description="Serve Midwatch's API.")
    arguments.add_argument(
        "--host", default="127.0.0.1", help="the address to listen on (default: this machine)"
    )
    host = arguments.parse_args().host
    set_up_logs()
    try:
        settings = environment.load()
        app = create_app(settings)
    except (environment.SettingsFault, configuration.Faults) as faults:
        sys.stderr.write(f"{faults}\n")
        return 2
    uvicorn.run(
        app,
        host=host,
        port=settings.api_port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=3,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
