"""A carrier that fails, lies, is slow or forgets (spec 13.3): never no call, and never two knowingly."""

from datetime import timedelta

from domain.incident import Status
from domain.timeline import Kind
from tests.eventually import eventually
from tests.whole.test_paging import created
from tests.whole.town import BUSY, Town, presses


async def test_13_3_a_call_whose_answer_was_lost_is_found_and_not_placed_again(town: Town) -> None:
    await town.phone("alice", presses("1", after=1.5))
    await town.carrier(lose_answers=True, for_next=1)
    incident = await town.alert()
    report = await town.until_taken(incident)
    assert report.commander is not None
    assert report.commander.id == "alice"
    assert len(await town.calls(incident, "alice")) == 1


async def test_13_3_with_the_answer_lost_and_no_callbacks_the_carriers_list_shows_the_call(
    town: Town,
) -> None:
    await town.phone("alice", {"kind": "manual"})
    drop = ["initiated", "ringing", "answered", "completed", "amd"]
    await town.carrier(lose_answers=True, callbacks={"drop": drop}, for_next=1)
    incident = await town.alert(severity="P1")
    unsure = await town.entry(incident, Kind.CARRIER, "unknown; the carrier will be asked")

    async def found() -> str | None:
        ladder = (await town.report(incident)).ladder
        return ladder.attempts[0].carrier_id if ladder else None

    assert await eventually(found) == (await town.call(incident, "alice"))["sid"]
    assert unsure.person == "alice"
    assert len(await town.calls(incident, "alice")) == 1


async def test_13_3_a_failing_carrier_is_tried_again_until_it_takes_the_call(town: Town) -> None:
    await town.phone("alice", presses("1"))
    await town.carrier(fail_with=503)
    incident = await town.alert(severity="P1")
    await town.entry(incident, Kind.CARRIER, "carrier")
    assert await town.calls(incident) == []
    await town.carrier()
    report = await town.until_taken(incident)
    assert report.commander is not None
    assert report.commander.id == "alice"


async def test_13_3_a_carrier_that_limits_us_is_tried_again_and_other_methods_go_on(town: Town) -> None:
    await town.phone("alice", presses("1"))
    await town.carrier(fail_with=429, for_next=1)
    incident = await town.alert(severity="P1")
    await town.entry(incident, Kind.CARRIER, "20429")
    await town.message(incident, "alice")
    assert (await town.until_taken(incident)).status is Status.TRIAGED


async def test_13_3_a_slow_carrier_gets_one_call_and_the_message_goes_meanwhile(town: Town) -> None:
    await town.phone("alice", {"kind": "manual"})
    await town.carrier(slow=7, for_next=1)
    incident = await town.alert(severity="P1")
    message = await town.message(incident, "alice")
    report = await town.report(incident)
    assert created(message) - report.opened_at < timedelta(seconds=5)
    call = await town.call(incident, "alice", within=12)

    async def known() -> bool:
        ladder = (await town.report(incident)).ladder
        return ladder is not None and ladder.attempts[0].carrier_id == call["sid"]

    await eventually(known)
    assert len(await town.calls(incident, "alice")) == 1


async def test_a_number_the_carrier_rejects_is_not_tried_again(town: Town) -> None:
    await town.phone("alice", BUSY, {"kind": "opted-out"})
    await town.phone("ben", presses("1"))
    incident = await town.alert()
    report = await town.until_taken(incident)
    entry = await town.entry(incident, Kind.CARRIER, "rejected by the carrier (21610")
    assert entry.person == "alice"
    assert report.commander is not None
    assert report.commander.id == "ben"


async def test_3_7_callbacks_that_come_late_doubled_and_out_of_order_tell_the_same_story(town: Town) -> None:
    await town.phone("alice", BUSY)
    await town.phone("ben", presses("1"))
    await town.carrier(callbacks={"delay": 0.3, "times": 2, "reorder": True})
    incident = await town.alert()
    await town.until_taken(incident)
    outcomes = [
        (entry.person, entry.data["outcome"])
        for entry in await town.timeline(incident)
        if entry.kind is Kind.CARRIER and "outcome" in entry.data and entry.data["method"] == "call"
    ]
    await town.carrier()
    assert outcomes.count(("alice", "busy")) == 1
    assert len(await town.calls(incident, "ben")) == 1


async def test_3_2_a_busy_line_whose_callbacks_are_lost_is_found_out(town: Town) -> None:
    await town.phone("alice", BUSY)
    await town.carrier(callbacks={"drop": ["initiated", "ringing", "completed"]}, for_next=1)
    incident = await town.alert(severity="P1")
    entry = await town.entry(incident, Kind.CARRIER, "Call to Alice Moreau: busy")
    assert entry.data["carrier_id"] == (await town.call(incident, "alice"))["sid"]
