"""What can be wrong with the environment."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One thing wrong with the environment."""

    variable: str
    wrong: str
    mend: str

    def __str__(self) -> str:
        return f"{self.variable}: {self.wrong}. {self.mend}"


class SettingsFault(Exception):
    """The environment cannot be used; `faults` holds every reason at once."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = tuple(faults)
