"""Finds the Chromium that the browser tests drive, or installs it: `python scripts/browser.py`."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome")


def find() -> "str | None":
    """The browser's executable: CHROMIUM if it is set, else the first of the usual names on PATH."""
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    return next((path for path in map(shutil.which, NAMES) if path), None)


def main() -> None:
    """Install the browser where there is none, or say what to install."""
    if find():
        return
    if os.environ.get("CHROMIUM"):
        sys.exit(
            "browser: CHROMIUM={} cannot be run. Correct it, or unset it.".format(os.environ["CHROMIUM"])
        )
    wanted = (
        "The browser tests need Chromium. Install it (on Debian: apt-get install chromium), "
        "or name a Chrome or Chromium by CHROMIUM=/path/to/it."
    )
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        sys.exit("browser: " + wanted)
    print("browser: installing chromium with apt-get", flush=True)
    env = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    try:
        for step in (
            ["update", "-qq"],
            ["install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-dejavu-core"],
        ):
            # What apt has to say comes on standard output only when it matters: it is shown if a step fails.
            subprocess.run(
                ["apt-get", *step],
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                check=True,
            )
    except subprocess.CalledProcessError as fault:
        sys.stderr.write(fault.output.decode(errors="replace"))
        sys.exit("browser: `{}` failed. {}".format(" ".join(fault.cmd), wanted))
    except KeyboardInterrupt:
        sys.exit("browser: interrupted")
    if not find():
        sys.exit("browser: apt-get installed no browser under a known name. " + wanted)


if __name__ == "__main__":
    main()
