"""The story of the drill: a checkout outage that the primary sleeps through."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from domain.organisation import Organisation
from policy.tempo import compressed

FACTOR = 40
"""How much faster than the policy the drill is played: an ack window of 5 minutes takes 7.5 seconds."""

PRIMARY, SECONDARY, TEAM_LEAD = "alice", "ben", "chiara"

PHONES: dict[str, dict[str, Any]] = {
    PRIMARY: {"calls": {"kind": "no-answer"}, "messages": {"kind": "ignore"}},
    SECONDARY: {
        "calls": {"kind": "voicemail", "after": 0.8, "greeting": 0.7},
        "messages": {"kind": "reply", "after": 1.5, "text": "ACK {code}"},
    },
    TEAM_LEAD: {"calls": {"kind": "no-answer"}, "messages": {"kind": "ignore"}},
}
"""How the people of the story answer: not, by a machine and then by message, not."""

RESOLUTION = "Rolled back the 10:42 release; the payment provider accepts our certificate again."


def write_configuration(organisation: Organisation, path: Path) -> Organisation:
    """The organisation with its waits compressed, as a file that everybody loads like any other."""
    quick = compressed(organisation, FACTOR)
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
