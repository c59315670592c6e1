"""`midwatch oncall`: who is on call, when and why, and who stands in."""

from typing import TYPE_CHECKING, Annotated

import typer

from commands.options import AsJson, By, Reason, asking, number_of, value
from commands.options import ask as answered
from commands.told import Commands

if TYPE_CHECKING:
    from commands.client import Client

app = typer.Typer(cls=Commands, invoke_without_command=True)

SCHEDULE = "SCHEDULE"


@app.callback()
def now(
    context: typer.Context,
    at: Annotated[
        str | None, typer.Option(metavar="MOMENT", help='Then, instead of now: "2026-12-24 03:00", or 8h.')
    ] = None,
    service: Annotated[str | None, typer.Option(help="The ladder of this service, rung by rung.")] = None,
    schedule: Annotated[str | None, typer.Option(help="Only by this schedule.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show who is on call, until when, why, and who is next. A time without a zone is meant in the
    schedule's or, where none is named, in the organisation's."""
    if context.invoked_subcommand:
        return
    from commands.client import Client
    from commands.oncall_moments import as_given
    from commands.oncall_page import now_drawn
    from commands.screen import show as draw
    from commands.words import cleaned

    moment = as_given(at, "at")
    answer = Client().get("/api/v1/on-call", at=moment, service=service, schedule=schedule)
    if as_json:
        print(answer.text)
    else:
        draw(now_drawn(cleaned(answer.json()), at is not None, service is not None))


@app.command()
def show(
    schedule: Annotated[str | None, value(SCHEDULE, "Which one; may be left out if there is one.")] = None,
    weeks: Annotated[int, typer.Option(min=1, max=52, help="How many.")] = 2,
    begins: Annotated[str | None, typer.Option("--from", metavar="DAY", help="From this day on.")] = None,
    as_json: AsJson = False,
) -> None:
    """Draw a schedule over weeks: a bar for each person and day."""
    from commands.client import Client
    from commands.oncall_moments import weeks_from
    from commands.oncall_page import schedule_drawn
    from commands.screen import show as draw
    from commands.words import cleaned

    client = Client()
    name, time_zone = _schedule(client, schedule)
    first, last = weeks_from(begins, weeks, time_zone)
    answer = client.get(f"/api/v1/schedules/{name}", begins=first, ends=last)
    if as_json:
        print(answer.text)
    else:
        draw(schedule_drawn(cleaned(answer.json())))


@app.command()
def override(
    schedule: Annotated[str | None, value(SCHEDULE, "Which one; may be left out if there is one.")] = None,
    person: Annotated[str | None, typer.Option(help="Who stands in; else who acts.")] = None,
    begins: Annotated[
        str | None, typer.Option("--from", metavar="MOMENT", help="From when on; else now.")
    ] = None,
    ends: Annotated[
        str | None,
        typer.Option("--to", metavar="MOMENT", help='Until when: "2026-12-24 09:00", 09:00, a day, or 8h.'),
    ] = None,
    reason: Reason = None,
    despite_rest: Annotated[
        bool, typer.Option("--despite-rest", help="Although it is more duty on end than is allowed.")
    ] = False,
    by: By = None,
    as_json: AsJson = False,
) -> None:
    """Have somebody stand in. Times without a zone are meant in the schedule's."""
    from commands.client import Client
    from commands.oncall_moments import beginning, end
    from commands.told import Told
    from commands.words import cleaned

    client = Client()
    name, time_zone = _schedule(client, schedule)
    actor = client.who(by)
    if asking(ends):
        ends = answered(ends, f'Until when (09:00, "2026-12-24 09:00" {time_zone}, or 8h)?')
        reason = answered(reason, "Why?", needed=False)
    if ends is None:
        raise Told("Until when? Give --to.")
    first = beginning(begins, time_zone)
    wanted = {
        "person": person or actor,
        "begins": first,
        "ends": end(ends, time_zone, first),
        "reason": reason,
        "by": actor,
        "despite_rest": despite_rest or None,
    }
    try:
        answer = client.post(f"/api/v1/schedules/{name}/overrides", wanted)
    except Told as refused:
        lines = (line.replace("despite_rest", "--despite-rest") for line in refused.lines)
        raise Told(*lines, code=refused.code) from None
    if as_json:
        print(answer.text)
    else:
        print(cleaned(answer.json()["said"]))
        print(f"Times without a zone were read in {time_zone}.")


@app.command()
def overrides(as_json: AsJson = False) -> None:
    """List the overrides that hold, and those to come."""
    from commands.client import Client
    from commands.oncall_page import overrides_drawn
    from commands.screen import show as draw
    from commands.words import cleaned

    client = Client()
    answer = client.get("/api/v1/on-call/overrides")
    if as_json:
        print(answer.text)
    else:
        draw(overrides_drawn(cleaned(answer.json()), cleaned(client.get("/api/v1/schedules").json())))


@app.command()
def cancel(
    number: Annotated[str | None, value("NUMBER", "Of the override.")] = None,
    by: By = None,
    as_json: AsJson = False,
) -> None:
    """Take an override back, from now on."""
    from commands.client import Client
    from commands.told import Told
    from commands.words import cleaned

    client = Client()
    wanted = number_of(number, "override")
    actor = client.who(by)
    known = client.get("/api/v1/on-call/overrides").json()["overrides"]
    found = [one["schedule"]["id"] for one in known if one["id"] == wanted]
    if not found:
        numbers = ", ".join(str(one["id"]) for one in known)
        raise Told(f"No override {wanted} holds or will.", f"There are: {numbers or 'none'}.")
    answer = client.delete(f"/api/v1/schedules/{found[0]}/overrides/{wanted}", by=actor)
    print(answer.text if as_json else cleaned(answer.json()["said"]))


@app.command()
def offers(as_json: AsJson = False) -> None:
    """List the duties that are offered to somebody rested after a bad night."""
    from commands.client import Client
    from commands.words import cleaned

    answer = Client().get("/api/v1/rest-offers")
    if as_json:
        print(answer.text)
        return
    found = answer.json()["offers"]
    for one in found:
        print(
            cleaned(
                f"{one['id']}: {one['reason']} Offered to {one['to']['name']}: {one['answer'] or 'open'}."
            )
        )
    if not found:
        print("Nothing is offered today.")


@app.command()
def accept(
    number: Annotated[str, typer.Argument(help="The offer's number; see `midwatch oncall offers`.")],
    by: By = None,
    as_json: AsJson = False,
) -> None:
    """Take over a duty that was offered after a bad night, until the working day ends."""
    from commands.client import Client
    from commands.words import cleaned

    client = Client()
    answer = client.post(f"/api/v1/rest-offers/{number_of(number, 'offer')}/accept", {"by": client.who(by)})
    print(answer.text if as_json else cleaned(answer.json()["said"]))


def _schedule(client: "Client", named: str | None) -> tuple[str, str]:
    """The id and the time zone of the schedule that is meant.

    Raises:
        Told: there is none of this name or, where none was named, not exactly one.
    """
    from commands.told import Told

    known = {one["id"]: str(one["time_zone"]) for one in client.get("/api/v1/schedules").json()}
    if not known:
        raise Told("There are no schedules in the configuration.")
    if named is None and len(known) == 1:
        named = next(iter(known))
    if named is None or named not in known:
        said = f"There is no schedule {named!r}." if named else "Which schedule?"
        raise Told(said, f"There are: {', '.join(known)}.")
    return named, known[named]
