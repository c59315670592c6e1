"""The command line: faults before anything starts, and everything it starts."""

import os
import subprocess
import sys
from pathlib import Path

import httpx

import configuration
import settings
from cli import phones
from stack.stack import Stack

MIDWATCH = Path(sys.executable).with_name("midwatch")


def midwatch(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    env = {"PATH": os.environ["PATH"], **environ}
    return subprocess.run([MIDWATCH, *arguments], env=env, capture_output=True, text=True, check=False)


def test_the_shipped_example_is_valid(tmp_path: Path) -> None:
    done = midwatch("validate", MIDWATCH_DATA_DIR=str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert "no faults" in done.stdout


def test_every_fault_of_environment_and_configuration_is_printed_and_nothing_started(tmp_path: Path) -> None:
    config = tmp_path / "midwatch.yaml"
    config.write_text("pack: none-of-ours\npeople: 3\n")
    environ = {
        "MIDWATCH_DATA_DIR": str(tmp_path / "data"),
        "MIDWATCH_CONFIG": str(config),
        "MIDWATCH_API_PORT": "x",
    }
    done = midwatch("up", **environ)
    assert done.returncode == 2
    assert "MIDWATCH_API_PORT: " in done.stderr
    assert f"{config}:1: " in done.stderr
    assert not (tmp_path / "data" / "logs").exists()


def test_a_configuration_that_cannot_be_used_is_told_and_exits_with_one(tmp_path: Path) -> None:
    config = tmp_path / "midwatch.yaml"
    config.write_text("pack: none-of-ours\npeople: 3\n")
    done = midwatch("validate", str(config), MIDWATCH_DATA_DIR=str(tmp_path))
    assert done.returncode == 1
    assert "none-of-ours" in done.stdout


def test_a_stack_that_cannot_start_is_told_without_a_traceback(tmp_path: Path) -> None:
    done = midwatch("up", MIDWATCH_DATA_DIR=str(tmp_path), TEMPORAL_ADDRESS="127.0.0.1:1")
    assert done.returncode == 1
    assert "no Temporal server at 127.0.0.1:1" in done.stderr
    assert "Traceback" not in done.stderr


async def test_everybody_in_the_configuration_has_a_simulated_phone_also_after_a_crash(
    tmp_path: Path,
) -> None:
    loaded = settings.load({"MIDWATCH_DATA_DIR": str(tmp_path)})
    wanted = phones(configuration.load(loaded.config_path))
    assert wanted
    async with Stack(loaded, search_attributes={}, parts={"temporal", "simulator"}, phones=wanted) as stack:
        assert stack.simulator_url
        async with httpx.AsyncClient(base_url=stack.simulator_url) as client:
            for _ in range(2):
                shown = (await client.get("/control/phones")).json()
                assert wanted.items() <= {phone["number"]: phone["name"] for phone in shown}.items()
                await stack.kill("simulator")
                await stack.start("simulator")
