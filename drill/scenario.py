"""What the drill is about: an outage that the primary sleeps through, from its alert to the review of what
was learned. Who is who, how fast time goes, and what people write."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from domain.organisation import Organisation
from policy.tempo import compressed

FACTOR = 60
"""How much faster than the policy the incident is played: a checkpoint every 15 minutes comes every 15
seconds, an ack window of 5 minutes takes 5."""

DAY = timedelta(seconds=1)
"""How long a day lasts once the incident is resolved. What takes a single day takes two seconds all the same,
the shortest wait there is."""

AFTERMATH_FACTOR = timedelta(days=1) / DAY

PRIMARY, SECONDARY, TEAM_LEAD, MANAGER = "alice", "ben", "chiara", "dev"

TITLE = f"Midwatch drill: the life of an incident. The response {FACTOR} times faster, then a day in a second"

SILENT: dict[str, Any] = {"calls": {"kind": "no-answer"}, "messages": {"kind": "ignore"}}
MACHINE: dict[str, Any] = {
    "calls": {"kind": "voicemail", "after": 0.6, "greeting": 0.6},
    # Later than the other phone of this rung falls silent: what was on its way by then is no page too many.
    "messages": {"kind": "reply", "after": 2.0, "text": "ACK {code}"},
}
PRESSES_ONE: dict[str, Any] = {
    "calls": {"kind": "answer", "after": 0.5, "then": [{"wait": 0.5, "press": "1"}]},
    "messages": {"kind": "ignore"},
}

PHONES = {PRIMARY: SILENT, SECONDARY: MACHINE, TEAM_LEAD: SILENT, MANAGER: SILENT}
"""How people's phones are at first: unheard, answered by a machine and then by message, unheard."""

HYPOTHESIS = "The 10:42 release no longer trusts the payment provider's certificate"
COMMAND = "kubectl rollout undo deployment/checkout"
DECISION = "Roll back the 10:42 release."
DECISION_REASON = "It is the only change of the last hour, and rolling back is safe."
DECISION_RESULT = "Rolled back in all regions; the first payments pass."
MITIGATION = "Roll back the 10:42 release"
FALLS_BECAUSE = "a second payment provider takes most payments"
RISES_BECAUSE = "the second payment provider refuses payments too"
CHECKPOINTS = {
    2: ("Payments pass since the rollback.", "Watch the error rate for a quarter of an hour."),
    3: ("The error rate is where it was yesterday.", "Resolve, and keep the release back."),
}
RESOLUTION = "Rolled back the 10:42 release; the payment provider accepts our certificate again."
CAUSE = "A release removed the intermediate certificate that the payment provider asks for."

SECTIONS = {
    "summary": "Nobody could pay until a release that left out a certificate was rolled back.",
    "impact": "Every payment failed; about 400 orders a minute were lost.",
    "measured": "Failed payment requests in the access log of the checkout.",
    "whys": "Payments failed\nThe provider refused our handshake\nA certificate was missing\n"
    "The release builds its own list of certificates\nNothing compares that list with the provider's",
    "technical": "The list of certificates is built anew with each release",
    "process": "A release needs no test payment before it goes everywhere",
    "detection": "The alert came at once; nobody heard the first phone.",
    "response": "The first window passed in silence, and one checkpoint was missed.",
    "well": "The rollback took minutes\nCalls left while chat was away",
    "wrong": "The status page was acknowledged late",
}

END = "The incident is closed"
"""What a document says that was written to the end."""

WISH = {"text": "Improve monitoring"}
"""What is no action item yet."""


def items(resolved_at: datetime) -> tuple[dict[str, Any], dict[str, Any]]:
    """Two action items that lack nothing: one against its happening again, one to notice it sooner. The
    second is due before the review, and will not be done by then."""
    return (
        {
            "text": "Refuse a release whose test payment fails",
            "kind": "prevention",
            "owner": TEAM_LEAD,
            "due_at": day(resolved_at, 60),
            "priority": "P1",
            "done_when": "a release without the intermediate certificate is refused in CI",
            "verified_by": "a release built that way on purpose",
        },
        {
            "text": "Alert when fewer than 50 payments a minute succeed for 2 minutes",
            "kind": "detection",
            "owner": SECONDARY,
            "due_at": day(resolved_at, 20),
            "priority": "P2",
            "done_when": "the alert fires within 3 minutes in a drill",
            "verified_by": "the drill of the next quarter",
        },
    )


def day(resolved_at: datetime, number: float) -> str:
    """The moment of a day after the resolution, as the API takes it."""
    return (resolved_at + number * DAY).isoformat()


def write_configuration(organisation: Organisation, path: Path) -> Organisation:
    """The organisation with its waits compressed, as a file that everybody loads like any other."""
    quick = compressed(organisation, FACTOR, aftermath=AFTERMATH_FACTOR)
    path.write_text(yaml.safe_dump(quick.model_dump(mode="json"), sort_keys=False), encoding="utf-8")
    return quick


def alert(nonce: str, at: datetime) -> dict[str, Any]:
    """What Alertmanager posts when the checkout breaks. The nonce keeps one drill from joining another."""
    labels = {
        "alertname": f"CheckoutPaymentsFail-{nonce}",
        "service": "checkout",
        "severity": "critical",
        "drill": "true",
    }
    annotations = {
        "summary": "Payments fail at checkout",
        "impact": "Nobody can pay; about 400 orders a minute are lost.",
    }
    began = at.astimezone(UTC).isoformat()
    return {
        "version": "4",
        "groupKey": f"{{}}:{{alertname={labels['alertname']!r}}}",
        "truncatedAlerts": 0,
        "status": "firing",
        "receiver": "midwatch",
        "groupLabels": {"alertname": labels["alertname"]},
        "commonLabels": labels,
        "commonAnnotations": annotations,
        "externalURL": "http://alertmanager.example.com",
        "alerts": [
            {
                "status": "firing",
                "labels": labels,
                "annotations": annotations,
                "startsAt": began,
                "endsAt": "0001-01-01T00:00:00Z",
                "generatorURL": "http://prometheus.example.com/graph",
                "fingerprint": f"drill{nonce}",
            }
        ],
    }
