"""The scripts behind make: clear words, nothing done twice, nothing left half done."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import bootstrap

SCRIPTS = Path(bootstrap.__file__).parent

# Stands in for uv: says its version, and on `sync` makes the environment.
UV = f"""#!/bin/sh
echo "$@" >> "$0.calls"
case "$1" in
  --version) echo "uv {bootstrap.UV}" ;;
  sync) mkdir -p .venv/bin && touch .venv/bin/python ;;
esac
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of its own with the script in it, and a uv that is already installed."""
    shutil.copytree(SCRIPTS, tmp_path / "scripts")
    for name in ("pyproject.toml", "uv.lock"):
        shutil.copy(SCRIPTS.parent / name, tmp_path)
    programs = tmp_path / ".bootstrap" / "uv" / "bin"
    programs.mkdir(parents=True)
    (programs / "uv").write_text(UV)
    (programs / "uv").chmod(0o755)
    (programs / "python").write_text(f'#!/bin/sh\nexec {sys.executable} -c ""\n')
    (programs / "python").chmod(0o755)
    return tmp_path


def run(script: Path, **env: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("UV_", "CHROMIUM"))}
    return subprocess.run(
        [sys.executable, script], env=clean | env, capture_output=True, text=True, check=False
    )


def bootstrap_in(project: Path) -> list[str]:
    done = run(project / "scripts" / "bootstrap.py")
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def calls(project: Path) -> list[str]:
    return (project / ".bootstrap" / "uv" / "bin" / "uv.calls").read_text().splitlines()


def test_an_old_python_is_told_how_to_name_a_newer_one() -> None:
    message = bootstrap.too_old((3, 9))
    assert "needs Python 3.11 or newer" in message
    assert "is 3.9" in message
    assert "make PYTHON=" in message


@pytest.mark.parametrize("script", ["bootstrap.py", "browser.py"])
def test_an_old_python_gets_as_far_as_the_message(script: str) -> None:
    ast.parse((SCRIPTS / script).read_text(), feature_version=(3, 7))


def test_the_second_run_does_nothing(project: Path) -> None:
    assert bootstrap_in(project) == ["bootstrap: installing the locked dependencies into .venv"]
    before = calls(project)
    assert any(call.startswith("sync --locked") for call in before)
    assert bootstrap_in(project) == []
    assert calls(project) == before


@pytest.mark.parametrize("changed", ["pyproject.toml", "uv.lock"])
def test_a_changed_lock_is_installed_again(project: Path, changed: str) -> None:
    bootstrap_in(project)
    with (project / changed).open("a") as file:
        file.write("\n# changed\n")
    assert bootstrap_in(project) == ["bootstrap: installing the locked dependencies into .venv"]


def test_a_run_that_was_interrupted_is_begun_afresh(project: Path) -> None:
    bootstrap_in(project)
    (project / ".bootstrap" / "synced").write_text(bootstrap.UNFINISHED)
    (project / ".venv" / "half").touch()
    assert bootstrap_in(project)[0] == "bootstrap: removing the unfinished .venv"
    assert not (project / ".venv" / "half").exists()
    assert bootstrap_in(project) == []


def test_a_named_browser_that_cannot_be_run_is_told() -> None:
    done = run(SCRIPTS / "browser.py", CHROMIUM="/no/such/browser")
    assert done.returncode == 1
    assert "CHROMIUM=/no/such/browser cannot be run" in done.stderr


def test_a_browser_that_is_there_is_left_alone() -> None:
    done = run(SCRIPTS / "browser.py", CHROMIUM=sys.executable)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_where_no_browser_can_be_installed_it_is_said_what_to_install(tmp_path: Path) -> None:
    done = run(SCRIPTS / "browser.py", PATH=str(tmp_path))
    assert done.returncode == 1
    assert "apt-get install chromium" in done.stderr
