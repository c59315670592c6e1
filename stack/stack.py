"""The whole of Midwatch as processes: Temporal, the simulator, the API and the worker."""

import asyncio
import contextlib
import fcntl
import hashlib
import sys
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Self
from urllib.parse import quote

import httpx

from settings import ROOT, Settings, inherited
from settings.caller import URL_FILE
from stack import temporal
from stack.faults import StackFault
from stack.ports import free_port, is_free
from stack.process import Process, answers_http

PARTS = frozenset({"temporal", "simulator", "api", "worker"})


class Stack:
    """Starts its parts on entry, each when what it needs is ready; stops them in reverse order on exit.

    However it is left (an error, a cancellation in the midst of starting), no process stays behind.

    Args:
        search_attributes: what the workflows put on the Temporal server's visibility, name to type.
        parts: which of `PARTS` to run. The simulator runs only if the settings give it a port, Temporal
            only if they name no server.
        phones: number to name; the simulator shows a phone for each, also before it is ever called.
        chatters: email address to name; each of them is in the simulated Slack.

    Attributes:
        settings: those given, with the ports as they were chosen in the end.
        environment: what every part is started with; also right for any other client of this stack.
        processes: by part, in the order in which they are started.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        search_attributes: Mapping[str, str],
        parts: Collection[str] = PARTS,
        phones: Mapping[str, str] | None = None,
        chatters: Mapping[str, str] | None = None,
    ) -> None:
        self.settings = settings
        self.environment: dict[str, str] = {}
        self.processes: dict[str, Process] = {}
        self.temporal_ui_url: str | None = None
        self._search_attributes = dict(search_attributes)
        self._parts = frozenset(parts)
        self._phones = dict(phones or {})
        self._chatters = dict(chatters or {})
        self._exit = contextlib.AsyncExitStack()

    @property
    def api_url(self) -> str:
        """Where this machine reaches the API."""
        return f"http://127.0.0.1:{self.settings.api_port}"

    @property
    def simulator_url(self) -> str | None:
        """Where the simulated phones are; None without them."""
        return self.settings.simulator_url

    @property
    def slack_page_url(self) -> str | None:
        """Where the simulated Slack can be looked at; None without it."""
        return f"{self.simulator_url}/slack" if self.settings.slack_simulated else None

    @property
    def temporal_address(self) -> str:
        """Host and port of the server in use, whether ours or a named one."""
        return self.environment["TEMPORAL_ADDRESS"]

    @property
    def temporal_namespace(self) -> str:
        """The namespace in which this stack's incidents live."""
        return self.environment.get("TEMPORAL_NAMESPACE", "default")

    async def __aenter__(self) -> Self:
        """Start.

        Raises:
            StackFault: another stack uses the data directory, a port that was asked for is taken, there is no
                usable Temporal server, or a part did not become ready.
        """
        async with contextlib.AsyncExitStack() as undo:
            undo.enter_context(locked(self.settings.data_dir))
            undo.push_async_callback(self._stop)
            self.choose_ports()
            (self.settings.data_dir / URL_FILE).write_text(f"{self.api_url}\n", encoding="utf-8")
            server = self._temporal_server()
            self.environment = self.settings.environment() | {"PYTHONUNBUFFERED": "1"}
            if server:
                self.processes["temporal"] = server.process
                self.temporal_ui_url = server.ui_url
            if "simulator" in self._parts and self.settings.simulator_url:
                self.processes["simulator"] = self._simulator(self.settings.simulator_url)
            await self._start_together("temporal", "simulator")
            await temporal.prepare(self.environment, self._search_attributes)
            if "api" in self._parts:
                self.processes["api"] = self._program("api", "-m", "api", probe_url=f"{self.api_url}/healthz")
            if "worker" in self._parts:
                self.processes["worker"] = self._program(
                    "worker", ROOT / "worker.py", ready_line="worker ready"
                )
            await self._start_together("api", "worker")
            self._exit = undo.pop_all()
        return self

    async def __aexit__(self, *_raised: object) -> None:
        await self._exit.aclose()

    async def start(self, part: str) -> None:
        """Start a part again after it ended, and wait until it is ready."""
        await self.processes[part].start()
        if part == "simulator":
            await self._register_people()

    async def stop(self, part: str) -> None:
        """End a part the polite way."""
        await self.processes[part].stop()

    async def kill(self, part: str) -> None:
        """End a part as a crash would."""
        await self.processes[part].kill()

    def choose_ports(self) -> None:
        """A usual port that is taken gives way to a free one; a port the operator named does not."""
        chosen: dict[str, int] = {}
        if "api" in self._parts:
            chosen["api_port"] = _port(
                self.settings.api_port, self.settings.api_port_fixed, "MIDWATCH_API_PORT"
            )
        if "simulator" in self._parts and self.settings.simulator_port:
            chosen["simulator_port"] = _port(
                self.settings.simulator_port, self.settings.simulator_port_fixed, "MIDWATCH_SIMULATOR_PORT"
            )
        self.settings = self.settings.model_copy(update=chosen)

    def _temporal_server(self) -> temporal.DevServer | None:
        """Our own server, unless one is named; everybody started from here on is pointed to it."""
        if self.settings.temporal_external:
            return None
        if "temporal" not in self._parts:
            raise StackFault("no Temporal server is named: set TEMPORAL_ADDRESS")
        server = temporal.dev_server(
            data_dir=self.settings.data_dir,
            env=inherited(),
            namespace=self.settings.temporal.get("TEMPORAL_NAMESPACE") or "default",
            search_attributes=self._search_attributes,
        )
        self.settings = self.settings.model_copy(update={"temporal": server.environment})
        return server

    def _simulator(self, url: str) -> Process:
        arguments = {
            "--port": str(self.settings.simulator_port),
            "--account-sid": self.settings.twilio_account_sid,
            "--auth-token": self.settings.twilio_auth_token.get_secret_value(),
            "--number": self.settings.twilio_from_number,
            "--sms-url": f"{self.settings.public_url}/callbacks/twilio/sms",
        }
        if self.settings.slack_simulated and self.settings.slack_bot_token:
            signing_secret = self.settings.slack_signing_secret
            arguments["--slack-token"] = self.settings.slack_bot_token.get_secret_value()
            arguments["--slack-signing-secret"] = signing_secret.get_secret_value() if signing_secret else ""
            arguments["--slack-url"] = f"{self.settings.public_url}/callbacks/slack"
        flat = [word for pair in arguments.items() for word in pair]
        return self._program("simulator", "-m", "simulator", *flat, probe_url=url)

    async def _register_people(self) -> None:
        """Give everybody a phone and, in the simulated Slack, a name."""
        phones = {
            f"/control/phones/{quote(number, safe='')}": {"name": name}
            for number, name in self._phones.items()
        }
        chatters = {
            f"/control/slack/users/{slack_id(email)}": {"name": name, "email": email}
            for email, name in self._chatters.items()
            if self.settings.slack_simulated
        }
        async with httpx.AsyncClient(base_url=self.simulator_url or "", trust_env=False) as client:
            for path, body in (phones | chatters).items():
                response = await client.put(path, json=body)
                if response.is_error:
                    raise StackFault(f"the simulator refused {path}: {response.status_code} {response.text}")

    def _program(
        self, part: str, *arguments: str | Path, probe_url: str | None = None, ready_line: str | None = None
    ) -> Process:
        return Process(
            part,
            [sys.executable, *arguments],
            env=self.environment,
            log_dir=self.settings.data_dir / "logs",
            probe=answers_http(probe_url) if probe_url else None,
            ready_line=ready_line,
        )

    async def _start_together(self, *parts: str) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                for part in parts:
                    if part in self.processes:
                        group.create_task(self.start(part))
        except ExceptionGroup as faults:
            # The first that failed is the reason; the others were only called off.
            raise faults.exceptions[0] from None

    async def _stop(self) -> None:
        """In reverse order of starting; called off half way, the rest is ended at once."""
        waiting = list(self.processes.values())
        try:
            while waiting:
                await waiting[-1].stop()
                waiting.pop()
        finally:
            for process in reversed(waiting):
                await process.kill()


def slack_id(email: str) -> str:
    """The id of this person in the simulated Slack: always the same."""
    return "U" + hashlib.sha256(email.lower().encode()).hexdigest()[:10].upper()


def _port(preferred: int, fixed: bool, variable: str) -> int:
    if not fixed:
        return free_port(preferred)
    if not is_free(preferred):
        raise StackFault(f"{variable}: port {preferred} is in use. Free it, or name another one.")
    return preferred


@contextlib.contextmanager
def locked(data_dir: Path) -> Iterator[None]:
    """The data directory for us alone: two Temporal servers on one database would spoil it.

    Raises:
        StackFault: somebody else has it.
    """
    with (data_dir / "stack.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StackFault(
                f"Midwatch is already running on {data_dir}. "
                "Stop it, or set MIDWATCH_DATA_DIR to another directory."
            ) from None
        yield
