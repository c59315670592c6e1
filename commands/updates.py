"""`midwatch incident update`: what those inside and outside the house are told."""

import sys
from typing import Annotated

import typer

from commands.options import AsJson, By, Incident, ask, incident_and_text, number_of, value
from commands.told import Told

STEPS = ("draft", "approve", "publish")


def add(app: typer.Typer) -> None:
    """Give the group this command."""
    app.command()(update)


def update(
    incident: Incident = None,
    step: Annotated[str | None, value("draft|approve|publish", "Which step; else a text to draft.")] = None,
    words: Annotated[
        str | None,
        value("TEXT|NUMBER", "The text, else it is filled from what is known; or which update."),
    ] = None,
    public: Annotated[
        bool | None, typer.Option("--public/--internal", help="For the status page, or for the house.")
    ] = None,
    publish: Annotated[
        bool, typer.Option("--publish", help="Approve and publish it, too, as you are.")
    ] = False,
    phase: Annotated[
        str | None, typer.Option(help="investigating, identified, monitoring or resolved.")
    ] = None,
    component: Annotated[
        str | None,
        typer.Option(help="operational, degraded_performance, partial_outage or major_outage."),
    ] = None,
    next_update_at: Annotated[
        str | None, typer.Option(help="When the next one comes, like 14:30 as 2026-03-01T14:30Z, or 30m.")
    ] = None,
    by: By = None,
    as_json: AsJson = False,
) -> None:
    """Draft an update, approve it, publish it; or all of it with --publish."""
    from commands.doing import Doing
    from commands.words import moment

    incident, step, about = _taken_apart([word for word in (incident, step, words) if word is not None])
    doing = Doing(incident, by, as_json)
    if step != "draft":
        doing.do(step, number=number_of(about, "update"))
        return
    answer = doing.post(
        "draft",
        audience="public" if _is_public(public) else "internal",
        text=about,
        phase=phase,
        component=component,
        next_update_at=moment(next_update_at, "next_update_at"),
    )
    drafts = (u for u in answer.json()["report"]["updates"] if u["drafted_by"]["id"] == doing.by)
    number = max(draft["number"] for draft in drafts)
    for following in STEPS[1:] if publish else ():
        try:
            answer = doing.post(following, number=number)
        except Told as told:
            waits = f"Update {number} is drafted and waits: `midwatch incident update {following} {number}`."
            raise Told(*told.lines, waits, code=told.code) from None
    doing.say(answer)


def _taken_apart(given: list[str]) -> tuple[str | None, str, str | None]:
    """The incident, the step, and what it is about. A step is the first word, or the second, after the
    incident."""
    for place, word in enumerate(given[:2]):
        if word in STEPS and len(given) <= place + 2:
            return (given[0] if place else None), word, given[place + 1] if given[place + 1 :] else None
    padded = [*given, None, None]
    incident, text = incident_and_text(padded[0], padded[1])
    if text is None or len(given) > 2:
        raise Told("What is to be told? Give a text in quotes; `draft` fills it from what is known.")
    return incident, "draft", text


def _is_public(given: bool | None) -> bool:
    if given is None and not sys.stdin.isatty():
        raise Told("For whom is it? Say --public or --internal.")
    return ask(None, "For whom: public or internal?") == "public" if given is None else given
