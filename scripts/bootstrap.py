"""Makes `.venv` from nothing but a Python: `python3 scripts/bootstrap.py`.

Standard library only, and old syntax, so that an old Python gets as far as being told that it is too old.
Where packages come from is left to the user's own configuration of pip and uv.
"""

import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

UV = "0.13.9"
OLDEST = (3, 11)
ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
KEPT = ROOT / ".bootstrap"
UV_VENV = KEPT / "uv"
# Written last, so that an interrupted run is noticed by the next one and its half-made environment thrown
# away.
STAMP = KEPT / "synced"
UNFINISHED = "unfinished"


def main() -> None:
    """Bring `.venv` up to date; at once if it is."""
    if sys.version_info < OLDEST:
        sys.exit(too_old(sys.version_info[:2]))
    KEPT.mkdir(exist_ok=True)
    with open(str(KEPT / "lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if "--uv-only" in sys.argv[1:]:
            install_uv()
        elif not is_current():
            install_uv()
            sync()


def too_old(version: "tuple[int, ...]") -> str:
    """What to say to somebody whose Python is too old."""
    newer = [name for name in ("python3.14", "python3.13", "python3.12", "python3.11") if runs(name)]
    return (
        "Midwatch needs Python 3.11 or newer; {} is {}.{}.\nName a newer one: make PYTHON={} <target>".format(
            sys.executable, version[0], version[1], newer[0] if newer else "/path/to/python3.11"
        )
    )


def runs(python: str) -> bool:
    """Whether there is such a Python, and not only a version manager's note that there could be one."""
    if not shutil.which(python):
        return False
    return subprocess.call([python, "-c", ""], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0


def is_current() -> bool:
    """Whether the last run was completed, with the same Python and the same lock."""
    return (VENV / "bin" / "python").exists() and read_stamp() == digest()


def read_stamp() -> str:
    """What the last run wrote, empty before the first."""
    return STAMP.read_text() if STAMP.exists() else ""


def digest() -> str:
    """Of everything that decides what is in the environment."""
    found = hashlib.sha256(f"{UV} {sys.version}".encode())
    for name in ("pyproject.toml", "uv.lock"):
        found.update((ROOT / name).read_bytes())
    return found.hexdigest()


def install_uv() -> None:
    """The pinned uv in an environment of its own."""
    if installed_uv() == UV:
        return
    if importlib.util.find_spec("ensurepip") is None:
        install_venv_package()
    say(f"installing uv {UV} into {UV_VENV.relative_to(ROOT)}")
    run(sys.executable, "-m", "venv", "--clear", str(UV_VENV))
    run(str(UV_VENV / "bin" / "python"), "-m", "pip", "install", "--quiet", "uv==" + UV)


def installed_uv() -> str:
    """The version in the environment of its own, empty if there is none that works."""
    try:
        output = subprocess.check_output(
            [str(UV_VENV / "bin" / "uv"), "--version"], stderr=subprocess.DEVNULL
        )
    except (OSError, subprocess.CalledProcessError):
        return ""
    return output.decode().split()[1]


def install_venv_package() -> None:
    """Debian keeps a part of the standard library in a package of its own."""
    package = "python{}.{}-venv".format(*sys.version_info[:2])
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        sys.exit(
            f"{sys.executable} cannot make virtual environments: its ensurepip module is missing.\n"
            f"Install it (on Debian and Ubuntu: apt-get install {package}), then run make again."
        )
    say(f"installing {package} with apt-get")
    run("apt-get", "update", "-qq")
    run("apt-get", "install", "-y", "-qq", "--no-install-recommends", package)
    importlib.invalidate_caches()


def sync() -> None:
    """Install what the lock names, and mark it as complete."""
    if VENV.exists() and (read_stamp() == UNFINISHED or not (VENV / "bin" / "python").exists()):
        say("removing the unfinished " + VENV.name)
        shutil.rmtree(str(VENV))
    say("installing the locked dependencies into " + VENV.name)
    STAMP.write_text(UNFINISHED)
    uv = str(UV_VENV / "bin" / "uv")
    python = str(VENV / "bin" / "python")
    pip = pip_configuration()
    certificates = pip.get("cert") or os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE")
    if certificates:
        os.environ.setdefault("SSL_CERT_FILE", certificates)
    index = os.environ.get("UV_DEFAULT_INDEX") or os.environ.get("UV_INDEX_URL") or pip.get("index-url")
    if not index:
        run(uv, "sync", "--locked", "--quiet", "--python", sys.executable)
    else:
        # A lock names the index it was made with, and uv would call it stale for any other. The same
        # versions, held to the same hashes, come from the configured index this way.
        os.environ.setdefault("UV_DEFAULT_INDEX", index)
        listed = str(KEPT / "requirements.txt")
        run(uv, "export", "--frozen", "--quiet", "--no-emit-project", "--output-file", listed)
        run(uv, "venv", "--quiet", "--allow-existing", "--python", sys.executable, str(VENV))
        run(uv, "pip", "sync", "--quiet", "--require-hashes", "--python", python, listed)
        run(uv, "pip", "install", "--quiet", "--no-deps", "--python", python, "--editable", str(ROOT))
    STAMP.write_text(digest())


def pip_configuration() -> "dict[str, str]":
    """What pip was told by files or variables, by the option's name; uv does not read it by itself."""
    argv = [str(UV_VENV / "bin" / "python"), "-m", "pip", "config", "list"]
    options = {}
    for line in subprocess.check_output(argv).decode().splitlines():
        name, _, value = line.partition("=")
        options[name.rpartition(".")[2]] = value.strip("'\"")
    return options


def run(*argv: str) -> None:
    """Run one step in the project; a failed one ends the program with its command and its code."""
    env = dict(os.environ, UV_PROJECT_ENVIRONMENT=str(VENV), UV_PYTHON_DOWNLOADS="never")
    env.setdefault("DEBIAN_FRONTEND", "noninteractive")
    env.pop("VIRTUAL_ENV", None)
    try:
        subprocess.run(argv, cwd=str(ROOT), env=env, stdin=subprocess.DEVNULL, check=True)
    except (OSError, subprocess.CalledProcessError) as fault:
        reason = fault.strerror if isinstance(fault, OSError) else f"it ended with {fault.returncode}"
        sys.exit("bootstrap: `{}` failed: {}".format(" ".join(argv), reason))
    except KeyboardInterrupt:
        sys.exit("bootstrap: interrupted; the next run begins this step again")


def say(line: str) -> None:
    """One line for a step."""
    print("bootstrap: " + line, flush=True)


if __name__ == "__main__":
    main()
