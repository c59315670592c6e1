"""`python -m simulator`: starts the outside world."""

import argparse
import sys

from .app import create_app
from .forms import is_url
from .numbers import normal_form
from .server import serve
from .slack.workspace import SlackSettings
from .world import Settings


def main() -> int:
    """Reads the command line and serves until a signal comes. Exit code 1: port taken; 2: bad arguments."""
    parser = argparse.ArgumentParser(
        prog="simulator", description="Stands in for Twilio and for people with phones."
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8600, help="0: any that is free")
    parser.add_argument("--account-sid", required=True)
    parser.add_argument("--auth-token", required=True)
    parser.add_argument(
        "--number", required=True, help="the number that Midwatch calls and writes from, in E.164"
    )
    parser.add_argument("--sms-url", required=True, help="where messages to that number are posted")
    parser.add_argument(
        "--speech-rate", type=float, default=15.0, help="letters a second; 0: speech takes no time"
    )
    parser.add_argument("--slack-token", help="the bot token; without the three of Slack, there is no Slack")
    parser.add_argument("--slack-signing-secret")
    parser.add_argument("--slack-url", help="where Slack posts /events, /interactivity and /commands")
    parser.add_argument(
        "--log-level", default="warning", choices=["critical", "error", "warning", "info", "debug"]
    )
    options = parser.parse_args()
    number = normal_form(options.number)
    if number is None:
        parser.error(f"--number: {options.number} is not a telephone number")
    if not is_url(options.sms_url):
        parser.error(f"--sms-url: {options.sms_url} is not a URL")
    if options.speech_rate < 0:
        parser.error("--speech-rate: less than 0")
    slack = (options.slack_token, options.slack_signing_secret, options.slack_url)
    if any(slack) and not all(slack):
        parser.error("--slack-token, --slack-signing-secret and --slack-url belong together")
    if options.slack_url and not is_url(options.slack_url):
        parser.error(f"--slack-url: {options.slack_url} is not a URL")
    settings = Settings(
        account_sid=options.account_sid,
        auth_token=options.auth_token,
        number=number,
        sms_url=options.sms_url,
        speech_rate=options.speech_rate,
        slack=SlackSettings(slack[0], slack[1], slack[2].rstrip("/")) if all(slack) else None,
    )
    try:
        serve(
            create_app(settings),
            host=options.host,
            port=options.port,
            log_level=options.log_level,
            on_ready=lambda url: print(f"simulator ready on {url}", flush=True),
        )
    except OSError as error:
        print(f"simulator: cannot listen on {options.host}:{options.port}: {error.strerror}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
