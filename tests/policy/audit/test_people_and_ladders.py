"""2.2, 3.1, 3.2: people who cannot be reached, and ladders that climb nowhere."""

from typing import Any

import pytest

from tests.policy.audit.organisations import content, found, of, only, person, rules


def people(**changes: Any) -> dict[str, Any]:
    """The people of the organisation, `x` with these changes."""
    everybody: dict[str, Any] = content()["people"]
    return {**everybody, "x": {**everybody["x"], **changes}}


def ladder(*rungs: dict[str, Any], **more: Any) -> dict[str, Any]:
    """One ladder of these rungs."""
    return {"main": {"fallback": "duty", "rungs": [{"name": "rung", **rung} for rung in rungs], **more}}


PRIMARY = {"schedules": ["first"]}
SECONDARY = {"schedules": ["second"]}


@pytest.mark.parametrize("verified", [None, "2025-02-28", "2026-03-20"])
def test_2_2_a_number_that_was_not_verified_within_a_year_is_pointed_out(verified: str | None) -> None:
    finding = only(of(people=people(phone_verified=verified)), "unverified-number")
    assert finding.place == ("people", "x", "phone_verified")
    assert finding.level == "warning"


def test_2_2_a_number_that_no_country_gives_out_is_pointed_out() -> None:
    assert only(of(people=people(phone="+11234567890")), "invalid-number").place == ("people", "x", "phone")
    channels = {"duty": {"name": "Duty", "sms": "+11234567890"}}
    assert only(of(channels=channels), "invalid-number").place == ("channels", "duty", "sms")


def test_2_2_somebody_whom_no_page_can_reach_is_an_error() -> None:
    finding = only(of(people=people(notify=[{"method": "slack"}], email=None)), "unreachable")
    assert finding.level == "error"
    assert "SEV1, SEV2" in finding.message
    assert "unreachable" not in rules(of(people=people(notify=[{"method": "slack"}])))


def test_2_2_milder_severities_count_for_the_first_rung_alone() -> None:
    calls = [{"method": "call"}]
    assert rules(of(people=people(notify=calls))) == set()
    finding = only(
        of(people=people(notify=calls), ladders=ladder({"people": ["x"]}, SECONDARY)), "unreachable"
    )
    assert finding.message == "Person 5 cannot be paged for SEV3"


def test_3_2_a_page_by_slack_that_finds_nobody_is_pointed_out() -> None:
    rules_of_x = [{"method": "call"}, {"method": "slack"}]
    told = rules(of(people=people(notify=rules_of_x, email=None)))
    assert told == {"slack-without-email"}


def test_3_2_a_first_page_after_the_window_and_no_call_at_all_are_pointed_out() -> None:
    late = [{"method": "call", "after": "6m"}]
    assert only(of(people=people(notify=late)), "late-first-page").place == ("people", "x", "notify")
    quiet = [{"method": "sms"}]
    assert only(of(people=people(notify=quiet)), "never-called").place == ("people", "x", "notify")


def test_what_the_pack_says_for_everybody_is_told_once() -> None:
    told = [finding for finding in found(of(notify=[{"method": "sms"}])) if finding.rule == "never-called"]
    assert [finding.place for finding in told] == [("notify",)]


def test_3_2_a_ladder_without_a_fallback_is_pointed_out() -> None:
    assert "no-fallback" in rules(of(ladders=ladder(PRIMARY, SECONDARY, fallback=None)))


def test_3_1_a_ladder_that_ends_in_whom_it_began_with_is_pointed_out() -> None:
    ends = of(ladders=ladder({"people": ["x", "a"]}, SECONDARY, {"people": ["x"]}))
    finding = only(ends, "ends-where-it-began")
    assert finding.place == ("ladders", "main", "rungs", 2)
    assert "Person 5" in finding.message
    assert "at all times" in finding.message
    assert "ends-where-it-began" not in rules(
        of(ladders=ladder({"people": ["x"]}, SECONDARY, {"people": ["x", "a"]}))
    )


def test_3_1_a_rung_of_the_same_people_is_told_with_when_they_are() -> None:
    layer = {"people": ["a", "d", "c", "b", "e"], "starts": "2026-01-05"}
    second = {"name": "Second", "layers": [layer]}
    schedules = {**content()["schedules"], "second": second}
    finding = only(of(schedules=schedules), "same-people-again")
    assert finding.place == ("ladders", "main", "rungs", 1)
    assert "rung 1 (primary) has paged Person" in finding.message
    assert "times more" in finding.message


def test_3_1_a_ladder_of_two_rungs_tells_it_once() -> None:
    told = [finding.rule for finding in found(of(ladders=ladder(PRIMARY, PRIMARY)))]
    assert [rule for rule in told if not rule.startswith("unused-")] == ["ends-where-it-began"]


def test_3_1_a_ladder_of_one_person_is_told_by_that_alone() -> None:
    told = rules(of(ladders=ladder({"people": ["x"]}, {"people": ["x"]})))
    assert {rule for rule in told if not rule.startswith("unused-")} == {"one-person-ladder"}


def test_3_1_a_severity_that_pages_needs_a_rung() -> None:
    rungs = ({**PRIMARY, "severities": ["SEV1", "SEV2"]}, {**SECONDARY, "severities": ["SEV1"]})
    finding = only(
        of(ladders=ladder(*rungs, {"people": ["x"], "severities": ["SEV1"]})), "no-rung-for-severity"
    )
    assert finding.level == "error"
    assert "SEV3" in finding.message
    assert "SEV4" not in finding.message  # It pages nobody.


def test_3_1_a_rung_of_dependent_services_without_any_is_an_error() -> None:
    rung = {"name": "dependent", "dependent_services": True}
    main = ladder(PRIMARY, SECONDARY, rung, {"people": ["x", "y"]})
    finding = only(of(ladders=main), "empty-rung")
    assert finding.place == ("ladders", "main", "rungs", 2)
    services = content()["services"]
    more = {
        **services["shop"],
        "depends_on": ["shop"],
        "name": "More",
    }
    assert "empty-rung" not in rules(of(ladders=main, services={**services, "more": more}))


def test_a_milder_severity_with_a_shorter_window_is_pointed_out() -> None:
    pack = content()["severities"]
    severities = {**pack, "SEV2": {**pack["SEV2"], "ack_window": "4m"}}
    assert only(of(severities=severities), "ack-window-order").place == ("severities", "SEV2", "ack_window")


def service(**more: Any) -> dict[str, Any]:
    return {"name": "S", "ladder": "main", "runbook": "https://runbooks.example.com/s", **more}


def test_9_7_a_service_without_a_runbook_is_pointed_out() -> None:
    finding = only(of(services={"shop": service(runbook=None)}), "no-runbook")
    assert finding.place == ("services", "shop")


def test_a_service_without_a_team_is_pointed_out_where_there_are_teams() -> None:
    assert rules(of(services={"shop": service()})) == set()
    teams = {"web": {"name": "Web", "members": ["a"]}}
    services = {"shop": service(), "more": service(team="web")}
    assert only(of(services=services, teams=teams), "no-team").place == ("services", "shop")


def test_services_that_need_each_other_in_a_circle_are_told_once() -> None:
    needs = {"shop": ["b"], "b": ["c"], "c": ["d"], "d": ["b"], "e": ["c", "shop"]}
    services = {name: service(depends_on=names) for name, names in needs.items()}
    finding = only(of(services=services), "dependency-circle")
    assert finding.message.endswith("b → c → d → b")
    assert finding.place == ("services", "b", "depends_on")
    needs["c"] = ["b", "d"]
    services = {name: service(depends_on=names) for name, names in needs.items()}
    assert only(of(services=services), "dependency-circle").message.endswith("b → c → b")
    needs["c"] = ["d"]
    needs["d"] = []
    services = {name: service(depends_on=names) for name, names in needs.items()}
    assert "dependency-circle" not in rules(of(services=services))


@pytest.mark.parametrize(
    ("later", "earlier", "fits"),
    [
        ({"service": "shop"}, {"service": "shop"}, False),
        ({"service": "shop", "name": "Disk"}, {"service": "shop"}, False),
        ({"service": "shop", "name": "Disk"}, {"service": "shop", "name": "D.*"}, False),
        ({"service": "shop", "name": "Disk|Dusk"}, {"name": "D.sk"}, False),
        ({"service": "shop"}, {"source": ".*"}, False),
        ({"service": "shop|nowhere"}, {"service": "sh.*"}, False),
        ({"service": "nowhere"}, {"name": "x"}, False),
        ({"service": "shop"}, {"service": "shop", "name": "Disk"}, True),
        ({"name": "D.*"}, {"name": "Di.*"}, True),
        ({"service": "shop"}, {"environment": ".*"}, True),
        ({"name": "Disk|Dusk"}, {"name": "Disk"}, True),
    ],
)
def test_1_1_a_rule_that_no_alert_ever_meets_is_pointed_out(
    later: dict[str, str], earlier: dict[str, str], fits: bool
) -> None:
    classification = [{"when": earlier, "severity": "SEV1"}, {"when": later, "severity": "SEV2"}]
    told = [finding.place for finding in found(of(classification=classification))]
    assert (told == []) is fits
    assert fits or told[0][:2] == ("classification", 1)


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("person", {"people": {**content()["people"], "z": person(9)}}),
        ("team", {"teams": {"z": {"name": "Z", "members": ["a"]}}}),
        ("schedule", {"schedules": {**content()["schedules"], "z": content()["schedules"]["first"]}}),
        ("ladder", {"ladders": {**content()["ladders"], "z": content()["ladders"]["main"]}}),
        ("channel", {"channels": {**content()["channels"], "z": content()["channels"]["duty"]}}),
        ("calendar", {"integrations": {"calendars": {"z": {"file": "z.ics"}}}}),
        ("region", {"regions": {"z": {"name": "Z", "time_zone": "UTC"}}}),
    ],
)
def test_what_nobody_uses_is_pointed_out(kind: str, changes: dict[str, Any]) -> None:
    told = [finding for finding in found(of(**changes)) if finding.rule.startswith("unused-")]
    assert [finding.rule for finding in told] == [f"unused-{kind}"]
    assert told[0].place[-1] == "z"
    assert "z" in told[0].message


def test_errors_come_before_warnings() -> None:
    organisation = of(
        people=people(notify=[{"method": "slack"}], email=None),
        ladders=ladder(PRIMARY, {"people": ["x"]}, fallback=None),
    )
    levels = [finding.level for finding in found(organisation)]
    assert levels == sorted(levels)
    assert set(levels) == {"error", "warning"}
