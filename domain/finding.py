"""What somebody would be sorry about at three in the morning, found while there is time (spec 2.2)."""

from typing import Literal

from domain.base import Thing

Level = Literal["error", "warning"]
"""An error keeps a page from reaching anybody; a warning makes the night worse."""

Place = tuple[str | int, ...]
"""Where a value stands in the configuration: `("people", "alice", "phone")`."""


class Finding(Thing):
    """One thing to mend.

    Attributes:
        rule: what kind of thing it is, always by the same name, such as `uncovered-hours`.
        place: the value that it is about, or the nearest thing around it that is there.
        message: what is wrong, with who and when.
        mend: what to do about it.
    """

    rule: str
    level: Level
    place: Place
    message: str
    mend: str
