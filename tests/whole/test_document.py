"""What remains of an incident (spec 9.1)."""

from itertools import pairwise
from pathlib import Path

from markdown_it import MarkdownIt

from tests.whole.town import Town, presses


async def test_9_1_the_document_is_written_on_resolution_with_the_whole_story(town: Town) -> None:
    await town.phone("alice", presses("1"))
    incident = await town.alert(impact="Nobody can pay")
    await town.until_taken(incident)
    await town.say(incident, "resolve", by="alice", resolution="Rolled back | release 42\n# not a heading")
    report = await town.until(incident, lambda r: r.document)
    path = Path(str(report.document))
    text = path.read_text(encoding="utf-8")
    assert path.parent == town.stack.settings.data_dir / "docs" / "incidents"
    assert path.name.startswith(f"{report.opened_at:%Y-%m-%d}-checkout-payments-fail")
    for part in (
        "| Commander | Alice Moreau |",
        "Nobody can pay",
        "Calling Alice Moreau",
        "acknowledged by phone",
    ):
        assert part in text
    tokens = MarkdownIt().enable("table").parse(text.partition("\n---\n")[2])
    inline = [token.content for token in tokens if token.type == "inline"]
    headings = [
        after.content
        for token, after in pairwise(tokens)
        if token.type == "heading_open" and token.tag == "h2"
    ]
    assert sum(token.type == "table_open" for token in tokens) == 2
    assert r"Rolled back \| release 42 \# not a heading" in inline
    assert headings == [
        "Impact",
        "Timeline (UTC)",
        "Root cause",
        "Resolution",
        "Detection",
        "Contributing factors",
        "Action items",
    ]


async def test_9_1_two_incidents_of_one_day_and_title_keep_their_own_documents(town: Town) -> None:
    paths = set()
    for _ in range(2):
        incident = await town.alert(title="The same title")
        await town.say(incident, "resolve", resolution="restarted")
        paths.add((await town.until(incident, lambda r: r.document)).document)
    assert len(paths) == 2


async def test_9_1_the_document_of_a_closed_incident_tells_its_end(town: Town) -> None:
    incident = await town.alert(severity="P2")
    await town.say(incident, "resolve", resolution="restarted")
    report = await town.until(incident, lambda r: r.document)
    await town.say(incident, "close")
    await (await town.handle(incident)).result()
    town.opened.remove(incident)
    text = Path(str(report.document)).read_text(encoding="utf-8")
    assert "| Status | closed |" in text
    assert "Ben Okafor closed it." in text
