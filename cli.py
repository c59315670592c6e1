"""`midwatch`: the command line.

What a command needs is imported by the command itself: `midwatch --help` answers at once, and no Ctrl-C can
meet a half-imported program that has already started something.
"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands import action, incident, oncall, postmortem, review

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
    ("oncall", oncall),
    ("postmortem", postmortem),
    ("action", action),
    ("review", review),
):
    app.add_typer(_part.app, name=_name)


@app.callback()
def _root() -> None:
    """Incident response: alerts in, people paged, everything written down."""


@app.command()
def validate(
    path: Annotated[
        Path | None, typer.Argument(help="A file or directory; else what MIDWATCH_CONFIG names.")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 1 for warnings, too.")] = False,
    format: Annotated[str, typer.Option(help="human, json, sarif or github.")] = "human",
    as_json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
) -> None:
    """Find everything in a configuration that somebody would be sorry about at 3 a.m."""
    from settings import calendar_addresses
    from validation import command

    raise typer.Exit(command.validate(path, strict, "json" if as_json else format, calendar_addresses()))


@app.command()
def schema() -> None:
    """Print the JSON Schema of the configuration's files, for editors."""
    from validation import command

    sys.stdout.write(command.schema())


@app.command()
def rehearse(
    service: Annotated[
        list[str] | None, typer.Option(help="Which service fails; several times for several.")
    ] = None,
    severity: Annotated[str | None, typer.Option(help="How bad it is; else the worst.")] = None,
    at: Annotated[
        str | None, typer.Option(help='When it begins: "2026-12-24 03:00", by the team\'s clock; else now.')
    ] = None,
    length: Annotated[str, typer.Option("--for", help="How long is rehearsed.")] = "2h",
    answers: Annotated[
        str, typer.Option(help='Who answers: "nobody", "secondary after 3m", "ben after 2m by sms", "70%".')
    ] = "nobody",
    seed: Annotated[int, typer.Option(help="For what is left to chance.")] = 1,
    resolve_after: Annotated[str | None, typer.Option(help="When the harm is over, such as 40m.")] = None,
    config: Annotated[Path | None, typer.Option(help="A file or directory; else MIDWATCH_CONFIG.")] = None,
    diff: Annotated[
        tuple[Path, Path] | None, typer.Option(help="Two configurations: what changes between them.")
    ] = None,
    svg: Annotated[Path | None, typer.Option(help="Draw it into this file.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Play an incident through the real workflow, with time skipped: who would be called, when and how."""
    from rehearsal import command
    from rehearsal.scene import Asked

    asked = Asked(
        services=tuple(service or ()),
        severity=severity,
        at=at,
        length=length,
        answers=answers,
        seed=seed,
        resolve_after=resolve_after,
    )
    raise typer.Exit(command.rehearse(asked, config=config, diff=diff, as_json=as_json, svg=svg))


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
    channels = {channel.sms: channel.name for channel in organisation.channels.values() if channel.sms}
    return {person.phone: person.name for person in organisation.people.values()} | channels


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
