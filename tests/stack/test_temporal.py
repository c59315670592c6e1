"""The Temporal server: ours or a named one, always with what an incident needs."""

import asyncio
import sys
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.common import SearchAttributeKey, SearchAttributePair, TypedSearchAttributes

import settings
from settings import inherited
from stack import temporal
from stack.faults import StackFault, TemporalFault
from stack.ports import is_free
from stack.stack import Stack

ATTRIBUTES = {"MidwatchSeverity": "Keyword", "MidwatchDrill": "Bool", "MidwatchDeadline": "Datetime"}


def stack_on(data_dir: Path, **environ: str) -> Stack:
    loaded = settings.load({"MIDWATCH_DATA_DIR": str(data_dir), **environ})
    return Stack(loaded, search_attributes=ATTRIBUTES, parts={"temporal"})


async def registered(stack: Stack) -> dict[str, int]:
    client = await temporal.connect(stack.environment)
    answer = await client.operator_service.list_search_attributes(
        ListSearchAttributesRequest(namespace=client.namespace)
    )
    return dict(answer.custom_attributes)


@pytest.fixture(scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stack]:
    async with stack_on(tmp_path_factory.mktemp("temporal")) as stack:
        yield stack


async def test_our_own_server_knows_the_search_attributes(running: Stack) -> None:
    assert await registered(running) == {
        "MidwatchSeverity": IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
        "MidwatchDrill": IndexedValueType.INDEXED_VALUE_TYPE_BOOL,
        "MidwatchDeadline": IndexedValueType.INDEXED_VALUE_TYPE_DATETIME,
    }


async def test_a_second_server_takes_other_ports(running: Stack, tmp_path: Path) -> None:
    async with stack_on(tmp_path) as second:
        assert second.temporal_address != running.temporal_address
        assert second.temporal_ui_url != running.temporal_ui_url
        assert second.processes["temporal"].pid is not None
        assert running.processes["temporal"].pid is not None


async def test_started_again_on_its_data_it_still_has_the_workflows(tmp_path: Path) -> None:
    async with stack_on(tmp_path) as stack:
        client = await temporal.connect(stack.environment)
        await client.start_workflow("Incident", id="incident/1", task_queue="incidents")
    assert is_free(int(stack.temporal_address.rpartition(":")[2]))
    async with stack_on(tmp_path) as stack:
        assert set(await registered(stack)) == set(ATTRIBUTES)
        client = await temporal.connect(stack.environment)
        described = await client.get_workflow_handle("incident/1").describe()
        assert described.workflow_type == "Incident"


async def test_killed_and_started_again_it_is_at_the_same_address(tmp_path: Path) -> None:
    async with stack_on(tmp_path) as stack:
        client = await temporal.connect(stack.environment)
        await client.start_workflow("Incident", id="incident/1", task_queue="incidents")
        await stack.kill("temporal")
        await stack.start("temporal")
        await (await temporal.connect(stack.environment)).get_workflow_handle("incident/1").describe()


async def test_two_stacks_do_not_share_a_data_directory(running: Stack) -> None:
    with pytest.raises(StackFault, match="already running on"):
        async with stack_on(running.settings.data_dir):
            pass


async def test_a_named_server_gets_namespace_and_search_attributes(running: Stack, tmp_path: Path) -> None:
    named = stack_on(
        tmp_path,
        TEMPORAL_ADDRESS=running.temporal_address,
        TEMPORAL_NAMESPACE=f"night-{uuid.uuid4().hex[:8]}",
    )
    async with named as stack:
        assert stack.processes == {}
        assert stack.temporal_ui_url is None
        assert set(await registered(stack)) == set(ATTRIBUTES)
        client = await temporal.connect(stack.environment)
        severity = SearchAttributePair(SearchAttributeKey.for_keyword("MidwatchSeverity"), "SEV1")
        await client.start_workflow(
            "Incident",
            id="incident/1",
            task_queue="incidents",
            search_attributes=TypedSearchAttributes([severity]),
        )


async def test_a_deployment_prepares_its_server_by_one_command(running: Stack, tmp_path: Path) -> None:
    async def prepare(address: str) -> tuple[int | None, str]:
        environ = {
            **inherited(),
            "MIDWATCH_DATA_DIR": str(tmp_path),
            "TEMPORAL_ADDRESS": address,
            "TEMPORAL_NAMESPACE": "deployed",
        }
        program = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "stack.prepare", env=environ, stderr=asyncio.subprocess.PIPE
        )
        _, said = await program.communicate()
        return program.returncode, said.decode()

    assert await prepare(running.temporal_address) == (0, "")
    client = await temporal.connect({**running.environment, "TEMPORAL_NAMESPACE": "deployed"})
    await client.count_workflows("MidwatchReplyCode IS NULL")
    code, said = await prepare("127.0.0.1:1")
    assert code == 1
    assert "no Temporal server at 127.0.0.1:1" in said


async def test_an_attribute_of_another_type_is_told_and_not_overwritten(running: Stack) -> None:
    with pytest.raises(TemporalFault, match=r"MidwatchSeverity.*is no Bool"):
        await temporal.prepare(running.environment, {**ATTRIBUTES, "MidwatchSeverity": "Bool"})


async def test_a_named_server_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(StackFault, match=r"no Temporal server at 127\.0\.0\.1:1"):
        async with stack_on(tmp_path, TEMPORAL_ADDRESS="127.0.0.1:1"):
            pass


async def test_settings_for_another_server_do_not_reach_our_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile = tmp_path / "temporalio" / "temporal.toml"
    profile.parent.mkdir()
    profile.write_text('[profile.default]\napi_key = "of another"\n[profile.default.tls]\ndisabled = false\n')
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    async with stack_on(tmp_path, TEMPORAL_TLS="true", TEMPORAL_API_KEY="of another") as stack:
        client = await temporal.connect(stack.environment)
        assert client.service_client.config.api_key is None


def test_the_executable_on_path_goes_before_the_installed_one(tmp_path: Path) -> None:
    installed = Path(sys.executable).with_name("temporal")
    assert temporal.find_executable({"PATH": str(tmp_path)}) == installed
    own = tmp_path / "temporal"
    own.symlink_to(installed)
    assert temporal.find_executable({"PATH": str(tmp_path)}) == own


async def test_several_servers_may_start_at_the_same_moment(tmp_path: Path) -> None:
    servers = [
        temporal.dev_server(
            data_dir=tmp_path / str(number),
            env=inherited(),
            namespace="default",
            search_attributes=ATTRIBUTES,
        )
        for number in range(3)
    ]
    for number in range(3):
        (tmp_path / str(number)).mkdir()
    try:
        await asyncio.gather(*(server.process.start() for server in servers))
    finally:
        await asyncio.gather(*(server.process.kill() for server in servers))
