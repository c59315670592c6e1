"""`midwatch`: the command line.

What a command needs is imported by the command itself: `midwatch --help` answers at once, and no Ctrl-C can
meet a half-imported program that has already started something.
"""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from commands import action, incident, postmortem, review

if TYPE_CHECKING:
    from rich.table import Table

    from domain.organisation import Organisation
    from settings import Settings
    from stack.stack import Stack

UNUSABLE = 2

app = typer.Typer(
    help="Incident response that does not forget.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for _name, _part in (
    ("incident", incident),
    ("postmortem", postmortem),
    ("action", action),
    ("review", review),
):
    app.add_typer(_part.app, name=_name)


@app.callback()
def _root() -> None:
    """Incident response: alerts in, people paged, everything written down."""


@app.command()
def validate() -> None:
    """Check environment and configuration, and print every fault."""
    settings, organisation = checked()
    print(
        f"{settings.config_path}: no faults. {len(organisation.people)} people, "
        f"{len(organisation.services)} services, {len(organisation.ladders)} ladders."
    )


@app.command()
def up() -> None:
    """Start everything and keep it running until Ctrl-C."""
    from stack.faults import StackFault
    from stack.signals import Interrupted, run_until_signal

    settings, organisation = checked()
    try:
        run_until_signal(_up(settings, organisation))
    except Interrupted:
        print("Everything is stopped.")
    except StackFault as fault:
        print(fault, file=sys.stderr)
        raise typer.Exit(1) from None


@app.command()
def drill(
    keep: Annotated[bool, typer.Option("--keep", help="Leave everything running afterwards.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Play a whole incident with simulated phones, and check that everything went as it should."""
    from drill.command import drill as play

    raise typer.Exit(play(keep=keep, as_json=as_json))


def checked() -> "tuple[Settings, Organisation]":
    """Settings and configuration; faults in either: all of both are printed, and the program ends with 2."""
    import configuration
    import settings as environment

    faults: list[str] = []
    settings = organisation = None
    try:
        settings = environment.load()
    except environment.SettingsFault as fault:
        faults += map(str, fault.faults)
    try:
        organisation = configuration.load(environment.config_path())
    except configuration.Faults as fault:
        faults += map(str, fault.faults)
    if settings is None or organisation is None:
        print("\n".join(faults), file=sys.stderr)
        raise typer.Exit(UNUSABLE)
    return settings, organisation


async def _up(settings: "Settings", organisation: "Organisation") -> None:
    from rich.console import Console

    from stack.stack import Stack
    from stack.supervisor import supervise
    from workflows.search_attributes import TYPES

    console = Console()
    if not console.is_terminal:
        console = Console(width=200)  # Paths must stay whole in a file.
    with console.status("Starting") as status:
        async with Stack(
            settings,
            search_attributes=TYPES,
            phones=phones(organisation),
            chatters=chatters(organisation),
        ) as stack:
            status.stop()
            console.print(_addresses(stack))
            for warning in await _warnings(stack):
                console.print(warning, style="bold yellow")
            await supervise(stack, lambda line: console.print(line, markup=False, highlight=False))


def phones(organisation: "Organisation") -> dict[str, str]:
    """Every phone the configuration may call, by number, with the name of who answers it."""
    fallbacks = {
        ladder.fallback.phone: ladder.fallback.name
        for ladder in organisation.ladders.values()
        if ladder.fallback
    }
    return {person.phone: person.name for person in organisation.people.values()} | fallbacks


def chatters(organisation: "Organisation") -> dict[str, str]:
    """Everybody whom chat can find, by their address, with their name."""
    return {person.email: person.name for person in organisation.people.values() if person.email}


async def _warnings(stack: "Stack") -> list[str]:
    """What is not as it should be, though paging works."""
    import httpx

    async with httpx.AsyncClient(base_url=stack.api_url, trust_env=False, timeout=10) as client:
        ready = (await client.get("/readyz")).json()
    away = [part for part in ("temporal", "database") if ready.get(part) not in ("ok", None)]
    return [f"The {part} does not answer: {ready[part]}" for part in away]


def _addresses(stack: "Stack") -> "Table":
    from rich.table import Table

    from settings import DEFAULT_API_PORT, EXAMPLE_CONFIG

    settings = stack.settings
    moved = (
        ""
        if settings.api_port_fixed or settings.api_port == DEFAULT_API_PORT
        else (f"  ({DEFAULT_API_PORT} is in use by somebody else)")
    )
    example = (
        "  (the example; set MIDWATCH_CONFIG to yours)" if settings.config_path == EXAMPLE_CONFIG else ""
    )
    if stack.slack_page_url:
        slack = f"{stack.slack_page_url}  (simulated)"
    elif settings.slack_on:
        slack = settings.slack_api_url or "on, in the workspace of SLACK_BOT_TOKEN"
    else:
        slack = "off; to have it, set SLACK_BOT_TOKEN and SLACK_SIGNING_SECRET"
    rows = {
        "Page": f"{stack.api_url}/" + moved,
        "Status page": f"{stack.api_url}/status",
        "API": stack.api_url,
        "API, described": f"{stack.api_url}/openapi.json",
        "Reached by the carrier at": settings.public_url,
        "Temporal UI": stack.temporal_ui_url or f"(server at {stack.temporal_address})",
        "Phones (simulated)": stack.simulator_url
        or f"none: calls go to {settings.twilio_api_url or 'Twilio'}",
        "Slack": slack,
        "API token": str(settings.api_token_file or "as given in MIDWATCH_API_TOKEN"),
        "Configuration": f"{settings.config_path}{example}",
        "Data": str(settings.data_dir),
    }
    table = Table(
        title="Midwatch is up", caption="Ctrl-C stops it", show_header=False, box=None, padding=(0, 2)
    )
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    for name, value in rows.items():
        table.add_row(name, value)
    return table


def main() -> None:
    """The entry point of `midwatch`."""
    try:
        app()
    except SystemExit as ending:
        from stack.leaving import leave

        leave(ending.code if isinstance(ending.code, int) else int(ending.code is not None))
