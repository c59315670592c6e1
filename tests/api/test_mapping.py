"""What senders write becomes alerts: pure mapping, nothing runs."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from api.ingest import alertmanager, generic
from api.ingest.alertmanager import Webhook, to_alerts
from api.ingest.fields import LONGEST_TITLE, kept
from api.ingest.generic import GenericAlert, to_alert
from domain.alert import Alert
from domain.organisation import Organisation
from policy.grouping import MOST_EXTRA

NOW = datetime(2026, 3, 1, 3, 5, tzinfo=UTC)


def from_alertmanager(organisation: Organisation, **changes: Any) -> Alert:
    sample = alertmanager.SAMPLE | {"alerts": [alertmanager.SAMPLE["alerts"][0] | changes]}
    [alert] = to_alerts(Webhook.model_validate(sample), organisation, NOW)
    return alert


def from_generic(organisation: Organisation, **given: Any) -> Alert:
    return to_alert(GenericAlert.model_validate({"title": "Payments fail"} | given), organisation, NOW)


def test_an_alertmanager_alert_is_read_in_full(organisation: Organisation) -> None:
    alert = from_alertmanager(organisation)
    assert alert.model_dump(exclude={"extra", "labels"}) == {
        "source": "alertmanager",
        "fingerprint": "c1b2d3e4f5a60718",
        "status": "firing",
        "service": "checkout",
        "service_claimed": "",
        "assumed": False,
        "also": (),
        "by_customer": False,
        "data_loss": False,
        "name": "HighErrorRate",
        "title": "Checkout fails for most customers",
        "impact": "Two of three payments fail",
        "severity": "critical",
        "starts_at": datetime(2026, 3, 1, 3, 4, 5, 678000, tzinfo=UTC),
        "ends_at": None,
        "received_at": NOW,
        "url": "http://prometheus.example.com/graph?g0.expr=errors",
        "drill": False,
    }


def test_fields_that_are_not_known_are_kept(organisation: Organisation) -> None:
    alert = from_alertmanager(organisation, silencedBy=["x"])
    assert alert.extra["silencedBy"] == ["x"]
    assert alert.extra["groupKey"] == alertmanager.SAMPLE["groupKey"]
    assert alert.extra["annotations"]["impact"] == "Two of three payments fail"
    assert from_generic(organisation, region={"name": "eu"}).extra == {"region": {"name": "eu"}}


def test_the_job_names_the_service_where_no_label_does(organisation: Organisation) -> None:
    labels = {"alertname": "A", "job": "Catalogue"}
    assert from_alertmanager(organisation, labels=labels).service == "catalogue"


def test_an_alert_that_names_no_service_reaches_the_default_one(organisation: Organisation) -> None:
    assert from_alertmanager(organisation, labels={"alertname": "A"}).service == organisation.default_service
    assert from_generic(organisation, service="nobody-knows").service == organisation.default_service


def test_a_drill_label_marks_a_drill(organisation: Organisation) -> None:
    assert from_alertmanager(organisation, labels={"alertname": "A", "drill": "true"}).drill


def test_the_same_news_twice_has_one_identity_in_whatever_zone_it_is_told(organisation: Organisation) -> None:
    zones = ("2026-03-01T03:04:05Z", "2026-03-01T04:04:05+01:00")
    first, second = (from_alertmanager(organisation, startsAt=zone) for zone in zones)
    assert first.identity == second.identity
    assert first.starts_at.utcoffset() == timedelta(0)


def test_without_a_fingerprint_the_labels_are_one(organisation: Organisation) -> None:
    one = from_alertmanager(organisation, fingerprint=None, labels={"a": "1", "b": "2"})
    same = from_alertmanager(organisation, fingerprint=None, labels={"b": "2", "a": "1"})
    other = from_alertmanager(organisation, fingerprint=None, labels={"a": "1", "b": "3"})
    assert one.fingerprint == same.fingerprint != other.fingerprint


def test_a_generic_alert_needs_a_title_only(organisation: Organisation) -> None:
    alert = from_generic(organisation)
    assert (alert.title, alert.name, alert.starts_at) == ("Payments fail", "Payments fail", NOW)
    assert alert.fingerprint == f"{organisation.default_service}/Payments fail"


def test_a_generic_resolution_has_the_fingerprint_of_what_it_resolves(organisation: Organisation) -> None:
    given = {"key": "export", "service": "catalogue"}
    fires, ends = (from_generic(organisation, status=status, **given) for status in ("firing", "resolved"))
    assert fires.fingerprint == ends.fingerprint
    assert ends.ends_at == NOW


def test_a_title_is_short_enough_to_be_spoken(organisation: Organisation) -> None:
    alert = from_generic(organisation, title="long \n" * 1000)
    assert len(alert.title) < LONGEST_TITLE + 40
    assert "\n" not in alert.title


def test_what_a_sender_gives_beside_is_cut_to_what_an_incident_carries() -> None:
    result = kept({f"f{n}": "x" * 10_000 for n in range(50)})
    assert len(str(result)) < MOST_EXTRA + 1_000
    assert result["left out"] == "47 more fields"


def nested(depth: int) -> Any:
    return [nested(depth - 1)] if depth else []


@pytest.mark.parametrize("value", [float("nan"), "\ud800", "\x00", {"\ud800": ["\x00"]}, nested(400)])
def test_what_json_cannot_carry_does_not_stop_an_alert(organisation: Organisation, value: Any) -> None:
    alert = from_generic(organisation, odd=value, title="a\x00b", labels={"k": "\ud800"})
    assert Alert.model_validate_json(alert.model_dump_json()) == alert
    assert "\x00" not in alert.title


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"startsAt": "yesterday"}, "startsAt"),
        ({"startsAt": "2026-03-01T03:04:05"}, "startsAt"),
        ({"startsAt": "0001-01-01T00:00:00+14:00"}, "startsAt"),
        ({"status": "broken"}, "status"),
        ({"labels": "none"}, "labels"),
    ],
)
def test_a_wrong_field_is_named(organisation: Organisation, changes: dict[str, Any], place: str) -> None:
    with pytest.raises(ValidationError) as refused:
        from_alertmanager(organisation, **changes)
    assert [error["loc"] for error in refused.value.errors()] == [("alerts", 0, place)]


def test_the_samples_are_valid(organisation: Organisation) -> None:
    assert from_generic(organisation, **generic.SAMPLE).service == "catalogue"
