"""The browser that tests look with: the one that `make test` finds or installs."""

from scripts.browser import find

QUIET = [
    # Chromium refuses to sandbox itself when root runs it, as in most containers.
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
]


def executable() -> str:
    """The browser's path."""
    path = find()
    assert path, "no Chromium was found; `make test` installs it or says what to install"
    return path
