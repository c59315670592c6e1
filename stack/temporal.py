"""The Temporal server: the one that is named, or a development server of our own."""

import asyncio
import os
import shutil
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from google.protobuf.duration_pb2 import Duration
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest, RegisterNamespaceRequest
from temporalio.client import Client
from temporalio.envconfig import ClientConfig
from temporalio.service import RPCError, RPCStatusCode

from stack.faults import TemporalFault
from stack.ports import LOOPBACK, free_port
from stack.process import Process

DEFAULT_PORT = 7233
DEFAULT_UI_PORT = 8233
RETENTION_DAYS = 30

_PATIENCE_SECONDS = 15
_POLL_SECONDS = 0.1
# With the usual four partitions a queue's priorities hold only within each of them: an urgent call could wait
# behind an unimportant one.
_ONE_PARTITION = ("matching.numTaskqueueReadPartitions=1", "matching.numTaskqueueWritePartitions=1")


@dataclass(frozen=True)
class DevServer:
    """A development server of our own, not yet started.

    Attributes:
        environment: the TEMPORAL_* variables by which everybody else finds it.
    """

    process: Process
    ui_url: str
    environment: Mapping[str, str]


def find_executable(env: Mapping[str, str]) -> Path:
    """The `temporal` on PATH, else the one installed beside this Python.

    Raises:
        TemporalFault: there is neither.
    """
    on_path = shutil.which("temporal", path=env.get("PATH"))
    beside = Path(sys.executable).with_name("temporal")
    if on_path:
        return Path(on_path)
    if beside.exists():
        return beside
    raise TemporalFault(
        f"there is no `temporal` on PATH, nor beside {sys.executable}. "
        "Set TEMPORAL_ADDRESS, or install Temporal's command line."
    )


def dev_server(
    *,
    data_dir: Path,
    env: Mapping[str, str],
    namespace: str,
    search_attributes: Mapping[str, str],
) -> DevServer:
    """A development server on the usual ports, or on free ones if those are taken.

    It keeps its state in `data_dir`; a server started there again goes on with the same workflows. Its other
    ports (metrics, HTTP, the services among themselves) it chooses freely at each start.

    Args:
        search_attributes: name to type, in the words of the CLI (`Keyword`, `Bool`, `Datetime`).
    """
    port, ui_port = free_port(DEFAULT_PORT), free_port(DEFAULT_UI_PORT)
    address = f"{LOOPBACK}:{port}"
    # What the operator set for another server (a certificate, an API key, a profile) must not reach this one.
    environment = {
        "TEMPORAL_ADDRESS": address,
        "TEMPORAL_NAMESPACE": namespace,
        "TEMPORAL_CONFIG_FILE": os.devnull,
    }
    argv: list[str | Path] = [
        find_executable(env),
        *("server", "start-dev"),
        *("--ip", LOOPBACK),
        *("--port", str(port)),
        *("--ui-port", str(ui_port)),
        *("--namespace", namespace),
        *("--db-filename", data_dir / "temporal.db"),
        *("--log-level", "error"),
        # Its database would else copy pages aside before each commit, at half the speed. In a log written
        # ahead a commit is on the disk just as surely.
        *("--sqlite-pragma", "journal_mode=wal"),
        *("--sqlite-pragma", "synchronous=2"),
    ]
    for name, kind in search_attributes.items():
        argv += ["--search-attribute", f"{name}={kind}"]
    for setting in _ONE_PARTITION:
        argv += ["--dynamic-config-value", setting]

    async def answers() -> bool:
        try:
            await connect(environment)
        except RuntimeError:
            return False
        return True

    process = Process("temporal", argv, env=env, log_dir=data_dir / "logs", probe=answers)
    return DevServer(process, f"http://{LOOPBACK}:{ui_port}", environment)


async def connect(environment: Mapping[str, str]) -> Client:
    """A client for the server that these TEMPORAL_* variables name.

    Raises:
        RuntimeError: nobody answers there, or not as a Temporal server.
    """
    return await Client.connect(
        **ClientConfig.load_client_connect_config(override_env_vars=dict(environment)),
    )


async def prepare(environment: Mapping[str, str], search_attributes: Mapping[str, str]) -> None:
    """Make namespace and search attributes usable: what is missing is registered, then waited for.

    An incident whose search attributes are unknown to the server cannot even start, so anything short of all
    of them is a fault.

    Raises:
        TemporalFault: the server is not there, or does not let us register what it lacks.
    """
    try:
        client = await connect(environment)
    except RuntimeError as fault:
        raise TemporalFault(
            f"no Temporal server at {environment.get('TEMPORAL_ADDRESS')}: {fault}"
        ) from fault
    await _ensure_namespace(client)
    if not search_attributes:
        return
    # A server learns of a new namespace and of new attributes with a delay.
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        refusal = await _ensure_search_attributes(client, search_attributes)
        objection = await _is_usable(client, search_attributes)
        if objection is None:
            return
        if time.monotonic() > deadline:
            commands = "\n".join(
                f"  temporal operator search-attribute create --namespace {client.namespace}"
                f" --name {name} --type {kind}"
                for name, kind in search_attributes.items()
            )
            raise TemporalFault(
                f"namespace {client.namespace} lacks search attributes that cannot be registered from here: "
                f"{refusal or objection}. Create what is missing:\n{commands}"
            )
        await asyncio.sleep(_POLL_SECONDS)


async def _ensure_namespace(client: Client) -> None:
    try:
        await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace=client.namespace))
    except RPCError as fault:
        # Whoever may not look may still be allowed to work; if not, the next step says so.
        if fault.status is RPCStatusCode.NOT_FOUND:
            await _create_namespace(client)


async def _create_namespace(client: Client) -> None:
    try:
        await client.workflow_service.register_namespace(
            RegisterNamespaceRequest(
                namespace=client.namespace,
                workflow_execution_retention_period=Duration(seconds=RETENTION_DAYS * 86_400),
            )
        )
    except RPCError as fault:
        if fault.status is not RPCStatusCode.ALREADY_EXISTS:
            raise TemporalFault(
                f"the namespace {client.namespace} does not exist and cannot be created ({fault.message}). "
                f"Create it: temporal operator namespace create --namespace {client.namespace}"
            ) from fault


async def _ensure_search_attributes(client: Client, wanted: Mapping[str, str]) -> str | None:
    """Register what is missing; the reason if the server refuses (a managed one does, and may have all)."""
    try:
        present = await client.operator_service.list_search_attributes(
            ListSearchAttributesRequest(namespace=client.namespace)
        )
        for name, kind in _types(wanted).items():
            registered = present.custom_attributes.get(name)
            if registered is None:
                await _add_search_attribute(client, name, kind)
            elif registered != kind:
                raise TemporalFault(
                    f"the search attribute {name} of namespace {client.namespace} is no {wanted[name]}. "
                    "Remove it there, or use a namespace of its own (TEMPORAL_NAMESPACE)."
                )
    except RPCError as fault:
        return fault.message
    return None


async def _add_search_attribute(client: Client, name: str, kind: IndexedValueType.ValueType) -> None:
    try:
        await client.operator_service.add_search_attributes(
            AddSearchAttributesRequest(namespace=client.namespace, search_attributes={name: kind})
        )
    except RPCError as fault:
        # Another process may have been quicker.
        if fault.status is not RPCStatusCode.ALREADY_EXISTS:
            raise


async def _is_usable(client: Client, wanted: Mapping[str, str]) -> str | None:
    """None when the server accepts the attributes, else its objection."""
    try:
        await client.count_workflows(" AND ".join(f"{name} IS NULL" for name in wanted))
    except RPCError as fault:
        return fault.message
    return None


def _types(attributes: Mapping[str, str]) -> dict[str, IndexedValueType.ValueType]:
    return {
        name: IndexedValueType.Value(f"INDEXED_VALUE_TYPE_{kind.upper()}")
        for name, kind in attributes.items()
    }
