"""`midwatch incident checkpoint`, `hypothesis`, `decide`, `announce`, `mitigate` and `authorise`: what is
recorded while an incident lasts."""

from typing import Annotated

import typer

from commands.options import (
    AsJson,
    By,
    Incident,
    Number,
    Reason,
    ask,
    ask_yes,
    asking,
    incident_and_text,
    incident_and_value,
    number_of,
    value,
)

OneWord = Annotated[str | None, typer.Option("--text", help="The same, where it is one word.")]


def add(app: typer.Typer) -> None:
    """Give the group these commands."""
    for command in (checkpoint, hypothesis, decide, announce, mitigate, authorise):
        app.command()(command)


def checkpoint(
    incident: Incident = None,
    known: Annotated[str | None, typer.Option(help="What we know now.")] = None,
    next_step: Annotated[str | None, typer.Option(help="What we try next.")] = None,
    need_people: Annotated[str | None, typer.Option(help="Whom we need besides.")] = None,
    status_page_current: Annotated[
        bool | None,
        typer.Option(
            "--status-page-current/--no-status-page-current", help="Whether the status page is current."
        ),
    ] = None,
    number: Annotated[int | None, typer.Option(help="Which; else the open one.")] = None,
    by: By = None,
    as_json: AsJson = False,
) -> None:
    """Answer the four questions of the open checkpoint."""
    from commands.doing import Doing
    from commands.words import QUESTIONS

    doing = Doing(incident, by, as_json)
    if asking(known, status_page_current):
        known = ask(known, QUESTIONS[0])
        next_step = ask(next_step, QUESTIONS[1], needed=False)
        need_people = ask(need_people, QUESTIONS[2], needed=False)
        status_page_current = ask_yes(status_page_current, QUESTIONS[3])
    doing.do(
        "checkpoint",
        known=known,
        next_step=next_step,
        need_people=need_people,
        status_page_current=status_page_current,
        number=number,
    )


def hypothesis(
    incident: Incident = None,
    words: Annotated[str | None, value("TEXT", "What may be the cause.")] = None,
    text: OneWord = None,
    number: Number = None,
    confidence: Annotated[str | None, typer.Option(help="low, medium or high.")] = None,
    state: Annotated[str | None, typer.Option(help="open, confirmed or refuted.")] = None,
    by: By = None,
    as_json: AsJson = False,
) -> None:
    """State what may be the cause or, with its number, say how that stands now."""
    from commands.doing import Doing

    incident, text = incident_and_text(incident, words, text)
    doing = Doing(incident, by, as_json)
    if asking(text or number):
        text = ask(text, "What do you believe to be the cause?")
        confidence = ask(confidence, "How sure are you: low, medium or high?", needed=False)
    doing.do("hypothesis", text=text, number=number, confidence=confidence, state=state)


def decide(
    incident: Incident = None,
    words: Annotated[str | None, value("TEXT", "What was decided.")] = None,
    text: OneWord = None,
    reason: Reason = None,
    owner: Annotated[str | None, typer.Option(help="Who answers for it; else who acts.")] = None,
    number: Number = None,
    result: Annotated[str | None, typer.Option(help="What came of it.")] = None,
    by: By = None,
    as_json: AsJson = False,
) -> None:
    """Log a decision and its reason or, with its number, its result."""
    from commands.doing import Doing

    incident, text = incident_and_text(incident, words, text)
    doing = Doing(incident, by, as_json)
    if number is None and asking(text, reason):
        text = ask(text, "What was decided?")
        reason = ask(reason, "Why?")
    elif number is not None and asking(result):
        result = ask(result, "What came of it?")
    doing.do("decision", text=text, reason=reason, owner=owner, number=number, result=result)


def announce(
    incident: Incident = None,
    words: Annotated[str | None, value("TEXT", "What you are about to do.")] = None,
    text: OneWord = None,
    kind: Annotated[str | None, typer.Option(help="command or investigation; else command.")] = None,
    number: Annotated[int | None, typer.Option(help="This one is over.")] = None,
    by: By = None,
    as_json: AsJson = False,
) -> None:
    """Tell the others what you run or look into, before you do, or that it is over."""
    from commands.doing import Doing

    incident, text = incident_and_text(incident, words, text)
    doing = Doing(incident, by, as_json)
    if asking(text or number):
        text = ask(text, "What are you about to do?")
    doing.do("announce", text=text, kind=kind, number=number)


def mitigate(
    incident: Incident = None,
    words: Annotated[str | None, value("TEXT", "What is done.")] = None,
    text: OneWord = None,
    number: Number = None,
    state: Annotated[str | None, typer.Option(help="begun, worked or failed; else begun.")] = None,
    high_impact: Annotated[
        bool, typer.Option("--high-impact", help="It has to be authorised before it begins.")
    ] = False,
    by: By = None,
    as_json: AsJson = False,
) -> None:
    """Begin a mitigation or, with its number, say whether it worked."""
    from commands.doing import Doing

    incident, text = incident_and_text(incident, words, text)
    doing = Doing(incident, by, as_json)
    if number is None and asking(text):
        text = ask(text, "What is done?")
    elif number is not None and asking(state):
        state = ask(state, "How far is it: begun, worked or failed?")
    doing.do("mitigate", text=text, number=number, state=state, high_impact=high_impact or None)


def authorise(
    incident: Incident = None,
    words: Annotated[str | None, value("NUMBER", "The number of the mitigation.")] = None,
    granted: Annotated[bool, typer.Option("--granted/--no-granted", help="Allow it, or refuse it.")] = True,
    reason: Reason = None,
    by: By = None,
    as_json: AsJson = False,
) -> None:
    """Allow a mitigation of high impact, or refuse it."""
    from commands.doing import do

    incident, number = incident_and_value(incident, words)
    do(
        incident,
        "authorise",
        by,
        as_json,
        number=number_of(number, "mitigation"),
        granted=granted,
        reason=reason,
    )
