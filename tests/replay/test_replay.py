"""Incidents that an earlier release began are finished by this one: recorded histories replay."""

from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer

from tests.replay.record import HISTORIES, STORIES
from tests.sandbox import STRICT_SANDBOX
from workflows.incident import IncidentWorkflow
from workflows.postmortem import PostmortemWorkflow
from workflows.review import ActionItemReviewWorkflow


@pytest.mark.parametrize("path", sorted(HISTORIES.glob("*.json")), ids=lambda path: path.stem)
async def test_a_recorded_history_replays(path: Path) -> None:
    history = WorkflowHistory.from_json(f"incident/replay/{path.stem}", path.read_text(encoding="utf-8"))
    replayer = Replayer(
        workflows=[IncidentWorkflow, PostmortemWorkflow, ActionItemReviewWorkflow],
        workflow_runner=STRICT_SANDBOX,
        data_converter=pydantic_data_converter,
    )
    await replayer.replay_workflow(history)


def test_every_story_is_recorded() -> None:
    recorded = {path.stem.partition("-")[2] for path in HISTORIES.glob("*.json")}
    assert recorded >= {story.__name__ for story in STORIES}
