"""What incidents can be searched by in Temporal. Registered at set-up: a missing one blocks the workflow."""

from typing import Any

from temporalio.common import (
    SearchAttributeKey,
    SearchAttributePair,
    SearchAttributeUpdate,
    TypedSearchAttributes,
)

from domain.base import Deadline
from domain.incident import IncidentState

SEVERITY = SearchAttributeKey.for_keyword("MidwatchSeverity")
STATUS = SearchAttributeKey.for_keyword("MidwatchStatus")
SERVICE = SearchAttributeKey.for_keyword("MidwatchService")
COMMANDER = SearchAttributeKey.for_keyword("MidwatchCommander")
REPLY_CODE = SearchAttributeKey.for_keyword("MidwatchReplyCode")
DRILL = SearchAttributeKey.for_bool("MidwatchDrill")
DEADLINE = SearchAttributeKey.for_datetime("MidwatchDeadline")

TYPES: dict[str, str] = {
    SEVERITY.name: "Keyword",
    STATUS.name: "Keyword",
    SERVICE.name: "Keyword",
    COMMANDER.name: "Keyword",
    REPLY_CODE.name: "Keyword",
    DRILL.name: "Bool",
    DEADLINE.name: "Datetime",
}
"""The type of each, as the server calls it."""


def at_start(state: IncidentState) -> TypedSearchAttributes:
    """The attributes an incident is started with, so that its first workflow task sets none."""
    return TypedSearchAttributes(
        [
            SearchAttributePair(SEVERITY, state.severity),
            SearchAttributePair(STATUS, state.status.value),
            SearchAttributePair(SERVICE, state.service),
            SearchAttributePair(REPLY_CODE, state.reply_code),
            SearchAttributePair(DRILL, state.drill),
        ]
    )


def changes(state: IncidentState, deadline: Deadline | None) -> tuple[SearchAttributeUpdate[Any], ...]:
    """The attributes that change during an incident's life, as they should be now."""
    return (
        SEVERITY.value_set(state.severity),
        STATUS.value_set(state.status.value),
        COMMANDER.value_set(state.commander.name) if state.commander else COMMANDER.value_unset(),
        DEADLINE.value_set(deadline.at) if deadline else DEADLINE.value_unset(),
    )
