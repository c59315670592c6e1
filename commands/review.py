"""`midwatch review`: the day on which the action items are looked at."""

from typing import Annotated

import typer

from commands.options import AsJson, By, Incident, Reason, ask, asking
from commands.told import group

app = group("The review of an incident's action items, thirty days on.")


@app.command()
def show(incident: Incident = None, as_json: AsJson = False) -> None:
    """Show when it is, how the items stand, and what their owners say."""
    from commands.client import PREVENTION, Client
    from commands.postmortem_page import review_drawn
    from commands.screen import show as draw
    from commands.words import cleaned

    client = Client()
    answer = client.get(f"/api/v1/incidents/{client.incident(incident, PREVENTION)}/postmortem")
    if as_json:
        print(answer.text)
    else:
        draw(review_drawn(cleaned(answer.json())))


@app.command()
def hold(
    incident: Incident = None,
    notes: Annotated[str | None, typer.Option(help="What came of it.")] = None,
    by: By = None,
    as_json: AsJson = False,
) -> None:
    """Record that the review was held: on its day, early or late."""
    from commands.client import PREVENTION
    from commands.doing import Doing

    doing = Doing(incident, by, as_json, PREVENTION)
    if asking(notes):
        notes = ask(notes, "What came of it?", needed=False)
    doing.do("review/hold", notes=notes)


@app.command()
def move(
    incident: Incident = None,
    to: Annotated[str | None, typer.Option(help="The new date: a day, a moment, or 7d from now.")] = None,
    reason: Reason = None,
    by: By = None,
    as_json: AsJson = False,
) -> None:
    """Give the review another date."""
    from commands.client import PREVENTION
    from commands.doing import Doing
    from commands.words import moment

    doing = Doing(incident, by, as_json, PREVENTION)
    if asking(to):
        to = ask(to, "Until when?")
        reason = ask(reason, "Why?", needed=False)
    doing.do("review/move", to=moment(to, "to"), reason=reason)
