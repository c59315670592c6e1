"""The example organisation, with either pack."""

import re
from pathlib import Path

from settings import EXAMPLE_CONFIG

PACKS = ("p", "sev")


def example_files(place: Path, pack: str) -> Path:
    """A copy of the example organisation's files that lives by this pack."""
    for file in EXAMPLE_CONFIG.glob("*.yaml"):
        text = file.read_text(encoding="utf-8")
        if pack == "sev":
            text = text.replace("pack: p\n", "pack: sev\n")
            text = re.sub(r"\bP([0-3])\b", lambda found: f"SEV{int(found[1]) + 1}", text)
        (place / file.name).write_text(text, encoding="utf-8")
    return place
