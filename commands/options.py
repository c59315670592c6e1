"""What the commands have in common on their line: which incident, who acts, what may be asked for."""

import sys
from typing import Annotated, Any

import typer

from commands.told import Told

Incident = Annotated[
    str | None,
    typer.Argument(
        metavar="INCIDENT",
        help="Its id, the beginning of its id, or its reply code; may be left out when only one is open.",
        show_default=False,
    ),
]
By = Annotated[
    str | None,
    typer.Option("--as", metavar="PERSON", help="Who does this; else MIDWATCH_AS.", show_default=False),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print what the API answers, as JSON.")]
Number = Annotated[int | None, typer.Option("--number", help="Change this one, instead of a new one.")]
Reason = Annotated[str | None, typer.Option("--reason", help="Why.")]


def value(metavar: str, meaning: str) -> Any:
    """The word of a command that follows the incident, or stands alone where that is left out."""
    return typer.Argument(metavar=metavar, help=meaning, show_default=False)


def incident_and_value(incident: str | None, given: str | None) -> tuple[str | None, str | None]:
    """Of `[INCIDENT] VALUE`, both; where there is one word, it is the value."""
    return (None, incident) if given is None else (incident, given)


def incident_and_text(
    incident: str | None, given: str | None, text: str | None = None
) -> tuple[str | None, str | None]:
    """Of `[INCIDENT] TEXT`, both. A single word without a space in it is an incident: a `text` of one word is
    given by its option, so that nothing is written down that was meant as an address."""
    alone = given is None and incident is not None and " " in incident.strip() and text is None
    return (None, incident) if alone else (incident, given if text is None else text)


def asking(*needed: object) -> bool:
    """Whether to ask: something that is needed is missing, and somebody is there to answer."""
    return any(value is None for value in needed) and sys.stdin.isatty()


def ask(given: str | None, question: str, *, needed: bool = True) -> str | None:
    """What was given, or what is answered now; an empty answer to what is not needed says nothing."""
    if given is not None:
        return given
    end = " " if question.endswith("?") else ": "
    if needed:
        return str(typer.prompt(question, prompt_suffix=end))
    return str(typer.prompt(question, default="", show_default=False, prompt_suffix=end)) or None


def ask_yes(given: bool | None, question: str) -> bool:
    """What was given, or what is answered now."""
    return typer.confirm(question) if given is None else given


def number_of(text: str | None, what: str) -> int:
    """The number that people speak of it by.

    Raises:
        Told: it is missing, or no number.
    """
    if text is None:
        raise Told(f"Which {what}? Give its number.")
    if not text.isdecimal():
        raise Told(f"{text!r} is not the number of a{'n' if what[0] in 'aeiou' else ''} {what}.")
    return int(text)
