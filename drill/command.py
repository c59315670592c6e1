"""`midwatch drill`: start everything, play, judge, and stop everything."""

import json
import shutil
import time
from pathlib import Path

import httpx
from rich.console import Console

import configuration
import settings as environment
from drill.checks import Verdict, judge
from drill.facts import Facts
from drill.play import play
from drill.scenario import TITLE, write_configuration
from drill.screen import Screen, verdicts
from settings import STARTER_CONFIG
from stack.faults import StackFault
from stack.signals import Interrupted, run_until_signal
from stack.stack import Stack, locked
from stack.supervisor import supervise
from workflows.search_attributes import TYPES

FAILED, INTERRUPTED = 1, 130


def drill(*, keep: bool, as_json: bool) -> int:
    """Play the whole story; 0 only if every check holds. `keep` leaves all running until Ctrl-C."""
    console = Console(stderr=as_json)
    try:
        return run_until_signal(_drill(console, keep=keep, as_json=as_json))
    except Interrupted:
        console.print("Interrupted. Everything is stopped.")
        return INTERRUPTED
    except (StackFault, httpx.HTTPError) as fault:
        console.print(f"The drill failed: {fault}", style="bold red", markup=False)
        return FAILED


async def _drill(console: Console, *, keep: bool, as_json: bool) -> int:
    began = time.monotonic()
    environ = environment.drill_environment()
    place = Path(environ["MIDWATCH_DATA_DIR"])
    place.mkdir(parents=True, exist_ok=True)
    with locked(place):  # A drill that was left running keeps its place.
        pass
    shutil.rmtree(place)
    place.mkdir()
    organisation = write_configuration(configuration.load(STARTER_CONFIG), Path(environ["MIDWATCH_CONFIG"]))
    settings = environment.load(environ)
    people = {person.email: person.name for person in organisation.people.values() if person.email}
    async with Stack(settings, search_attributes=TYPES, chatters=people) as stack:
        with Screen(console, TITLE) as screen:
            facts = await play(stack, organisation, screen)
        judged = list(judge(facts))
        good = all(verdict.kept for verdict in judged)
        verdicts(console, judged)
        _farewell(console, stack, facts, good=good, seconds=time.monotonic() - began, stays=keep)
        if as_json:
            print(json.dumps(_machine(stack, facts, judged, good=good)))
        if keep:
            console.print("Everything keeps running. Ctrl-C stops it.")
            await supervise(stack, lambda line: console.print(line, markup=False, highlight=False))
    return 0 if good else FAILED


def _farewell(
    console: Console, stack: Stack, facts: Facts, *, good: bool, seconds: float, stays: bool
) -> None:
    if good:
        console.print(f"The drill went well, in {seconds:.0f} s: every promise was kept.", style="bold green")
    else:
        console.print("The drill did not go as it should; see ✗ above.", style="bold red")
        console.print(facts.notes.stuck, style="red", markup=False)
    places = _places(stack, facts)
    if not stays:
        console.print("Everything is stopped; --keep leaves it running, with its pages. What stays:")
        places = {name: place for name, place in places.items() if name in FILES}
    for name, value in places.items():
        console.print(f"  {name:<16} {value}", markup=False, highlight=False, soft_wrap=True)


FILES = ("Document", "Postmortem", "Logs")
"""What is left of a drill that has ended."""


def _places(stack: Stack, facts: Facts) -> dict[str, str]:
    workflow = f"{stack.temporal_ui_url}/namespaces/{stack.temporal_namespace}/workflows"
    return {
        "Temporal UI": workflow if stack.temporal_ui_url else stack.temporal_address,
        "Simulator page": stack.simulator_url or "none",
        "Slack page": stack.slack_page_url or "none",
        "Status page": f"{stack.api_url}/status",
        "Document": facts.report.document or "none",
        "Postmortem": (facts.report.postmortem and facts.report.postmortem.document) or "none",
        "Logs": str(stack.settings.data_dir / "logs"),
    }


def _machine(stack: Stack, facts: Facts, judged: list[Verdict], *, good: bool) -> dict[str, object]:
    return {
        "good": good,
        "incident": facts.report.model_dump(mode="json"),
        "checks": [vars(verdict) for verdict in judged],
        "places": _places(stack, facts),
    }
