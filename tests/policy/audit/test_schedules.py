"""2.1, 2.2, 2.4: hours in which nobody would be paged, and people who cannot rest."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from domain.oncall import Feed, Override, Shift
from domain.people import PersonRef
from tests.policy.audit.organisations import NOW, SHIFTED, WEEKLY, content, found, of, only, rules, scheduled

BY_DAY = {"days": ["mon", "tue", "wed", "thu", "fri"], "begins": "08:00", "ends": "18:00"}

FOUR_WEEKS = {**content()["rest"], "most_weeks_per_quarter": 4}


def test_an_organisation_in_which_all_is_right_gives_nothing() -> None:
    assert found(of()) == []


def test_2_2_an_hour_uncovered_is_told_with_who_when_and_how_often() -> None:
    layer = {**WEEKLY, "hours": [{"begins": "18:00", "ends": "17:00"}]}
    finding = only(scheduled(layer), "uncovered-hours")
    assert finding.level == "error"
    assert finding.place == ("schedules", "first")
    assert finding.message == (
        "nobody is on call by first from Mon 2026-03-02 17:00 to 18:00 CET, and 89 times more"
    )


def test_2_2_hours_that_another_schedule_of_the_same_rung_covers_are_covered() -> None:
    day, night = {**WEEKLY, "hours": [BY_DAY]}, {**SHIFTED, "hours": [{"begins": "18:00", "ends": "08:00"}]}
    weekend = {**SHIFTED, "hours": [{"days": ["sat", "sun"], "begins": "08:00", "ends": "18:00"}]}
    schedules = {"day": {"name": "Day", "layers": [day]}, "night": {"name": "N", "layers": [night, weekend]}}
    rungs = [{"name": "one", "schedules": ["day", "night"]}, {"name": "two", "people": ["x"]}]
    ladders = {"main": {"fallback": "duty", "rungs": rungs}}
    team = {"main": {"name": "Main", "members": ["y"]}}
    assert rules(of(schedules=schedules, ladders=ladders, teams=team)) == {"no-team", "unused-team"}
    schedules["night"] = {"name": "Night", "layers": [night]}
    finding = only(of(schedules=schedules, ladders=ladders), "uncovered-hours")
    assert finding.place == ("ladders", "main", "rungs", 0)
    assert "by day or night from Sat 2026-03-07 08:00 to 18:00 CET" in finding.message


def test_2_2_a_gap_of_one_schedule_is_not_told_again_of_several() -> None:
    gappy = {"first": [{**WEEKLY, "hours": [BY_DAY]}], "second": [{**SHIFTED, "hours": [BY_DAY]}]}
    schedules = {name: {"name": name, "layers": layers} for name, layers in gappy.items()}
    rungs = [{"name": "one", "schedules": ["first"]}, {"name": "two", "schedules": ["first", "second"]}]
    ladders = {"main": {"fallback": "duty", "rungs": rungs}}
    finding = only(of(schedules=schedules, ladders=ladders), "uncovered-hours")
    assert finding.place == ("schedules", "first")


def test_2_2_a_schedule_that_ended_is_told_as_one_gap() -> None:
    layer = {**WEEKLY, "ends": "2026-03-15"}
    finding = only(scheduled(layer), "uncovered-hours")
    assert "from Mon 2026-03-16 00:00 to Sun 2026-05-31 14:00 CEST" in finding.message
    assert "more" not in finding.message
    layer = {**WEEKLY, "ends": "2026-02-15"}
    assert "at any time of the next 90 days" in only(scheduled(layer), "uncovered-hours").message
    assert only(scheduled(layer), "ended-layer").place == ("schedules", "first", "layers", 0, "ends")


def test_2_2_fewer_than_five_people_in_a_rotation_are_pointed_out() -> None:
    finding = only(scheduled({**WEEKLY, "people": ["a", "b", "c", "d"]}), "too-few-people")
    assert finding.level == "warning"
    assert "only 4 people" in finding.message
    assert "too-few-people" not in rules(scheduled(WEEKLY))


def test_2_2_people_of_all_layers_are_one_rotation() -> None:
    weekend = {"people": ["x", "y"], "starts": "2026-01-05", "hours": [{"days": ["sat", "sun"]}]}
    assert "too-few-people" not in rules(scheduled({**WEEKLY, "people": ["a", "b", "c"]}, weekend))


@pytest.mark.parametrize(
    "layer",
    [
        {"people": ["a", "a", "b", "c", "d", "e"]},
        {"people": ["a", "b", "c", "d", "e"], "every": "2w"},
        {"people": ["a", "a", "b", "c", "d", "e"], "hours": [BY_DAY]},
    ],
)
def test_2_2_two_consecutive_weeks_are_pointed_out(layer: dict[str, Any]) -> None:
    found_rules = rules(scheduled({"starts": "2026-01-05", **layer}))
    assert "two-weeks-running" in found_rules
    assert "too-many-days" not in found_rules


@pytest.mark.parametrize(
    "layer",
    [
        {"people": ["a", "b", "c", "d", "e"], "every": "1w"},
        {"people": ["a", "b", "c", "d", "e"], "every": "1d"},
        {"people": ["a", "b", "c", "d", "e"], "every": "12h"},
        {"people": ["a", "b", "c", "d", "e"], "hours": [BY_DAY]},
        {"people": ["a", "b", "a", "c", "d", "e"], "every": "3d"},
    ],
)
@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC"])
def test_2_2_a_rotation_with_rest_gives_no_alarm_also_when_clocks_change(
    layer: dict[str, Any], zone: str
) -> None:
    organisation = scheduled({"starts": "2026-01-05", **layer}, time_zone=zone)
    for month in (1, 3, 6, 10):
        now = datetime(2026, month, 20, 7, tzinfo=UTC)
        told = {finding.rule for finding in found(organisation, now=now)}
        assert told.isdisjoint({"two-weeks-running", "too-many-days", "too-many-weeks", "too-few-people"})


def test_2_4_more_days_on_end_than_are_meant_are_pointed_out() -> None:
    finding = only(scheduled({**WEEKLY, "every": "9d"}), "too-many-days")
    assert finding.message == (
        "Person 2 has no day off for more than 7 days by first, "
        "from Mon 2026-03-09 09:00 to Wed 2026-03-18 09:00 CET; "
        "the same goes for Person 3, Person 0 and 2 more"
    )


def test_2_4_an_override_that_takes_away_the_day_off_is_pointed_out() -> None:
    override = Override(
        id=1,
        schedule="first",
        person="a",
        begins=NOW,
        ends=NOW + timedelta(days=9),
        by=PersonRef(id="b", name="B"),
        made_at=NOW,
    )
    told = [f for f in found(of(), overrides=[override]) if f.rule == "too-many-days"]
    assert "Person 0 has no day off for more than 7 days by first" in told[0].message


def test_2_4_more_weeks_in_a_quarter_than_are_meant_are_pointed_out() -> None:
    often = ["a", "b", "a", "c", "a", "d", "a", "e"]
    finding = only(scheduled({**WEEKLY, "people": often}, rest=FOUR_WEEKS), "too-many-weeks")
    assert finding.message.startswith("Person 0 is on call for 6.")


def test_one_cause_is_told_once() -> None:
    told = rules(scheduled({**WEEKLY, "people": ["x"]}))
    assert "too-few-people" in told
    assert told.isdisjoint({"two-weeks-running", "too-many-days", "too-many-weeks"})


def test_2_4_every_other_day_is_a_day_off() -> None:
    told = rules(scheduled({**WEEKLY, "people": ["a", "b"], "every": "1d"}))
    assert "too-few-people" in told
    assert "too-many-days" not in told


def test_2_4_too_few_people_explain_too_many_weeks() -> None:
    told = rules(scheduled({**WEEKLY, "people": ["x", "y", "d"]}, rest=FOUR_WEEKS))
    assert "too-few-people" in told
    assert "too-many-weeks" not in told


def test_2_1_a_layer_that_later_ones_always_cover_is_pointed_out() -> None:
    finding = only(scheduled({"people": ["x"], "starts": "2026-01-05"}, WEEKLY), "covered-layer")
    assert finding.place == ("schedules", "first", "layers", 0)
    assert "covered-layer" not in rules(scheduled(WEEKLY, {**SHIFTED, "hours": [BY_DAY]}))


def test_2_1_a_layer_that_is_yet_to_come_is_not_said_to_be_covered() -> None:
    assert "covered-layer" not in rules(scheduled({**WEEKLY, "starts": "2027-01-04"}, WEEKLY))


def test_2_1_somebody_under_another_sun_is_pointed_out() -> None:
    regions = {
        name: {"name": name, "time_zone": zone}
        for name, zone in (
            ("berlin", "Europe/Berlin"),
            ("london", "Europe/London"),
            ("york", "America/New_York"),
        )
    }
    organisation = of()
    living = {"a": "berlin", "b": "london", "c": "york"}
    people = {
        name: {**entry.model_dump(mode="json"), "region": living.get(name)}
        for name, entry in organisation.people.items()
    }
    sun = {**WEEKLY, "region": "berlin", "follow_the_sun": True}
    finding = only(scheduled(SHIFTED, sun, regions=regions, people=people), "wrong-sun")
    assert finding.place == ("schedules", "first", "layers", 1, "people", 2)


def by_calendar(**entry: Any) -> dict[str, Any]:
    """The parts of an organisation whose first schedule is a calendar."""
    calendar = {"calendars": {"team": {"url": "https://calendar.example.com/team.ics", **entry}}}
    second = {"name": "Second", "layers": [SHIFTED]}
    first = {"name": "First", "layers": [{"calendar": "team"}]}
    return {"integrations": calendar, "schedules": {"first": first, "second": second}}


def test_2_1_what_a_calendar_says_that_nobody_has_read_is_not_judged() -> None:
    assert found(of(**by_calendar())) == []


def test_2_1_a_calendar_is_judged_by_what_it_says() -> None:
    shift = Shift(schedule="", person="a", begins=NOW, ends=NOW + timedelta(days=100))
    feed = Feed(name="team", shifts=(shift,), fetched_at=NOW, unknown=("Nobody", "Lunch"))
    told = {finding.rule: finding for finding in found(of(**by_calendar()), feeds={"team": feed})}
    assert set(told) == {"too-few-people", "same-people-again", "unknown-in-feed"}
    assert "'Nobody', 'Lunch'" in told["unknown-in-feed"].message


def test_2_1_a_calendar_that_is_old_or_was_never_read_is_told_with_the_reason() -> None:
    old = Feed(name="team", fetched_at=NOW - timedelta(hours=30), fault="it answered 500")
    told = {finding.rule: finding for finding in found(of(**by_calendar()), feeds={"team": old})}
    assert told["stale-feed"].message == "calendar team was last read 1d6h ago: it answered 500"
    never = Feed(name="team", fault="it answered 500")
    (finding,) = found(of(**by_calendar()), feeds={"team": never})
    assert (finding.rule, finding.level) == ("unread-feed", "warning")
    (finding,) = found(of(**by_calendar(url=None, file="team.ics")), feeds={"team": never})
    assert (finding.rule, finding.level) == ("unread-feed", "error")


def test_an_override_for_a_stranger_is_an_error() -> None:
    override = Override(
        id=7,
        schedule="second",
        person="gone",
        begins=NOW + timedelta(days=1),
        ends=NOW + timedelta(days=2),
        by=PersonRef(id="b", name="B"),
        made_at=NOW,
    )
    (finding,) = found(of(), overrides=[override])
    assert (finding.rule, finding.place) == ("stranger-on-call", ("schedules", "second"))


def test_a_schedule_that_no_ladder_asks_is_only_said_to_be_unused() -> None:
    gaps = {"name": "Gaps", "layers": [{**WEEKLY, "people": ["a"], "ends": date(2026, 1, 9)}]}
    schedules = {name: entry.model_dump() for name, entry in of().schedules.items()}
    assert rules(of(schedules={**schedules, "gaps": gaps})) == {"unused-schedule"}
