"""A child process that is ready when it says so, and never outlives its parent."""

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

import httpx

from stack.faults import ProcessFault

Probe = Callable[[], Awaitable[bool]]

_POLL_SECONDS = 0.05
_TAIL_LINES = 20

# Run by the child before it becomes its program: Linux shall kill it when its parent ends. It is a program of
# its own, and no `preexec_fn`, because Python code between fork and exec may hang where the parent has other
# threads. The parent may be gone before the first line; then nobody would ever send the signal.
_DIE_WITH_PARENT = """
import ctypes, os, signal, sys
PR_SET_PDEATHSIG = 1
ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL))
if os.getppid() != int(sys.argv[1]):
    sys.exit(1)
try:
    os.execvp(sys.argv[2], sys.argv[2:])
except OSError as fault:
    sys.exit(f"cannot run {sys.argv[2]}: {fault.strerror}")
"""


def answers_http(url: str) -> Probe:
    """A probe: GET `url` is answered with 200."""

    async def probe() -> bool:
        try:
            async with httpx.AsyncClient(trust_env=False) as client:
                return (await client.get(url, timeout=2)).status_code == httpx.codes.OK
        except httpx.TransportError:
            return False

    return probe


def accepts_tcp(host: str, port: int) -> Probe:
    """A probe: somebody accepts connections on `host:port`."""

    async def probe() -> bool:
        try:
            _, writer = await asyncio.open_connection(host, port)
        except OSError:
            return False
        writer.close()
        return True

    return probe


class Process:
    """One program under one name; may be started again after it ended.

    The child has a session of its own, so that Ctrl-C in a terminal reaches only the parent, which then stops
    the children in order. Should the parent be killed outright, Linux kills the child.

    Start children from a thread that lives as long as they should (the main one): Linux ties the child to the
    thread that made it, not to the process.

    Args:
        name: names the log, `<log_dir>/<name>.log`.
        ready_line: a line the program prints, on stdout, when it is ready.
        probe: must be true before the program counts as ready.
        ready_seconds: how long it may take to become ready.
    """

    def __init__(
        self,
        name: str,
        argv: Sequence[str | Path],
        *,
        env: Mapping[str, str],
        log_dir: Path,
        ready_line: str | None = None,
        probe: Probe | None = None,
        ready_seconds: float = 60,
    ) -> None:
        self.name = name
        self.log = log_dir / f"{name}.log"
        self._argv = [str(part) for part in argv]
        self._env = dict(env)
        self._ready_line = ready_line
        self._probe = probe
        self._ready_seconds = ready_seconds
        self._child: asyncio.subprocess.Process | None = None
        self._log_start = 0

    @property
    def pid(self) -> int | None:
        """The process id of the running child, None while there is none."""
        return self._child.pid if self._child and self._child.returncode is None else None

    @property
    def returncode(self) -> int | None:
        """How the last child ended (minus the signal's number, if by one); None while it runs."""
        return self._child.returncode if self._child else None

    async def start(self) -> None:
        """Start the program and wait until it is ready; a fault or a cancellation leaves no child behind.

        Raises:
            ProcessFault: it ended first, or the deadline passed, or it could not be run at all.
        """
        if self.pid is not None:
            raise ProcessFault(f"{self.name} is already running as process {self.pid}")
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self._log_start = log.tell()
            try:
                self._child = await asyncio.create_subprocess_exec(
                    *_tied_to_this_process(self._argv),
                    env=self._env,
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
            except OSError as fault:
                raise ProcessFault(f"{self.name} could not be run: {fault}") from fault
        try:
            await self._until_ready(self._child)
        except BaseException:
            await self.kill()
            raise

    async def wait(self) -> int:
        """Wait until the running child ends; its return code."""
        if self._child is None:
            raise ProcessFault(f"{self.name} was never started")
        return await self._child.wait()

    async def stop(self, grace_seconds: float = 10) -> None:
        """Ask the child to end, insist after `grace_seconds`. Nothing happens if it is not running."""
        self._signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(grace_seconds):
                await self._ended()
        except BaseException as stopped:
            await self.kill()
            if not isinstance(stopped, TimeoutError):
                raise

    async def kill(self) -> None:
        """End the child at once, without a chance to tidy up."""
        self._signal(signal.SIGKILL)
        await self._ended()

    def output(self) -> str:
        """What the program has written since it was last started."""
        try:
            with self.log.open("rb") as log:
                log.seek(self._log_start)
                return log.read().decode(errors="replace")
        except FileNotFoundError:
            return ""

    async def _until_ready(self, child: asyncio.subprocess.Process) -> None:
        deadline = time.monotonic() + self._ready_seconds
        while not await self._is_ready():
            if child.returncode is not None:
                raise ProcessFault(
                    self._with_tail(f"{self.name} ended with {child.returncode} while starting")
                )
            if time.monotonic() > deadline:
                raise ProcessFault(
                    self._with_tail(f"{self.name} was not ready after {self._ready_seconds:g} s")
                )
            await asyncio.sleep(_POLL_SECONDS)
        if child.returncode is not None:
            # Somebody else answered the probe: our child found its port taken and gave up.
            raise ProcessFault(self._with_tail(f"{self.name} ended with {child.returncode} while starting"))

    async def _is_ready(self) -> bool:
        if self._ready_line is not None and self._ready_line not in self.output().splitlines():
            return False
        return self._probe is None or await self._probe()

    def _with_tail(self, message: str) -> str:
        tail = "\n".join(f"  {line}" for line in self.output().splitlines()[-_TAIL_LINES:])
        return f"{message}. Its log, {self.log}, ends:\n{tail or '  (nothing)'}"

    def _signal(self, number: signal.Signals) -> None:
        if self._child and self._child.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._child.send_signal(number)

    async def _ended(self) -> None:
        if self._child:
            await self._child.wait()


def _tied_to_this_process(argv: list[str]) -> list[str]:
    if sys.platform != "linux":
        return argv
    return [sys.executable, "-I", "-S", "-c", _DIE_WITH_PARENT, str(os.getpid()), *argv]
