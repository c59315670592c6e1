"""A child process: ready, stopped, dead, and never left behind."""

import asyncio
import os
import signal
import sys
import time
from pathlib import Path

import pytest

from stack.faults import ProcessFault
from stack.ports import free_port
from stack.process import Process, accepts_tcp, answers_http

SLEEPER = "import time; print('ready', flush=True); time.sleep(600)"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {SLEEPER}"


def python(tmp_path: Path, code: str, *, ready_line: str | None = "ready", seconds: float = 10) -> Process:
    return Process(
        "child",
        [sys.executable, "-c", code],
        env={},
        log_dir=tmp_path,
        ready_line=ready_line,
        ready_seconds=seconds,
    )


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


def gone_within(pid: int, seconds: float = 5) -> bool:
    deadline = time.monotonic() + seconds
    while is_alive(pid):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


async def test_it_is_ready_when_it_says_so_and_gone_when_stopped(tmp_path: Path) -> None:
    process = python(tmp_path, SLEEPER)
    await process.start()
    pid = process.pid
    assert pid is not None
    assert is_alive(pid)
    await process.stop()
    assert process.pid is None
    assert process.returncode == -signal.SIGTERM
    assert not is_alive(pid)


async def test_one_that_dies_while_starting_is_told_with_the_end_of_its_log(tmp_path: Path) -> None:
    process = python(tmp_path, "raise SystemExit('the port is taken')")
    with pytest.raises(ProcessFault, match=r"child ended with 1(.|\n)*the port is taken"):
        await process.start()


async def test_one_that_is_never_ready_is_told_and_ended(tmp_path: Path) -> None:
    process = python(
        tmp_path, "import time; print('still thinking', flush=True); time.sleep(600)", seconds=0.5
    )
    with pytest.raises(ProcessFault, match=r"not ready after 0.5 s(.|\n)*still thinking"):
        await process.start()
    assert process.pid is None
    assert process.returncode == -signal.SIGKILL


async def test_a_program_that_does_not_exist_is_a_fault(tmp_path: Path) -> None:
    process = Process("child", ["/no/such/program"], env={}, log_dir=tmp_path, ready_line="ready")
    with pytest.raises(ProcessFault, match="No such file"):
        await process.start()


async def test_the_ready_line_of_an_earlier_start_does_not_count(tmp_path: Path) -> None:
    process = python(
        tmp_path, f"import os, sys\nif os.path.exists('{tmp_path}/once'): sys.exit(3)\n{SLEEPER}"
    )
    await process.start()
    await process.kill()
    (tmp_path / "once").touch()
    with pytest.raises(ProcessFault, match="ended with 3"):
        await process.start()


async def test_it_may_be_started_again_after_a_kill(tmp_path: Path) -> None:
    process = python(tmp_path, SLEEPER)
    await process.start()
    first = process.pid
    with pytest.raises(ProcessFault, match="already running"):
        await process.start()
    await process.kill()
    assert process.returncode == -signal.SIGKILL
    await process.start()
    assert process.pid not in (None, first)
    await process.stop()


async def test_one_that_ignores_the_request_is_ended_after_the_grace(tmp_path: Path) -> None:
    process = python(tmp_path, STUBBORN)
    await process.start()
    await process.stop(grace_seconds=0.2)
    assert process.returncode == -signal.SIGKILL


async def test_called_off_while_starting_it_leaves_no_child(tmp_path: Path) -> None:
    process = python(tmp_path, "import os, time; print(os.getpid(), flush=True); time.sleep(600)")
    starting = asyncio.create_task(process.start())
    async with asyncio.timeout(10):
        while not process.output().strip():
            await asyncio.sleep(0.01)
    pid = int(process.output())
    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting
    assert not is_alive(pid)


@pytest.mark.parametrize("probed", ["http", "tcp"])
async def test_a_server_is_ready_when_it_answers(tmp_path: Path, probed: str) -> None:
    port = free_port()
    process = Process(
        "server",
        [sys.executable, "-m", "http.server", "--bind", "127.0.0.1", "--directory", tmp_path, str(port)],
        env={},
        log_dir=tmp_path,
        probe=answers_http(f"http://127.0.0.1:{port}/")
        if probed == "http"
        else accepts_tcp("127.0.0.1", port),
    )
    await process.start()
    try:
        assert await accepts_tcp("127.0.0.1", port)()
    finally:
        await process.stop()
    assert not await accepts_tcp("127.0.0.1", port)()


async def test_no_child_outlives_a_parent_that_is_killed(tmp_path: Path) -> None:
    parent_code = f"""
import asyncio, sys
from pathlib import Path
from stack.process import Process
async def main():
    argv = [sys.executable, "-c", {SLEEPER!r}]
    child = Process("grandchild", argv, env={{}}, log_dir=Path({str(tmp_path)!r}), ready_line="ready")
    await child.start()
    print(child.pid, flush=True)
    print("ready", flush=True)
    await asyncio.sleep(600)
asyncio.run(main())
"""
    parent = python(tmp_path, parent_code)
    await parent.start()
    grandchild = int(parent.output().split()[0])
    assert is_alive(grandchild)
    await parent.kill()
    assert await asyncio.to_thread(gone_within, grandchild)
