"""Decisions are pure: a clock or a coin in one of them is found, in the sandbox and by reading."""

import ast
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio.client import Client
from temporalio.worker import Worker

from tests.eventually import eventually
from tests.sandbox import STRICT_SANDBOX
from tests.workflows.clocked import ReadsAClock

ROOT = Path(__file__).resolve().parents[2]
IMPURE = {
    "now",
    "utcnow",
    "today",
    "monotonic",
    "time_ns",
    "uuid4",
    "random",
    "choice",
    "token_hex",
    "urandom",
}


async def test_a_clock_read_in_a_decision_fails_the_workflow_task(client: Client) -> None:
    async with Worker(client, task_queue="clock", workflows=[ReadsAClock], workflow_runner=STRICT_SANDBOX):
        handle = await client.start_workflow(
            ReadsAClock.run, id="reads-a-clock", task_queue="clock", run_timeout=timedelta(seconds=30)
        )

        async def failure() -> str | None:
            async for event in handle.fetch_history_events():
                if event.HasField("workflow_task_failed_event_attributes"):
                    return event.workflow_task_failed_event_attributes.failure.message
            return None

        assert "datetime.datetime.now" in str(await eventually(failure))
        await handle.terminate()


def test_decisions_are_loaded_anew_in_the_sandbox() -> None:
    passed_through = STRICT_SANDBOX.restrictions.passthrough_modules
    assert "domain" in passed_through
    assert not {"policy", "workflows"} & passed_through


DECISIONS = sorted((ROOT / "policy").rglob("*.py"))


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_decision_reads_a_clock_or_throws_a_coin(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    called = {node.func for node in ast.walk(tree) if isinstance(node, ast.Call)}
    names = {node.attr for node in called if isinstance(node, ast.Attribute)} | {
        node.id for node in called if isinstance(node, ast.Name)
    }
    assert not names & IMPURE
    imported = {
        alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names
    } | {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    # Without the module of that name, a call of `time` reads no clock: it is the time of a day.
    assert not {name.partition(".")[0] for name in imported} & {
        "random",
        "secrets",
        "time",
        "os",
        "temporalio",
        "httpx",
    }
