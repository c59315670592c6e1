"""`midwatch action`: what is to be done so that it does not happen again."""

from typing import Annotated

import typer

from commands.options import (
    AsJson,
    By,
    Incident,
    Reason,
    ask,
    asking,
    incident_and_text,
    incident_and_value,
    number_of,
    value,
)
from commands.told import group

app = group("Action items: what is to be done so that it does not happen again.")

DueAt = Annotated[str | None, typer.Option(help="Until when: a day like 2026-03-20, or 14d from now.")]
ItemNumber = Annotated[str | None, value("NUMBER", "The number of the item.")]


@app.command("list")
def list_items(
    incident: Incident = None,
    owner: Annotated[str | None, typer.Option(help="Only this person's.")] = None,
    service: Annotated[str | None, typer.Option(help="Only of this service.")] = None,
    overdue: Annotated[bool, typer.Option("--overdue", help="Only those past their day.")] = False,
    everything: Annotated[bool, typer.Option("--all", help="Also those that are settled.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show the open action items of all incidents, or all of one incident."""
    from commands.client import UNCLOSED, Client
    from commands.listing import action_list, own_items
    from commands.screen import show as draw
    from commands.words import cleaned

    client = Client()
    if incident:
        answer = client.get(f"/api/v1/incidents/{client.incident(incident, UNCLOSED)}/actions")
        drawn = own_items
    else:
        state = None if everything else "open"
        more = {"owner": owner, "service": service, "overdue": overdue or None}
        answer = client.get("/api/v1/actions", state=state, limit=1_000, **more)
        drawn = action_list
    if as_json:
        print(answer.text)
    else:
        draw(drawn(cleaned(answer.json())))


@app.command()
def add(
    incident: Incident = None,
    words: Annotated[str | None, value("TEXT", "What is to be done.")] = None,
    text: Annotated[str | None, typer.Option("--text", help="The same, where it is one word.")] = None,
    kind: Annotated[str | None, typer.Option(help="prevention, detection, mitigation or process.")] = None,
    owner: Annotated[str | None, typer.Option(help="Who does it.")] = None,
    due_at: DueAt = None,
    priority: Annotated[str | None, typer.Option(help="Like P1.")] = None,
    done_when: Annotated[str | None, typer.Option(help="How one can tell that it is done.")] = None,
    verified_by: Annotated[str | None, typer.Option(help="How that is verified.")] = None,
    by: By = None,
    as_json: AsJson = False,
) -> None:
    """Add an action item. What it lacks is named, and nothing is added then."""
    from commands.client import AFTERWARDS
    from commands.doing import Doing
    from commands.words import moment

    incident, text = incident_and_text(incident, words, text)
    doing = Doing(incident, by, as_json, AFTERWARDS)
    if asking(text, kind, owner, due_at, priority, done_when, verified_by):
        text = ask(text, "What is to be done?")
        kind = ask(kind, "What is it for: prevention, detection, mitigation or process?")
        owner = ask(owner, "Who does it?")
        due_at = ask(due_at, "Until when (2026-03-20, or 14d from now)?")
        priority = ask(priority, "With which priority?")
        done_when = ask(done_when, "How can one tell that it is done?")
        verified_by = ask(verified_by, "How is that verified?")
    doing.do(
        "actions",
        text=text,
        kind=kind,
        owner=owner,
        due_at=moment(due_at, "due_at"),
        priority=priority,
        done_when=done_when,
        verified_by=verified_by,
    )


def _settle(
    incident: str | None,
    number: str | None,
    by: str | None,
    as_json: bool,
    outcome: str,
    reason: str | None = None,
    due_at: str | None = None,
) -> None:
    from commands.client import AFTERWARDS
    from commands.doing import Doing
    from commands.words import moment

    incident, number = incident_and_value(incident, number)
    which = number_of(number, "action item")
    doing = Doing(incident, by, as_json, AFTERWARDS)
    if outcome == "moved" and asking(due_at):
        due_at = ask(due_at, "Until when?")
    if outcome != "done" and asking(reason):
        reason = ask(reason, "Why?")
    at = moment(due_at, "due_at")
    doing.do(f"actions/{which}/settle", outcome=outcome, reason=reason, due_at=at)


@app.command()
def done(
    incident: Incident = None,
    number: ItemNumber = None,
    reason: Reason = None,
    by: By = None,
    as_json: AsJson = False,
) -> None:
    """Say that an item is done."""
    _settle(incident, number, by, as_json, "done", reason)


@app.command()
def drop(
    incident: Incident = None,
    number: ItemNumber = None,
    reason: Reason = None,
    by: By = None,
    as_json: AsJson = False,
) -> None:
    """Drop an item, and say why."""
    _settle(incident, number, by, as_json, "dropped", reason)


@app.command()
def move(
    incident: Incident = None,
    number: ItemNumber = None,
    due_at: DueAt = None,
    reason: Reason = None,
    by: By = None,
    as_json: AsJson = False,
) -> None:
    """Give an item another day, and say why."""
    _settle(incident, number, by, as_json, "moved", reason, due_at)


@app.command()
def answer(
    incident: Incident = None,
    number: ItemNumber = None,
    text: Annotated[str | None, typer.Option(help="How it stands.")] = None,
    by: By = None,
    as_json: AsJson = False,
) -> None:
    """Say before the review how an item stands."""
    from commands.client import AFTERWARDS
    from commands.doing import Doing

    incident, number = incident_and_value(incident, number)
    which = number_of(number, "action item")
    doing = Doing(incident, by, as_json, AFTERWARDS)
    if asking(text):
        text = ask(text, "How does it stand?")
    doing.do(f"actions/{which}/answer", text=text)
