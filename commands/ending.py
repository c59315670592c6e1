"""`midwatch incident resolve`, `confirm` and `close`."""

from typing import Annotated

import typer

from commands.options import AsJson, By, Incident, ask, asking, incident_and_text, value

FixDeployed = Annotated[
    bool, typer.Option("--fix-deployed", help="The fix is deployed, not only a mitigation.")
]
Recovering = Annotated[bool, typer.Option("--metrics-recovering", help="The metrics recover.")]
PostmortemOwner = Annotated[str | None, typer.Option(help="Who writes the postmortem.")]


def add(app: typer.Typer) -> None:
    """Give the group these commands."""
    for command in (resolve, confirm, close):
        app.command()(command)


def resolve(
    incident: Incident = None,
    words: Annotated[str | None, value("RESOLUTION", "What ended it.")] = None,
    resolution: Annotated[str | None, typer.Option(help="The same, where it is one word.")] = None,
    cause: Annotated[str | None, typer.Option(help="The root cause in one sentence.")] = None,
    fix_deployed: FixDeployed = False,
    metrics_recovering: Recovering = False,
    postmortem_owner: PostmortemOwner = None,
    engineer_hours: Annotated[float | None, typer.Option(help="Work that went into it.")] = None,
    recurs: Annotated[bool, typer.Option("--recurs", help="The same cause as an earlier incident.")] = False,
    by: By = None,
    as_json: AsJson = False,
) -> None:
    """Say that the harm is over, and what ended it."""
    from commands.doing import Doing

    incident, resolution = incident_and_text(incident, words, resolution)
    doing = Doing(incident, by, as_json)
    if asking(resolution):
        resolution = ask(resolution, "What ended it?")
        cause = ask(cause, "What was the root cause, in one sentence?", needed=False)
        fix_deployed = fix_deployed or typer.confirm("Is the fix deployed?", default=False)
        metrics_recovering = metrics_recovering or typer.confirm("Do the metrics recover?", default=False)
        postmortem_owner = ask(postmortem_owner, "Who writes the postmortem?", needed=False)
    doing.do(
        "resolve",
        resolution=resolution,
        cause=cause,
        fix_deployed=fix_deployed or None,
        metrics_recovering=metrics_recovering or None,
        postmortem_owner=postmortem_owner,
        engineer_hours=engineer_hours,
        recurs=recurs or None,
    )


def confirm(
    incident: Incident = None,
    fix_deployed: FixDeployed = False,
    metrics_recovering: Recovering = False,
    postmortem_owner: PostmortemOwner = None,
    by: By = None,
    as_json: AsJson = False,
) -> None:
    """Confirm what the closing of the room waits for."""
    from commands.doing import do

    do(
        incident,
        "confirm",
        by,
        as_json,
        fix_deployed=fix_deployed or None,
        metrics_recovering=metrics_recovering or None,
        postmortem_owner=postmortem_owner,
    )


def close(incident: Incident = None, by: By = None, as_json: AsJson = False) -> None:
    """Close the room of a resolved incident."""
    from commands.doing import do

    do(incident, "close", by, as_json)
