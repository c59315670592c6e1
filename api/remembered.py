"""What Temporal itself remembers of an incident: what it was started with, and what it can be searched
by. It is told without a worker and without a database."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from temporalio.client import WorkflowExecution, WorkflowExecutionStatus

from domain.ids import IncidentId
from domain.incident import IncidentReport, Status
from domain.organisation import Organisation
from domain.people import PersonRef
from workflows import search_attributes


def incident_id_of(memo: Mapping[str, Any]) -> str | None:
    """The incident that a memo is of, if it is one of ours."""
    found = memo.get("incident_id")
    return found if isinstance(found, str) else None


def remembered(
    execution: WorkflowExecution, memo: Mapping[str, Any], organisation: Organisation
) -> IncidentReport:
    """A report with all that Temporal can tell: no ladder, no alerts, no deadline."""
    attributes = execution.typed_search_attributes
    service = IncidentId.parse(memo["incident_id"]).service
    severity = attributes.get(search_attributes.SEVERITY) or memo["severity"]
    entry = organisation.services.get(service)
    grade = organisation.severities.get(severity)
    commander = attributes.get(search_attributes.COMMANDER)
    running = execution.status is WorkflowExecutionStatus.RUNNING
    status = Status(attributes.get(search_attributes.STATUS) or Status.DETECTED)
    return IncidentReport(
        id=memo["incident_id"],
        reply_code=memo["reply_code"],
        service=service,
        service_name=entry.name if entry else service,
        title=memo["title"],
        impact=memo["impact"],
        severity=severity,
        rank=grade.rank if grade else 1,
        drill=memo["drill"],
        status=status if running else Status.CLOSED,
        commander=PersonRef(id="", name=commander) if commander else None,
        opened_at=datetime.fromisoformat(memo["opened_at"]),
        acknowledged_at=None,
        resolved_at=None,
        closed_at=None if running else execution.close_time,
        resolution="",
        alerts_received=0,
        alerts_firing=0,
        first_started_at=None,
        ladder=None,
        next_deadline=None,
        faults={},
        document=None,
    )
