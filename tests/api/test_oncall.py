"""Who is on call, by HTTP: now and at any time, with the reason, and as feeds for calendar programs."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
import yaml
from icalendar import Calendar

import configuration
from domain.oncall import Override
from domain.organisation import Organisation
from domain.people import PersonRef
from settings import STARTER_CONFIG
from stack.ports import free_port
from storage import overrides
from storage.engine import make_engine
from tests.api.conftest import House, house

MORE: dict[str, Any] = {
    "regions": {"new-york": {"name": "New York", "time_zone": "America/New_York"}},
    "integrations": {"calendars": {"partners": {"file": "partners.ics"}}},
    "schedules": {
        "primary": {
            "name": "Storefront primary",
            "layers": [{"name": "weekly", "people": ["alice", "ben", "chiara"], "starts": "2024-01-01"}],
        },
        "office": {
            "name": "New York office",
            "region": "new-york",
            "layers": [
                {
                    "name": "days",
                    "people": ["dev"],
                    "starts": "2024-01-01",
                    "hours": [{"days": ["mon", "tue", "wed", "thu", "fri"]}],
                },
                {"name": "partners", "calendar": "partners"},
            ],
        },
    },
    "teams": {
        "storefront": {
            "name": "Storefront",
            "members": ["alice", "ben", "chiara", "dev"],
            "primary": "primary",
            "secondary": "office",
            "manager": "dev",
        }
    },
    "ladders": {
        "storefront": {
            "rungs": [
                {"name": "primary", "team": ["primary"]},
                {"name": "secondary", "team": ["secondary"]},
                {"name": "manager", "team": ["manager"], "severities": ["P0"]},
            ]
        }
    },
}
"""Ben has the week from Monday, 4 March 2030; Alice had the one before, and Chiara has the next."""


def staffed_organisation(place: Path) -> Organisation:
    """The starter, whose people take turns."""
    content = yaml.safe_load(STARTER_CONFIG.read_text(encoding="utf-8")) | MORE
    content["rest"] = {"most_weeks_per_quarter": 6}
    for service in content["services"].values():
        service["team"] = "storefront"
    file = place / "midwatch.yaml"
    file.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    return configuration.load(file)


@pytest.fixture(scope="module")
async def manned(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """An API whose organisation has schedules."""
    place = tmp_path_factory.mktemp("oncall")
    async with house(place, staffed_organisation(place), None) as built:
        yield built


@pytest.fixture(scope="module")
async def forgetful(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """The same, without a database."""
    place = tmp_path_factory.mktemp("forgetful")
    url = f"postgresql://nobody:none@127.0.0.1:{free_port(None)}/none"
    async with house(place, staffed_organisation(place), None, MIDWATCH_DATABASE_URL=url) as built:
        yield built


async def told(built: House, path: str, **params: Any) -> Any:
    answer = await built.http.get(f"/api/v1/{path}", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def refused(built: House, path: str, **params: Any) -> tuple[int, str]:
    answer = await built.http.get(f"/api/v1/{path}", params=params)
    return answer.status_code, answer.json()["error"]


async def stand_in(built: House, *, key: str = "", schedule: str = "primary", **more: Any) -> httpx.Response:
    body = {"person": "alice", "begins": "2030-03-05T18:00", "ends": "2030-03-06T09:00", "by": "ben"} | more
    headers = {"Idempotency-Key": key or uuid4().hex}
    return await built.http.post(f"/api/v1/schedules/{schedule}/overrides", json=body, headers=headers)


async def take_back(built: House, override: dict[str, Any], by: str = "ben") -> httpx.Response:
    path = f"/api/v1/schedules/{override['schedule']['id']}/overrides/{override['id']}"
    return await built.http.delete(path, params={"by": by})


async def on_call(built: House, at: str, schedule: str = "primary") -> Any:
    [found] = (await told(built, "on-call", at=at, schedule=schedule))["schedules"]
    return found


async def test_2_1_who_is_on_call_until_when_why_and_who_is_next(manned: House) -> None:
    found = await on_call(manned, "2030-03-06T03:00")
    assert found["schedule"] == {"id": "primary", "name": "Storefront primary"}
    assert found["person"] == {"id": "ben", "name": "Ben Okafor"}
    assert (found["since"], found["until"]) == ("2030-03-04T08:00:00Z", "2030-03-11T08:00:00Z")
    assert found["layer"] == "weekly"
    assert "weekly" in found["why"]
    assert found["next"]["person"]["name"] == "Chiara Lindqvist"
    assert found["next"]["begins"] == found["until"]


async def test_2_1_without_a_moment_it_is_now_and_everything(manned: House) -> None:
    answer = await told(manned, "on-call")
    assert abs(datetime.fromisoformat(answer["at"]) - datetime.now(UTC)) < timedelta(minutes=1)
    assert [one["schedule"]["id"] for one in answer["schedules"]] == ["primary", "office"]
    assert [one["service"]["id"] for one in answer["services"]] == ["checkout", "catalogue"]
    assert answer["schedules"][0]["person"]["id"] in ("alice", "ben", "chiara")


async def test_2_1_a_gap_is_told_as_one(manned: House) -> None:
    found = await on_call(manned, "2030-03-09T12:00", "office")
    assert found["person"] is None
    assert (found["since"], found["until"]) == ("2030-03-08T22:00:00Z", "2030-03-11T13:00:00Z")
    assert found["next"]["person"]["id"] == "dev"


@pytest.mark.parametrize(
    ("at", "schedule", "moment"),
    [
        ("2030-03-06T03:00", "primary", "2030-03-06T02:00:00Z"),
        ("2030-03-06 03:00", "office", "2030-03-06T08:00:00Z"),
        ("2030-03-06T03:00Z", "office", "2030-03-06T03:00:00Z"),
        ("2030-03-31T02:30", "primary", "2030-03-31T01:00:00Z"),  # The hour that the clocks leave out
        ("2030-10-27T02:30", "primary", "2030-10-27T00:30:00Z"),  # and the one that comes twice.
    ],
)
async def test_2_1_a_moment_without_a_zone_is_meant_in_the_schedules(
    manned: House, at: str, schedule: str, moment: str
) -> None:
    assert (await told(manned, "on-call", at=at, schedule=schedule))["at"] == moment


async def test_3_1_a_services_ladder_is_told_rung_by_rung_with_names(manned: House) -> None:
    answer = await told(manned, "on-call", at="2030-03-06T12:00", service="checkout")
    assert {one["schedule"]["id"] for one in answer["schedules"]} == {"primary", "office"}
    [service] = answer["services"]
    assert service["team"] == {"id": "storefront", "name": "Storefront"}
    primary, secondary, manager = service["rungs"]
    assert primary["people"] == [
        {
            "person": {"id": "ben", "name": "Ben Okafor"},
            "schedule": {"id": "primary", "name": "Storefront primary"},
        }
    ]
    assert primary["severities"] == ["P0", "P1", "P2", "P3"]
    # It is seven in the morning in New York.
    assert secondary["people"] == []
    assert [one["name"] for one in secondary["unfilled"]] == ["New York office"]
    assert manager["people"] == [{"person": {"id": "dev", "name": "Dev Raman"}, "schedule": None}]
    assert manager["severities"] == ["P0"]


async def test_what_there_is_not_is_told_with_what_there_is(manned: House) -> None:
    assert await refused(manned, "on-call", schedule="shop") == (404, "unknown_schedule")
    assert await refused(manned, "on-call", service="shop") == (404, "unknown_service")
    assert await refused(manned, "schedules/shop") == (404, "unknown_schedule")
    assert await refused(manned, "people/zoe/on-call") == (404, "unknown_person")
    answer = await manned.http.get("/api/v1/schedules/shop")
    assert "known are office, primary" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("on-call", {"at": "tomorrow"}),
        ("on-call", {"at": "9999-12-31T23:59"}),
        ("on-call", {"at": "0001-01-01T00:00"}),
        ("schedules/primary", {"begins": "2030-03-04", "ends": "2030-03-04"}),
        ("schedules/primary", {"begins": "2030-03-04", "ends": "2032-03-04"}),
    ],
)
async def test_a_time_that_makes_no_sense_is_refused(
    manned: House, path: str, params: dict[str, str]
) -> None:
    assert (await refused(manned, path, **params))[0] == 422


async def test_2_1_a_schedule_is_told_whole_with_its_layers_and_calendars(manned: House) -> None:
    answer = await told(manned, "schedules/office", begins="2030-03-04", ends="2030-03-11")
    assert (answer["begins"], answer["ends"]) == ("2030-03-04T05:00:00Z", "2030-03-11T04:00:00Z")
    shifts = answer["shifts"]
    assert shifts[0]["begins"] == answer["begins"]
    assert shifts[-1]["ends"] == answer["ends"]
    assert all(one["ends"] == two["begins"] for one, two in pairwise(shifts))
    assert [one["person"] and one["person"]["id"] for one in shifts] == [None, "dev"] * 5 + [None]
    days, partners = answer["layers"]
    assert (days["every"], len(days["shifts"]), partners["shifts"]) == ("7d", 5, [])
    [feed] = answer["feeds"]
    assert (feed["name"], feed["fetched_at"], feed["stale"]) == ("partners", None, True)
    assert answer["complete"]


async def test_2_1_a_schedule_without_a_time_is_told_from_today_on(manned: House) -> None:
    answer = await told(manned, "schedules/primary")
    begins, ends = (datetime.fromisoformat(answer[name]) for name in ("begins", "ends"))
    assert begins <= datetime.now(UTC) < begins + timedelta(days=1, hours=1)
    assert ends - begins == timedelta(weeks=2)


async def test_2_1_an_override_holds_as_soon_as_it_is_answered_and_until_it_is_taken_back(
    manned: House,
) -> None:
    answer = await stand_in(manned, reason="a concert")
    assert answer.status_code == 200, answer.text
    made = answer.json()["override"]
    assert answer.json()["said"] == (
        "Alice Moreau is on call by Storefront primary from Tue 5 Mar 18:00 CET to Wed 6 Mar 09:00 CET, "
        f"by override {made['id']}."
    )
    found = await on_call(manned, "2030-03-06T03:00")
    assert (found["person"]["id"], found["override"]) == ("alice", made["id"])
    assert "a concert" in found["why"]
    assert found["next"]["person"]["id"] == "ben"
    assert made in (await told(manned, "on-call/overrides"))["overrides"]
    detail = await told(manned, "schedules/primary", begins="2030-03-04", ends="2030-03-11")
    assert made in detail["overrides"]
    assert [one["person"]["id"] for one in detail["shifts"]] == ["alice", "ben", "alice", "ben"]

    gone = (await take_back(manned, made)).json()
    assert (
        gone["said"]
        == f"Override {made['id']} is taken back; Ben Okafor is on call then by Storefront primary."
    )
    assert (await on_call(manned, "2030-03-06T03:00"))["person"]["id"] == "ben"
    again = await take_back(manned, made)
    assert (again.status_code, again.json()["said"]) == (200, f"Override {made['id']} was over already.")


async def test_2_1_one_takes_over_now_and_gives_it_back(manned: House) -> None:
    now = datetime.now(UTC)
    answer = await stand_in(
        manned,
        schedule="office",
        person="chiara",
        begins=now.isoformat(),
        ends=(now + timedelta(days=1)).isoformat(),
    )
    made = answer.json()["override"]
    [found] = (await told(manned, "on-call", schedule="office"))["schedules"]
    assert found["person"]["id"] == "chiara"
    gone = (await take_back(manned, made)).json()
    assert "on call now by New York office" in gone["said"]
    [found] = (await told(manned, "on-call", schedule="office"))["schedules"]
    assert found["override"] is None


async def test_2_1_the_same_key_makes_one_override(manned: House) -> None:
    first, second = [await stand_in(manned, key="once") for _ in range(2)]
    assert first.json() == second.json()
    assert first.headers["Idempotency-Key"] == "once"
    other = await stand_in(manned, key="once", person="chiara")
    assert other.json()["override"]["id"] != first.json()["override"]["id"]
    for answer in (first, other):
        await take_back(manned, answer.json()["override"])


async def test_2_1_who_was_on_call_stays_told_when_an_override_is_over(manned: House) -> None:
    began = datetime.now(UTC).replace(microsecond=0) - timedelta(days=60)
    person = PersonRef(id="ben", name="Ben Okafor")
    engine = make_engine(manned.settings.database_url.get_secret_value())
    past = Override(
        id=0,
        schedule="office",
        person="ben",
        begins=began,
        ends=began + timedelta(hours=4),
        by=person,
        made_at=began,
    )
    stored = overrides.add(engine, past, "past")
    engine.dispose()
    at = (began + timedelta(hours=1)).isoformat()
    found = await on_call(manned, at, "office")
    assert (found["person"]["id"], found["override"]) == ("ben", stored.id)
    answer = await take_back(manned, {"id": stored.id, "schedule": {"id": "office"}})
    assert "over already" in answer.json()["said"]
    assert (await on_call(manned, at, "office"))["override"] == stored.id


@pytest.mark.parametrize(
    ("more", "status", "error"),
    [
        ({"ends": "2030-03-05T17:00"}, 409, "override_refused"),
        ({"begins": "2020-03-05", "ends": "2020-03-06"}, 409, "override_refused"),
        ({"ends": "2030-09-05"}, 409, "override_refused"),
        ({"person": "zoe"}, 422, "invalid"),
        ({"by": "zoe"}, 422, "invalid"),
        ({"ends": "tomorrow"}, 422, "invalid"),
        ({"schedule": "shop"}, 404, "unknown_schedule"),
    ],
)
async def test_2_1_an_override_that_makes_no_sense_is_refused(
    manned: House, more: dict[str, Any], status: int, error: str
) -> None:
    answer = await stand_in(manned, **more)
    assert (answer.status_code, answer.json()["error"]) == (status, error)


async def test_2_4_an_override_that_takes_away_rest_is_refused_unless_it_is_insisted_on(
    manned: House,
) -> None:
    more = {"person": "ben", "begins": "2030-03-11T09:00", "ends": "2030-03-12T09:00"}
    answer = await stand_in(manned, **more)
    assert (answer.status_code, answer.json()["error"]) == (409, "rest_refused")
    assert "Ben Okafor would be on call for 8 days on end" in answer.json()["detail"]
    insisted = await stand_in(manned, **more, despite_rest=True)
    assert insisted.status_code == 200
    await take_back(manned, insisted.json()["override"])


async def test_an_override_is_taken_back_where_it_belongs_and_by_somebody(manned: House) -> None:
    made = (await stand_in(manned)).json()["override"]
    elsewhere = await take_back(manned, made | {"schedule": {"id": "office"}})
    assert (elsewhere.status_code, elsewhere.json()["error"]) == (404, "unknown_override")
    assert (await take_back(manned, made, by="zoe")).status_code == 422
    assert (await take_back(manned, made | {"id": 2**40})).status_code == 422
    assert (await take_back(manned, made)).status_code == 200


async def test_without_a_database_who_is_on_call_is_still_told(forgetful: House) -> None:
    assert (await on_call(forgetful, "2030-03-06T03:00"))["person"]["id"] == "ben"
    detail = await told(forgetful, "schedules/primary")
    assert detail["shifts"]
    assert not detail["complete"]
    assert (await told(forgetful, "on-call/overrides")) == {"overrides": []}


async def test_10_2_an_override_that_cannot_be_stored_is_not_answered_with_success(forgetful: House) -> None:
    answer = await stand_in(forgetful, key="again")
    assert (answer.status_code, answer.json()["error"]) == (503, "database_unavailable")
    assert answer.headers["Idempotency-Key"] == "again"
    gone = await take_back(forgetful, {"id": 1, "schedule": {"id": "primary"}})
    assert gone.status_code == 503


async def test_2_1_a_calendar_program_reads_a_feed_by_the_key_in_its_address(manned: House) -> None:
    [line, _] = await told(manned, "schedules")
    assert [person["name"] for person in line["people"]] == ["Alice Moreau", "Ben Okafor", "Chiara Lindqvist"]
    someone = await told(manned, "people/dev/on-call")
    assert all(one["schedule"]["id"] == "office" for one in someone["shifts"])
    for url, summary in ((line["feed_url"], "Storefront primary"), (someone["feed_url"], "New York office")):
        assert url.startswith(f"{manned.settings.public_url}/api/v1/")
        answer = await stranger(manned, url)
        assert answer.status_code == 200, answer.text
        assert answer.headers["Content-Type"].startswith("text/calendar")
        events = Calendar.from_ical(answer.content).walk("VEVENT")
        assert events
        assert all(summary in str(event["SUMMARY"]) for event in events)


async def test_2_1_a_feed_says_the_same_each_time(manned: House) -> None:
    first, second = [await manned.http.get("/api/v1/schedules/primary.ics") for _ in range(2)]
    assert first.status_code == 200
    assert first.content == second.content


async def test_13_1_a_key_opens_its_own_feed_and_nothing_else(manned: House) -> None:
    lines = await told(manned, "schedules")
    keys = [httpx.URL(line["feed_url"]).params["key"] for line in lines]
    assert len(set(keys)) == 2
    for path in (
        f"schedules/primary.ics?key={keys[1]}",
        f"people/dev/on-call.ics?key={keys[0]}",
        "schedules/primary.ics?key=é",
        "schedules/primary.ics",
        f"schedules/primary?key={keys[0]}",
        f"on-call?key={keys[0]}",
    ):
        answer = await stranger(manned, f"{manned.settings.public_url}/api/v1/{path}")
        assert answer.status_code == 401, path


async def stranger(built: House, url: str) -> httpx.Response:
    """Ask for it as somebody without a token."""
    path = url.removeprefix(built.settings.public_url)
    async with httpx.AsyncClient(base_url=built.http.base_url, trust_env=False) as http:
        return await http.get(path)


async def test_every_operation_is_described_with_an_example(manned: House) -> None:
    paths = (await manned.http.get("/openapi.json")).json()["paths"]
    ours = {
        path: operations for path, operations in paths.items() if "on-call" in path or "/schedules" in path
    }
    assert len(ours) >= 7
    for path, operations in ours.items():
        for operation in operations.values():
            assert operation["summary"]
            assert operation["description"]
            content = operation["responses"]["200"].get("content", {})
            assert path.endswith(".ics") or "example" in content["application/json"], path
