"""What the API takes and gives, where that is not a domain object itself, and its examples."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from api.ingest.fields import Line, Text
from domain.incident import IncidentReport, Said
from domain.timeline import Entry


class DeclareIncident(BaseModel):
    """A person reports that something is broken. Fields we do not know are kept."""

    model_config = ConfigDict(extra="allow")

    title: Line = Field(description="what is wrong, in a few words")
    declared_by: Line = Field(description="a person of the configuration, or a name")
    service: Text | None = Field(None, description="absent: the default service")
    also: list[Text] = Field(default_factory=list, description="further services that are affected")
    severity: Text | None = Field(None, description="absent: unclassified, and treated as the pack says")
    impact: Text = Field("", description="who suffers, and how, in one sentence")
    key: Line | None = Field(None, description="an incident of this service and key that is open is joined")
    labels: dict[Text, Text] = Field(default_factory=dict)
    by_customer: bool = Field(False, description="customers report it: it starts one level up the ladder")
    data_loss: bool = Field(False, description="data may be lost: the worst severity, and everybody at once")
    drill: bool = False


class Declared(BaseModel):
    """The incident that was opened or joined. `report` is absent where nobody can tell it yet."""

    id: str | None
    report: IncidentReport | None


class Acknowledge(BaseModel):
    """Somebody takes the incident."""

    by: str = Field(description="a person of the configuration")


class EscalateIncident(BaseModel):
    """The next rung is to be paged now."""

    by: str = Field(description="a person of the configuration")
    reason: Text = Field("", max_length=1_000)


class ResolveIncident(BaseModel):
    """The harm is over."""

    by: str = Field(description="a person of the configuration")
    resolution: Line = Field(max_length=4_000, description="what ended it")
    cause: Text = Field("", max_length=2_000, description="the root cause in one sentence")
    fix_deployed: bool = Field(False, description="the fix is deployed, not only a mitigation")
    metrics_recovering: bool = False
    postmortem_owner: str | None = Field(None, description="who writes the postmortem, where one is owed")
    engineer_hours: float | None = Field(None, ge=0, le=10_000, description="work that went into it")
    recurs: bool = Field(False, description="the same cause as an earlier incident")


class CloseIncident(BaseModel):
    """Nothing more is to be done."""

    by: str = Field(description="a person of the configuration")


class Outcome(BaseModel):
    """What came of it, and the incident as it is now."""

    said: Said
    report: IncidentReport


class IncidentList(BaseModel):
    """One page, the latest first. `cursor` asks for the next page; absent on the last one."""

    incidents: list[IncidentReport]
    cursor: str | None = None


class TimelinePage(BaseModel):
    """Entries in their order. `next_after` asks for those that follow; absent where there are none yet.

    `complete` is false while the database or every worker is away: then entries may be missing.
    """

    entries: list[Entry]
    next_after: int | None = None
    complete: bool = True


DECLARE_SAMPLE: dict[str, Any] = {
    "title": "Checkout fails for most customers",
    "declared_by": "alice",
    "service": "checkout",
    "severity": "P0",
    "impact": "Two of three payments fail",
}

REPORT_SAMPLE: dict[str, Any] = IncidentReport.model_validate(
    {
        "id": "checkout.high-error-rate.k3f9a",
        "reply_code": "48213",
        "service": "checkout",
        "service_name": "Checkout",
        "title": "Checkout fails for most customers",
        "impact": "Two of three payments fail",
        "severity": "P0",
        "rank": 1,
        "drill": False,
        "status": "responding",
        "commander": {"id": "alice", "name": "Alice Moreau"},
        "opened_at": "2026-03-01T03:04:06Z",
        "acknowledged_at": "2026-03-01T03:05:12Z",
        "resolved_at": None,
        "closed_at": None,
        "resolution": "",
        "alerts_received": 1,
        "alerts_firing": 1,
        "first_started_at": "2026-03-01T03:04:05.678Z",
        "ladder": {
            "run": 1,
            "rung": "primary",
            "round": 1,
            "began_at": "2026-03-01T03:04:06Z",
            "ended_at": "2026-03-01T03:05:12Z",
            "ended_why": "acknowledged by Alice Moreau",
            "attempts": [],
        },
        "next_deadline": None,
        "faults": {},
        "document": None,
    }
).model_dump(mode="json")

OUTCOME_SAMPLE: dict[str, Any] = {
    "said": {"accepted": True, "text": "You have it. Nobody else is paged."},
    "report": REPORT_SAMPLE,
}

TIMELINE_SAMPLE: dict[str, Any] = {
    "entries": [
        {
            "sequence": 7,
            "at": "2026-03-01T03:05:12Z",
            "kind": "acknowledged",
            "text": "Alice Moreau acknowledged by phone key 1.",
            "person": "alice",
            "data": {"via": "phone key 1"},
        }
    ],
    "next_after": None,
    "complete": True,
}


ACT_SAMPLES: dict[str, dict[str, Any]] = {
    "severity": {"severity": "P0", "reason": "Every payment fails"},
    "impact": {"impact": "Two of three payments fail", "trend": "growing", "customer_impact": True},
    "role": {"role": "tech lead", "person": "ben"},
    "checkpoint": {
        "known": "The new certificate is refused",
        "next_step": "Roll back the release",
        "need_people": "",
        "status_page_current": True,
    },
    "hypothesis": {"text": "The certificate expired", "confidence": "medium"},
    "decision": {"text": "Roll back release 4.2", "reason": "It changed the certificate"},
    "announce": {"kind": "command", "text": "kubectl rollout undo deploy/checkout"},
    "mitigate": {"text": "Rolling back release 4.2"},
    "authorise": {"number": 1, "granted": True},
    "draft": {"audience": "public", "phase": "investigating"},
    "approve": {"number": 1},
    "publish": {"number": 1},
    "war-room": {"reason": "Two teams are needed"},
    "confirm": {"fix_deployed": True, "metrics_recovering": True, "postmortem_owner": "ben"},
}
"""What a request of each verb may say beside who says it."""


FOLLOW_UP_SAMPLES: dict[str, dict[str, Any]] = {
    "postmortem/owner": {"owner": "ben"},
    "postmortem/write": {"sections": {"summary": "Checkout failed for two hours."}, "submit": False},
    "postmortem/meeting": {"on": "2026-03-03T14:00:00Z", "minutes": 60, "attendees": ["ben", "chiara"]},
    "postmortem/begin-review": {},
    "postmortem/publish": {"final": True, "despite_remarks": False},
    "postmortem/move": {"step": "meeting", "to": "2026-03-04T14:00:00Z", "reason": "The owner is ill"},
    "actions": {
        "text": "Renew certificates by a job that runs each night",
        "kind": "prevention",
        "owner": "chiara",
        "due_at": "2026-03-20T16:00:00Z",
        "priority": "P1",
        "done_when": "no certificate is valid for less than 20 days",
        "verified_by": "a query of the certificate exporter",
    },
    "actions/{number}/settle": {"outcome": "done"},
    "actions/{number}/answer": {"text": "It runs since Monday"},
    "review/hold": {"notes": "Two of three are done"},
    "review/move": {"to": "2026-04-02T14:00:00Z", "reason": "Half the team is away"},
}
"""What a request about a postmortem or a review may say beside who says it."""


def example(value: Any, status: int = 200, description: str = "Done") -> dict[int | str, dict[str, Any]]:
    """An operation's main answer, for its description."""
    return {status: {"description": description, "content": {"application/json": {"example": value}}}}
