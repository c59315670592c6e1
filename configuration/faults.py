"""What is wrong with a configuration, and where."""

from dataclasses import dataclass
from pathlib import Path

INVALID = "invalid-value"
"""The kind of fault that is a value which cannot be."""


@dataclass(frozen=True, order=True)
class Fault:
    """One fault that keeps a configuration from being used, at its line (counted from 1). `rule` is its kind,
    `mend` what to do, where the message does not say so itself."""

    file: Path
    line: int
    message: str
    rule: str = INVALID
    mend: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}" + (f"; {self.mend}" if self.mend else "")


class Faults(Exception):
    """A configuration that cannot be used, with everything that is wrong with it."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = sorted(set(faults))
        super().__init__("\n".join(str(fault) for fault in self.faults))
