"""Everything together: what is started, what is started again, and that nothing is left behind."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

import settings
from stack import temporal
from stack.faults import StackFault
from stack.ports import free_port
from stack.stack import Stack
from stack.supervisor import supervise

UP = """
import sys
import settings
from stack.signals import Interrupted, run_until_signal
from stack.stack import Stack
from stack.supervisor import supervise
async def up():
    loaded = settings.load({"MIDWATCH_DATA_DIR": sys.argv[1]})
    async with Stack(loaded, search_attributes={}, parts={"temporal"}) as stack:
        print("up", flush=True)
        await supervise(stack, print)
print("on its way", flush=True)
try:
    run_until_signal(up())
except Interrupted as interrupted:
    print(interrupted, flush=True)
"""


def processes_of(data_dir: Path) -> list[str]:
    """The command lines of the living processes that name the directory, without the test's own parent."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = entry.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if str(data_dir) in command:
            found.append(command)
    return found


def until_nothing_runs_on(data_dir: Path, seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while left := processes_of(data_dir):
        assert time.monotonic() < deadline, left
        time.sleep(0.02)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_everything_in_order(tmp_path: Path, number: signal.Signals) -> None:
    with subprocess.Popen([sys.executable, "-c", UP, tmp_path], stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout
        assert program.stdout.readline() == "on its way\n"
        assert program.stdout.readline() == "up\n"
        assert len(processes_of(tmp_path)) == 2
        program.send_signal(number)
        assert program.wait(timeout=15) == 0
        assert program.stdout.read() == f"interrupted by {number.name}\n"
    assert processes_of(tmp_path) == []


@pytest.mark.parametrize(
    ("number", "after"),
    [
        (signal.SIGINT, 0.0),
        (signal.SIGINT, 0.2),
        (signal.SIGTERM, 0.1),
        (signal.SIGTERM, 0.4),
        (signal.SIGKILL, 0.2),
        (signal.SIGKILL, 0.4),
    ],
)
def test_interrupted_while_starting_it_leaves_no_process(
    tmp_path: Path, number: signal.Signals, after: float
) -> None:
    with subprocess.Popen([sys.executable, "-c", UP, tmp_path], stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout
        assert program.stdout.readline() == "on its way\n"
        # Not to wait for anything: each delay meets another moment of the start.
        time.sleep(after)
        program.send_signal(number)
        program.wait(timeout=15)
    until_nothing_runs_on(tmp_path)


async def test_what_dies_is_started_again_at_its_place_and_it_is_said(tmp_path: Path) -> None:
    loaded = settings.load({"MIDWATCH_DATA_DIR": str(tmp_path)})
    said: asyncio.Queue[str] = asyncio.Queue()
    async with Stack(loaded, search_attributes={}, parts={"temporal"}) as stack:
        watching = asyncio.create_task(supervise(stack, said.put_nowait))
        pid = stack.processes["temporal"].pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        async with asyncio.timeout(20):
            assert "temporal was killed by signal 9; starting it again" in await said.get()
            assert await said.get() == "temporal is back"
        await temporal.connect(stack.environment)
        watching.cancel()
        with pytest.raises(asyncio.CancelledError):
            await watching
    assert processes_of(tmp_path) == []


async def test_a_port_that_was_asked_for_does_not_move(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        for variable in ("MIDWATCH_API_PORT", "MIDWATCH_SIMULATOR_PORT"):
            loaded = settings.load({"MIDWATCH_DATA_DIR": str(tmp_path), variable: port})
            with pytest.raises(StackFault, match=f"{variable}: port {port} is in use"):
                async with Stack(loaded, search_attributes={}):
                    pass


async def test_a_usual_port_that_is_taken_moves_and_the_addresses_with_it(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        loaded = settings.load(
            {"MIDWATCH_DATA_DIR": str(tmp_path), "TEMPORAL_ADDRESS": f"127.0.0.1:{free_port()}"}
        ).model_copy(update={"api_port": port, "simulator_port": port})
        stack = Stack(loaded, search_attributes={}, parts={"api", "simulator"})
        stack.choose_ports()
        environment = stack.settings.environment()
        assert environment["MIDWATCH_API_PORT"] != str(port) != environment["MIDWATCH_SIMULATOR_PORT"]
        assert environment["MIDWATCH_PUBLIC_URL"].endswith(environment["MIDWATCH_API_PORT"])
        assert environment["TWILIO_API_URL"].endswith(environment["MIDWATCH_SIMULATOR_PORT"])


async def test_without_a_server_of_its_own_one_must_be_named(tmp_path: Path) -> None:
    loaded = settings.load({"MIDWATCH_DATA_DIR": str(tmp_path)})
    with pytest.raises(StackFault, match="TEMPORAL_ADDRESS"):
        async with Stack(loaded, search_attributes={}, parts={"worker"}):
            pass
