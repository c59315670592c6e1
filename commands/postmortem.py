"""`midwatch postmortem`: from its owner to its publication."""

from typing import Annotated

import typer

from commands.options import AsJson, By, Incident, Reason, ask, asking, incident_and_value, value
from commands.told import group

app = group("Postmortems: who owns them, what is written, when they are due.")


@app.command()
def show(incident: Incident = None, as_json: AsJson = False) -> None:
    """Show a postmortem: its stage, its deadlines, what is written and what is missing."""
    from commands.client import AFTERWARDS, Client
    from commands.postmortem_page import drawn
    from commands.screen import show as draw
    from commands.words import cleaned

    client = Client()
    answer = client.get(f"/api/v1/incidents/{client.incident(incident, AFTERWARDS)}/postmortem")
    if as_json:
        print(answer.text)
    else:
        draw(drawn(cleaned(answer.json())))


@app.command()
def own(
    incident: Incident = None,
    owner: Annotated[str | None, value("PERSON", "Who; else who acts.")] = None,
    by: By = None,
    as_json: AsJson = False,
) -> None:
    """Take a postmortem, or give it to somebody."""
    from commands.client import AFTERWARDS
    from commands.doing import Doing

    incident, owner = incident_and_value(incident, owner)
    doing = Doing(incident, by, as_json, AFTERWARDS)
    doing.do("postmortem/owner", owner=owner or doing.by)


@app.command()
def write(
    incident: Incident = None,
    summary: Annotated[str | None, typer.Option(help="Executive summary.")] = None,
    impact: Annotated[str | None, typer.Option(help="Customer impact.")] = None,
    measured: Annotated[str | None, typer.Option(help="How the impact was measured.")] = None,
    whys: Annotated[str | None, typer.Option(help="Five whys.")] = None,
    technical: Annotated[str | None, typer.Option(help="Contributing factors, technical.")] = None,
    process: Annotated[str | None, typer.Option(help="Contributing factors, of process.")] = None,
    detection: Annotated[str | None, typer.Option(help="What slowed detection.")] = None,
    response: Annotated[str | None, typer.Option(help="What slowed the response.")] = None,
    well: Annotated[str | None, typer.Option(help="What went well.")] = None,
    wrong: Annotated[str | None, typer.Option(help="What went wrong.")] = None,
    submit: Annotated[bool, typer.Option("--submit", help="Hand the draft in.")] = False,
    by: By = None,
    as_json: AsJson = False,
) -> None:
    """Write parts of a postmortem. The timeline, the decisions and the figures fill themselves."""
    from commands.client import AFTERWARDS
    from commands.doing import Doing
    from domain.aftermath import Section

    parts = (summary, impact, measured, whys, technical, process, detection, response, well, wrong)
    sections = {section: text for section, text in zip(Section, parts, strict=True) if text is not None}
    doing = Doing(incident, by, as_json, AFTERWARDS)
    if not submit and asking(sections or None):
        typer.echo("An empty answer leaves a part as it is.")
        answers = {section: ask(None, section.label.capitalize(), needed=False) for section in Section}
        sections = {section: text for section, text in answers.items() if text}
        submit = typer.confirm("Hand the draft in?", default=False)
    doing.do("postmortem/write", sections=sections, submit=submit or None)


@app.command()
def meeting(
    incident: Incident = None,
    on: Annotated[str | None, typer.Option(help="When: 2026-03-02T14:00Z, or 2h from now.")] = None,
    minutes: Annotated[int | None, typer.Option(help="How long.")] = None,
    attendees: Annotated[list[str] | None, typer.Option(help="Who comes; repeat it for several.")] = None,
    notes: Annotated[str | None, typer.Option(help="What came of it.")] = None,
    by: By = None,
    as_json: AsJson = False,
) -> None:
    """Plan the meeting or, with a moment that is past, record that it was held."""
    from commands.client import AFTERWARDS
    from commands.doing import Doing
    from commands.words import moment

    doing = Doing(incident, by, as_json, AFTERWARDS)
    if asking(on):
        on = ask(on, "When (2026-03-02T14:00Z, or 2h from now)?")
    at = moment(on, "on")
    doing.do("postmortem/meeting", on=at, minutes=minutes, attendees=attendees or None, notes=notes)


@app.command()
def review(incident: Incident = None, by: By = None, as_json: AsJson = False) -> None:
    """Open the draft for comments."""
    from commands.client import AFTERWARDS
    from commands.doing import Doing

    Doing(incident, by, as_json, AFTERWARDS).do("postmortem/begin-review")


@app.command()
def publish(
    incident: Incident = None,
    final: Annotated[
        bool, typer.Option("--final/--no-final", help="The final version, or the draft as it stands.")
    ] = True,
    despite_remarks: Annotated[
        bool, typer.Option("--despite-remarks", help="Although something was pointed out.")
    ] = False,
    by: By = None,
    as_json: AsJson = False,
) -> None:
    """Publish it."""
    from commands.client import AFTERWARDS
    from commands.doing import Doing

    doing = Doing(incident, by, as_json, AFTERWARDS)
    doing.do("postmortem/publish", final=final, despite_remarks=despite_remarks or None)


@app.command()
def move(
    incident: Incident = None,
    step: Annotated[str | None, value("STEP", "owner, draft, published, meeting, review or final.")] = None,
    to: Annotated[str | None, typer.Option(help="The new deadline: a day, a moment, or 2d from now.")] = None,
    reason: Reason = None,
    by: By = None,
    as_json: AsJson = False,
) -> None:
    """Give one step of it another deadline."""
    from commands.client import AFTERWARDS
    from commands.doing import Doing
    from commands.words import moment

    incident, step = incident_and_value(incident, step)
    doing = Doing(incident, by, as_json, AFTERWARDS)
    if asking(step, to):
        step = ask(step, "Which step?")
        to = ask(to, "Until when?")
        reason = ask(reason, "Why?", needed=False)
    doing.do("postmortem/move", step=step, to=moment(to, "to"), reason=reason)
