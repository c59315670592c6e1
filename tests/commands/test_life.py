"""A whole incident, lived by the command line alone (spec 12.3)."""

import asyncio

from tests.commands.conftest import CommandLine
from tests.eventually import eventually
from tests.whole.town import Town

ITEM = (
    *("action", "add", "Alert when checkout errors exceed 1 % for 5 minutes"),
    *("--kind", "detection", "--owner", "ben", "--due-at", "14d", "--priority", "P1"),
    *("--done-when", "the alert fires within 5 minutes in a drill", "--verified-by", "a drill in staging"),
)

SHOWN = (
    *("P0", "MITIGATED", "Every payment fails", "Alice Moreau", "tech lead", "a bad release"),
    *("Roll back release 42", "result: errors fall", "We look into it", "War room", "Deadlines"),
)


async def test_an_incident_lives_its_whole_life_by_the_command_line(town: Town, cli: CommandLine) -> None:
    declared = await cli.run(
        *("incident", "declare", "Payments fail"),
        *("--severity", "P0", "--impact", "Nobody can pay", "--json"),
    )
    incident = declared.json["id"]
    code = declared.json["report"]["reply_code"]

    async def listed() -> bool:
        return incident in (await cli.run("incident", "list")).out

    await eventually(listed, what="the incident in the list")

    # With one open, it need not be named.
    assert await cli.says("incident", "ack") == "You have it. Nobody else is paged.\n"
    tech_lead, scribe, *_rest = await _at_once(
        cli,
        ("incident", "role", "tech-lead", "--person", "ben"),
        ("incident", "role", code, "scribe", "--as", "chiara"),
        ("incident", "role", "communications lead"),
        ("incident", "severity", "P0", "--reason", "no payment gets through"),
        ("incident", "impact", "Every payment fails", "--trend", "growing", "--customer-impact"),
        ("incident", "hypothesis", "Release 42 broke it", "--confidence", "medium"),
        ("incident", "decide", "Roll back release 42", "--reason", "it began with it"),
        ("incident", "announce", "kubectl rollout undo"),
        ("incident", "mitigate", "Roll back release 42", "--high-impact"),
    )
    assert tech_lead == "Ben Okafor is tech lead.\n"
    assert scribe == "Chiara Lindqvist is scribe.\n"
    *_rest, authorised = await _at_once(
        cli,
        ("incident", "hypothesis", "--number", "1", "--state", "confirmed"),
        ("incident", "decide", "--number", "1", "--result", "errors fall"),
        ("incident", "announce", "--number", "1"),
        ("incident", "authorise", "1"),
    )
    assert authorised == "Mitigation 1 is begun.\n"
    checkpoint = ("--known", "a bad release", "--next-step", "roll back", "--status-page-current")
    assert "is answered" in await cli.says("incident", "checkpoint", *checkpoint)
    told = ("We look into it", "--public", "--publish", "--phase", "investigating", "--next-update-at", "30m")
    assert "goes out" in await cli.says("incident", "update", *told)
    draft = await cli.run("incident", "update", "draft", "--internal", "--json")
    number = str(draft.json["report"]["updates"][-1]["number"])
    assert "approved" in await cli.says("incident", "update", incident, "approve", number)
    assert "goes out" in await cli.says("incident", "update", "publish", number)
    assert "is paged" in await cli.says("incident", "escalate", "--reason", "two more hands")
    await cli.says("incident", "mitigate", "--number", "1", "--state", "worked")

    shown = await cli.says("incident", "show")
    for expected in SHOWN:
        assert expected in shown, expected
    assert "Calling Alice Moreau" in await cli.says("incident", "show", code, "--timeline")

    await cli.says("incident", "resolve", "Rolled back release 42", "--cause", "A bad release")
    assert "status page resolved: publish" in await cli.says("incident", "show")
    await cli.says("incident", "update", "It works again", "--public", "--publish", "--phase", "resolved")
    await cli.says(
        "incident", "confirm", incident, "--fix-deployed", "--metrics-recovering", "--postmortem-owner", "ben"
    )
    await town.until(incident, lambda report: report.postmortem is not None)
    await _postmortem(town, cli, incident)

    async def in_prevention() -> bool:
        return (await cli.run("review", "show", incident)).out.count("Review: ") == 1

    await eventually(in_prevention, what="the review of the items")
    assert "how it stands" not in await cli.says("action", "answer", "1", "--text", "half of it is done")
    assert "half of it is done" in await cli.says("review", "show", incident)
    await cli.says("review", "move", "--to", "40d", "--reason", "holidays")
    await cli.says("action", "done", "1")
    await cli.says("review", "hold", "--notes", "All is done")
    await town.until(incident, lambda report: report.closed_at)
    assert "CLOSED" in await cli.says("incident", "show", incident)
    assert incident in await cli.says("incident", "list", "--all")


async def _at_once(cli: CommandLine, *commands: tuple[str, ...]) -> list[str]:
    """What several people hear who act at the same time."""
    return await asyncio.gather(*(cli.says(*command) for command in commands))


async def _postmortem(town: Town, cli: CommandLine, incident: str) -> None:
    """From its owner to its publication, with two action items of which one is refused at first."""
    await cli.says("postmortem", "own", "ben")
    written = ("--summary", "A release broke payments.", "--impact", "Nobody could pay for some minutes.")
    await cli.says("postmortem", "write", *written, "--submit")
    await cli.says("postmortem", "move", "final", "--to", "20d", "--reason", "holidays")
    refused = await cli.refuses("action", "add", "Improve monitoring")
    assert {line.partition(":")[0] for line in refused.splitlines()} >= {
        "text", "kind", "owner", "due_at", "priority", "done_when", "verified_by"
    }  # fmt: skip
    await cli.says(*ITEM)
    await cli.says(*ITEM[:2], "Block releases that fail more than 1 % of payments", *ITEM[3:])
    await cli.says("action", "move", "2", "--due-at", "20d", "--reason", "ben is away")
    await cli.says("action", "drop", "2", "--reason", "it is the same as 1")
    assert "Block releases" in await cli.says("action", "list", incident)

    async def listed() -> bool:
        return "Alert when checkout errors" in (await cli.run("action", "list", "--owner", "ben")).out

    await eventually(listed, what="the item in the list of all")

    async def held() -> bool:
        return (await cli.run("postmortem", "meeting", "--on", "0s", "--notes", "Agreed")).code == 0

    await eventually(held, what="the meeting")
    await cli.says("postmortem", "review")
    shown = await cli.says("postmortem", "show")
    assert "A release broke payments." in shown
    assert "The final version lacks" in shown
    rest = ("measured", "whys", "technical", "process", "detection", "response", "well", "wrong")
    words = "The release went out at 02:50 without a check of the payment gateway."
    await cli.says("postmortem", "write", *(part for name in rest for part in (f"--{name}", words)))

    async def published() -> bool:
        return (await cli.run("postmortem", "publish", "--despite-remarks")).code == 0

    await eventually(published, what="the final version")
