"""`midwatch incident`: what is open, how it stands, and the steps of its life."""

from typing import Annotated, Any

import typer

from commands import ending, records, updates
from commands.options import (
    AsJson,
    By,
    Incident,
    Reason,
    ask,
    asking,
    incident_and_text,
    incident_and_value,
    value,
)
from commands.told import Told, group

app = group("Incidents: what is open, and everything that is done about it.")


@app.command("list")
def list_incidents(
    everything: Annotated[bool, typer.Option("--all", help="Also those that are over.")] = False,
    service: Annotated[str | None, typer.Option(help="Only of this service.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show what is open, the worst first."""
    from commands.client import OPEN, Client
    from commands.listing import incident_list
    from commands.screen import show as draw

    client = Client()
    among = () if everything else OPEN
    if as_json:
        print(client.incident_page(among, service).text)
    else:
        draw(incident_list(client.incidents(among, service), everything))


@app.command()
def show(
    incident: Incident = None,
    timeline: Annotated[bool, typer.Option("--timeline", help="The whole timeline.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show one incident, with everything that is known and expected."""
    import json

    from commands.client import UNCLOSED, Client, entries
    from commands.screen import show as draw
    from commands.show import drawn
    from commands.words import cleaned
    from domain.incident import IncidentReport

    client = Client()
    meant = client.incident(incident, UNCLOSED)
    answer = client.get(f"/api/v1/incidents/{meant}")
    if as_json:
        print(json.dumps(client.timeline(meant)) if timeline else answer.text)
        return
    report = IncidentReport.model_validate(cleaned(answer.json()))
    whole = client.timeline(meant)
    draw(drawn(report, entries(whole), all_entries=timeline, complete=whole["complete"]))


@app.command()
def watch(incident: Incident = None, as_json: AsJson = False) -> None:
    """Follow one incident live, until it is closed or Ctrl-C."""
    from commands.client import UNCLOSED, Client
    from commands.watch import follow

    client = Client()
    follow(client, client.incident(incident, UNCLOSED), as_json=as_json)


@app.command()
def declare(
    title: Annotated[
        str | None, typer.Argument(help="What is wrong, in a few words.", show_default=False)
    ] = None,
    service: Annotated[str | None, typer.Option(help="Which service; else the default one.")] = None,
    severity: Annotated[str | None, typer.Option(help="How bad; else unclassified.")] = None,
    impact: Annotated[str | None, typer.Option(help="Who suffers, and how.")] = None,
    key: Annotated[str | None, typer.Option(help="Join the open incident of this service and key.")] = None,
    also: Annotated[list[str] | None, typer.Option(help="A further service that is affected.")] = None,
    by_customer: Annotated[
        bool, typer.Option("--by-customer", help="Customers report it: one level up the ladder.")
    ] = False,
    data_loss: Annotated[
        bool, typer.Option("--data-loss", help="Data may be lost: the worst severity, everybody at once.")
    ] = False,
    drill: Annotated[bool, typer.Option("--drill", help="It is an exercise.")] = False,
    by: By = None,
    as_json: AsJson = False,
) -> None:
    """Report that something is broken: people are paged at once."""
    from commands.client import Client

    client = Client()
    person = client.who(by)
    if asking(title):
        title = ask(title, "What is wrong?")
        impact = ask(impact, "Who suffers, and how?", needed=False)
        severity = ask(severity, "How bad is it (severity)?", needed=False)
    if title is None:
        raise Told('Say what is wrong, like: midwatch incident declare "Payments fail"')
    body: dict[str, Any] = {"title": title, "service": service, "severity": severity, "impact": impact}
    flags = {"drill": drill, "by_customer": by_customer, "data_loss": data_loss}
    body |= {"key": key, "declared_by": person, "also": also}
    body |= {name: True for name, on in flags.items() if on}
    answer = client.post("/api/v1/incidents", body)
    found = answer.json()
    if as_json:
        print(answer.text)
    elif report := found["report"]:
        print(f"{found['id']} is open ({report['severity']}, reply code {report['reply_code']}).")
        for deadline in report["deadlines"]:
            if deadline["name"].startswith("people are paged"):
                print(
                    f"Nobody is paged before {deadline['at'][:16].replace('T', ' ')} UTC: {deadline['name']}."
                )
    else:
        print(f"{found['id'] or 'The incident'} is stored. It cannot be read yet.")


@app.command()
def ack(incident: Incident = None, by: By = None, as_json: AsJson = False) -> None:
    """Take it: nobody else is paged."""
    from commands.doing import do

    do(incident, "acknowledge", by, as_json)


@app.command()
def escalate(
    incident: Incident = None, reason: Reason = None, by: By = None, as_json: AsJson = False
) -> None:
    """Page the next rung now."""
    from commands.doing import do

    do(incident, "escalate", by, as_json, reason=reason)


@app.command()
def service(
    name: Annotated[str, typer.Argument(help="The service, by its name in the configuration.")],
    incident: Annotated[str | None, typer.Option(help="Which incident; else the only open one.")] = None,
    by: By = None,
    as_json: AsJson = False,
) -> None:
    """Say that a further service is affected: whoever is on call for it is paged."""
    from commands.doing import do

    do(incident, "service", by, as_json, service=name)


@app.command()
def role(
    incident: Incident = None,
    words: Annotated[str | None, value("ROLE", "Like commander or tech-lead.")] = None,
    person: Annotated[str | None, typer.Option(help="Who takes it; else who acts.")] = None,
    brief: Annotated[str | None, typer.Option(help="What a new commander has to know.")] = None,
    by: By = None,
    as_json: AsJson = False,
) -> None:
    """Take a role, or give it to somebody."""
    from commands.doing import Doing

    incident, name = incident_and_value(incident, words)
    doing = Doing(incident, by, as_json)
    if asking(name):
        name = ask(name, "Which role?")
    doing.do("role", role=_role(name), person=person, brief=brief)


def _role(name: str | None) -> str | None:
    """The role by its name; a shell likes `tech-lead` better than a quoted space."""
    from domain.roles import Role

    if name is None:
        return None
    plain = name.lower().replace("-", " ").replace("_", " ")
    if plain not in list(Role):
        raise Told(f"{name!r} is no role; there are {', '.join(role.replace(' ', '-') for role in Role)}")
    return plain


@app.command()
def severity(
    incident: Incident = None,
    words: Annotated[str | None, value("SEVERITY", "How bad it is.")] = None,
    reason: Reason = None,
    data_loss: Annotated[bool, typer.Option("--data-loss", help="Data may be lost.")] = False,
    data_exposure: Annotated[bool, typer.Option("--data-exposure", help="Data may have got out.")] = False,
    by: By = None,
    as_json: AsJson = False,
) -> None:
    """Say how bad it is; the same again confirms it."""
    from commands.doing import Doing

    incident, name = incident_and_value(incident, words)
    doing = Doing(incident, by, as_json)
    if asking(name or data_loss or data_exposure or None):
        name = ask(name, "How bad is it (severity)?")
    doing.do(
        "severity",
        severity=name,
        reason=reason,
        data_loss=data_loss or None,
        data_exposure=data_exposure or None,
    )


@app.command()
def impact(
    incident: Incident = None,
    words: Annotated[str | None, value("IMPACT", "Who suffers, and how.")] = None,
    text: Annotated[str | None, typer.Option("--impact", help="The same, where it is one word.")] = None,
    trend: Annotated[str | None, typer.Option(help="growing, steady, shrinking or over.")] = None,
    customer_impact: Annotated[
        bool | None, typer.Option("--customer-impact/--no-customer-impact", help="Whether customers suffer.")
    ] = None,
    by: By = None,
    as_json: AsJson = False,
) -> None:
    """Say who suffers, how, and whether it grows."""
    from commands.doing import Doing

    incident, text = incident_and_text(incident, words, text)
    doing = Doing(incident, by, as_json)
    if asking(text):
        text = ask(text, "Who suffers, and how?")
        trend = ask(trend, "Is it growing, steady, shrinking or over?", needed=False)
    doing.do("impact", impact=text, trend=trend, customer_impact=customer_impact)


@app.command()
def room(incident: Incident = None, reason: Reason = None, by: By = None, as_json: AsJson = False) -> None:
    """Open the war room now."""
    from commands.doing import do

    do(incident, "war-room", by, as_json, reason=reason)


for _part in (records.add, updates.add, ending.add):
    _part(app)
